from .folder import folder_recordings as folder_recordings
from .local import events_folder as events_folder
from .mnist_dvs import mnist_dvs_aedat as mnist_dvs_aedat
from .nmnist import nmnist_full as nmnist_full
