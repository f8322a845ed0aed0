from .archive import load_recordings as load_recordings, save_recordings as save_recordings
from .frames import bin_recordings as bin_recordings, denoised as denoised
from .identity import Identity as Identity
from .load import (
    BinnedSplit as BinnedSplit,
    load_binned as load_binned,
    load_dataset as load_dataset,
    split_dataset as split_dataset,
)
from .recordings import Recordings as Recordings
from .split import Split as Split, split_recordings as split_recordings
