from .aedat import read_aedat4 as read_aedat4, read_dvs128 as read_dvs128
from .bin import read_bin as read_bin, read_nmnist as read_nmnist, to_bin as to_bin
from .npy import read_npy as read_npy, read_npz as read_npz
from .reader import check_suffix as check_suffix, read_recording as read_recording, stated_side as stated_side
