"""What the rest of the program must know of a data set without opening it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spikecast.errors import InputError, resolve_name

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
        sensor_size: side of the square sensor in pixels; None: as large as its events ask for.
        source: where it comes from, with its citation.
        license: under which terms.
        denoised: whether isolated events are dropped before binning.
        crop: side in pixels of the centered square that is kept of the sensor before binning; None: all of it.
        files: where its files must lie below $SPIKECAST_EVENTS; None: it comes with spikecast.
        how_to_get: where those files are to be had.
        train_evaluates: whether a fifth of its training part evaluates beside its test part, as in the rows that ship.
    """

    name: str
    classes: int
    sensor_size: int | None
    source: str
    license: str
    denoised: bool = False
    crop: int | None = None
    files: str | None = None
    how_to_get: str | None = None
    train_evaluates: bool = False

    @property
    def side(self) -> int:
        """Side of the square sensor in pixels, of a data set whose sensor is known beforehand."""
        assert self.sensor_size is not None, f"the sensor of {self.name} is as large as its events ask for"
        return self.sensor_size


_NMNIST = "N-MNIST: Orchard, Jayawant, Cohen, Thakor, Frontiers in Neuroscience 9:437, 2015"
_MNIST_DVS = "MNIST-DVS: Serrano-Gotarredona, Linares-Barranco, Frontiers in Neuroscience 9:481, 2015"

DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "nmnist",
            classes=10,
            sensor_size=34,
            source=f"{_NMNIST}; 1,100 of its recordings",
            license="CC BY-SA 4.0",
            train_evaluates=True,
        ),
        Dataset(
            "digits-saccade",
            classes=10,
            sensor_size=34,
            source="simulated from the 1,797 digits of scikit-learn: Alpaydin, Kaynak, UCI repository, 1998",
            license="digits CC BY 4.0, shipped by scikit-learn under BSD-3-Clause; events computed by spikecast",
            train_evaluates=True,
        ),
        Dataset(
            "nmnist-full",
            classes=10,
            sensor_size=34,
            source=_NMNIST,
            license="CC BY-SA 4.0",
            files="NMNIST/Train/<digit>/*.bin and NMNIST/Test/<digit>/*.bin",
            how_to_get="unpack Train.zip and Test.zip of data.mendeley.com/datasets/468j46mzdv",
        ),
        *(
            Dataset(
                name,
                classes=10,
                sensor_size=128,
                source=f"{_MNIST_DVS}; digits of scale {scale}",
                license="none stated",
                denoised=True,
                crop=crop,
                train_evaluates=True,
                files=f"mnist-dvs/grabbed_data<digit>/scale{scale}/mnist_<digit>_scale{scale:02}_<number>.aedat{or_else}",
                how_to_get="unpack the ten grabbed_data<digit>.zip of www2.imse-cnm.csic.es/caviar/MNISTDVS.html",
            )
            # Digits of scale 16 fill the sensor; the others are a half and a quarter of their size, in its middle.
            for name, scale, crop, or_else in (
                ("mnist-dvs", 16, None, " or mnist-dvs/*.npz with arrays x y t p offsets labels split"),
                ("mnist-dvs-scale8", 8, 64, ""),
                ("mnist-dvs-scale4", 4, 32, ""),
            )
        ),
        Dataset(
            "dvs128-gesture",
            classes=11,
            sensor_size=128,
            source="DVS128 Gesture: Amir et al., Computer Vision and Pattern Recognition, 2017",
            license="CC BY 4.0",
            denoised=True,
            files="DVSGesture/ibmGestureTrain/<user>/<class>.npy and DVSGesture/ibmGestureTest/<user>/<class>.npy",
            how_to_get="unpack figshare.com/ndownloader/files/38022171 and 38020584",
        ),
        Dataset(
            "cifar10-dvs",
            classes=10,
            sensor_size=128,
            source="CIFAR10-DVS: Li et al., Frontiers in Neuroscience 11:309, 2017",
            license="CC BY 4.0",
            denoised=True,
            files="CIFAR10DVS/<class>/*.aedat4",
            how_to_get="unpack figshare.com/ndownloader/files/38023437; reading it needs tonic and aedat",
        ),
    )
}

#: What a data set is called that is a folder of recordings: ``folder:ncars:2`` is ncars below $SPIKECAST_EVENTS.
FOLDER_FORM = "folder:NAME:CLASSES"
_FOLDER_NAME = re.compile(r"folder:([a-z0-9][a-z0-9._-]*):([0-9]{1,3})", re.IGNORECASE | re.ASCII)
#: As many classes as a label, one byte, can tell apart.
_MOST_CLASSES = 256


def dataset_of(name: str) -> Dataset:
    """The data set called ``name``: one of DATASETS, in any case, or of FOLDER_FORM.

    A folder is known by its name and number of classes alone, so this opens no file.

    Raises:
        InputError: the name is unknown; the message lists the nearest, then all.
    """
    if name.lower().startswith("folder:"):
        return _folder_dataset(name)
    return DATASETS[resolve_name("dataset", name, [*DATASETS, FOLDER_FORM])]


def _folder_dataset(name: str) -> Dataset:
    match = _FOLDER_NAME.fullmatch(name)
    if match is None or not 2 <= int(match[2]) <= _MOST_CLASSES:
        raise InputError(
            f"dataset {name!r} is not allowed: write {FOLDER_FORM}, NAME a folder below ${EVENTS_VARIABLE} made of "
            f"letters, digits, '.', '_' and '-', CLASSES 2 to {_MOST_CLASSES}"
        )
    folder, classes = match[1], int(match[2])
    return Dataset(
        f"folder:{folder}:{classes}",
        classes=classes,
        sensor_size=None,
        source=f"recordings in the folder {folder}",
        license="that of the recordings",
        files=f"{folder}/Train/<class>/<file> and perhaps {folder}/Test/<class>/<file>",
        how_to_get="recordings of your own, one file each",
    )
