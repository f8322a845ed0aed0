"""Event recordings: read, packed, split and binned into spike frames."""

from spikecast.events.archive import load_recordings, save_recordings
from spikecast.events.binning import bin_recordings
from spikecast.events.denoise import denoised
from spikecast.events.load import BinnedSplit, load_binned, load_dataset
from spikecast.events.recordings import Recordings
from spikecast.events.split import Split, split_recordings

__all__ = [
    "BinnedSplit",
    "Recordings",
    "Split",
    "bin_recordings",
    "denoised",
    "load_binned",
    "load_dataset",
    "load_recordings",
    "save_recordings",
    "split_recordings",
]
