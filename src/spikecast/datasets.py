"""What the rest of the program must know of a data set without opening it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dataset:
    """An event data set: its name, number of classes and sensor side in pixels."""

    name: str
    classes: int
    sensor_size: int


#: Polarities of an event camera: every recording is binned into this many channels.
POLARITIES = 2

DATASETS = {dataset.name: dataset for dataset in (Dataset("nmnist", classes=10, sensor_size=34),)}
