from .archive import load_recordings as load_recordings, save_recordings as save_recordings
from .frames import bin_recordings as bin_recordings, denoised as denoised
from .load import (
    BinnedSplit as BinnedSplit,
    Split as Split,
    load_binned as load_binned,
    load_dataset as load_dataset,
    split_recordings as split_recordings,
)
from .recordings import Recordings as Recordings
