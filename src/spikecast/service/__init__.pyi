from .app import create_app as create_app
from .settings import Settings as Settings
from .structured_log import log_to_stderr as log_to_stderr
