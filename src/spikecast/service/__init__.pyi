from .app import create_app as create_app
from .connection import Connection as Connection
from .monitoring import log_to_stderr as log_to_stderr
from .running import Settings as Settings
