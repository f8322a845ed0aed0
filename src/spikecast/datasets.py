"""What the rest of the program must know of a data set without opening it."""

from __future__ import annotations

from dataclasses import dataclass

#: Polarities of an event camera: every recording is binned into this many channels.
POLARITIES = 2

#: The environment variable that names the folder where data sets lie that do not come with spikecast.
EVENTS_VARIABLE = "SPIKECAST_EVENTS"


@dataclass(frozen=True)
class Dataset:
    """An event data set.

    Attributes:
        name: what training choices call it.
        classes: number of classes.
        sensor_size: side of the square sensor in pixels.
        source: where it comes from, with its citation.
        licence: under which terms.
        simulated: whether its events are computed instead of recorded.
        denoised: whether isolated events are dropped before binning.
        files: where its files must lie below $SPIKECAST_EVENTS; None: it comes with spikecast.
        how_to_get: where those files are to be had.
    """

    name: str
    classes: int
    sensor_size: int
    source: str
    licence: str
    simulated: bool = False
    denoised: bool = False
    files: str | None = None
    how_to_get: str | None = None


_NMNIST = "N-MNIST: Orchard, Jayawant, Cohen, Thakor, Frontiers in Neuroscience 9:437, 2015"

DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "nmnist",
            classes=10,
            sensor_size=34,
            source=f"{_NMNIST}; 1,100 of its recordings",
            licence="CC BY-SA 4.0",
        ),
        Dataset(
            "digits-saccade",
            classes=10,
            sensor_size=34,
            source="simulated from the 1,797 digits of scikit-learn: Alpaydin, Kaynak, UCI repository, 1998",
            licence="digits CC BY 4.0, shipped by scikit-learn under BSD-3-Clause; events computed by spikecast",
            simulated=True,
        ),
        Dataset(
            "nmnist-full",
            classes=10,
            sensor_size=34,
            source=_NMNIST,
            licence="CC BY-SA 4.0",
            files="NMNIST/Train/<digit>/*.bin and NMNIST/Test/<digit>/*.bin",
            how_to_get="unpack Train.zip and Test.zip of data.mendeley.com/datasets/468j46mzdv",
        ),
        Dataset(
            "mnist-dvs",
            classes=10,
            sensor_size=128,
            source="MNIST-DVS: Serrano-Gotarredona, Linares-Barranco, Frontiers in Neuroscience 9:481, 2015",
            licence="none stated",
            denoised=True,
            files="mnist-dvs/*.npz with arrays x y t p offsets labels split",
            how_to_get="convert the aedat files of www2.imse-cnm.csic.es/caviar/MNISTDVS.html",
        ),
        Dataset(
            "dvs128-gesture",
            classes=11,
            sensor_size=128,
            source="DVS128 Gesture: Amir et al., Computer Vision and Pattern Recognition, 2017",
            licence="CC BY 4.0",
            denoised=True,
            files="DVSGesture/ibmGestureTrain/<user>/<class>.npy and DVSGesture/ibmGestureTest/<user>/<class>.npy",
            how_to_get="unpack figshare.com/ndownloader/files/38022171 and 38020584",
        ),
        Dataset(
            "cifar10-dvs",
            classes=10,
            sensor_size=128,
            source="CIFAR10-DVS: Li et al., Frontiers in Neuroscience 11:309, 2017",
            licence="CC BY 4.0",
            denoised=True,
            files="CIFAR10DVS/<class>/*.aedat4",
            how_to_get="unpack figshare.com/ndownloader/files/38023437; reading it needs tonic and aedat",
        ),
    )
}
