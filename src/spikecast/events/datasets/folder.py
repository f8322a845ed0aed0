"""A folder of recordings as a data set: ``NAME/Train/<class>/<file>``, and perhaps ``NAME/Test/<class>/<file>``.

Nothing says how large the sensor was, so the frame is the smallest square, from the pixel (0, 0) on, that holds every
event of the data set.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from spikecast.datasets import Dataset
from spikecast.errors import InputError
from spikecast.events.datasets.local import local_files
from spikecast.events.formats.reader import check_suffix, read_recording
from spikecast.events.recordings import RecordingFiles

#: As many pixels as two bytes can count.
_LARGEST_SIDE = 2**16


def folder_recordings(dataset: Dataset, folder: Path | None) -> RecordingFiles:
    """Every recording of a data set of FOLDER_FORM below ``folder``; reads each once, to find the frame.

    Classes are the names of the sub-folders of both parts, sorted as text. Names that begin with a dot are left out.

    Raises:
        InputError: there are none, there are more or fewer classes than its name says, or a file is no recording.
    """
    name = dataset.name.split(":")[1]
    paths = local_files(dataset, folder, *(f"{name}/{part}/[!.]*/[!.]*" for part in ("Train", "Test")))
    for path in paths:
        check_suffix(path)
    classes = sorted({path.parent.name for path in paths})
    if len(classes) != dataset.classes:
        raise InputError(
            f"{paths[0].parents[2]} has recordings of {len(classes)} classes ({_listed(classes)}), "
            f"not of {dataset.classes}: correct the folders, or the number in {dataset.name}"
        )
    side = max(_extent(path) for path in paths)
    return RecordingFiles(
        paths=paths,
        read=partial(read_recording, sensor_size=side),
        labels=np.array([classes.index(path.parent.name) for path in paths], dtype=np.uint8),
        names=np.array(["/".join(path.parts[-3:]) for path in paths]),
        official_test=np.array([path.parts[-3] == "Test" for path in paths]),
        sensor_size=side,
        classes=tuple(classes),
    )


def _extent(path: Path) -> int:
    """Side of the smallest square from the pixel (0, 0) that holds the recording."""
    events = read_recording(path, _LARGEST_SIDE)
    return 1 + int(max(events.x.max(), events.y.max()))


def _listed(classes: list[str]) -> str:
    return ", ".join(classes[:5]) + (", ..." if len(classes) > 5 else "")
