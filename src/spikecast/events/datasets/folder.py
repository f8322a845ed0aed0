"""A folder of recordings as a data set: ``NAME/Train/<class>/<file>``, and perhaps ``NAME/Test/<class>/<file>``.

What files do not say can stand in ``NAME/dataset.yaml``: the size of the sensor, and which recordings belong together.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from spikecast._util.yaml_file import load_yaml
from spikecast.datasets import Dataset
from spikecast.errors import InputError
from spikecast.events.datasets.local import local_files
from spikecast.events.formats.reader import check_suffix, read_recording, stated_side
from spikecast.events.recordings import Events, RecordingFiles

DESCRIPTION_FILE = "dataset.yaml"
#: As many pixels as two bytes can count.
_LARGEST_SIDE = 2**16
#: What systems leave in folders, beside names that begin with a dot.
_SYSTEM_NAMES = {"__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information", "Thumbs.db", "desktop.ini"}
#: Recordings that reach so many times farther than all others, if they are one, or no more than this share of them.
_OUTLIES, _FEW, _ENOUGH_TO_COMPARE = 1.5, 0.05, 5
#: Events that are kept of what had to be read to find the frame: of larger data sets the rest is read again.
_KEPT_BYTES = 2**28
_Pixels = Annotated[int, Field(ge=1, le=_LARGEST_SIDE)]


class Description(BaseModel):
    """What ``dataset.yaml`` says.

    Attributes:
        sensor: width and height in pixels; None: as files say, otherwise as large as the events ask for.
        group: which recordings stay on one side of a split: those whose names are equal up to the last underscore, or
            those in one folder below their class's; None: each may go anywhere.
    """

    model_config = ConfigDict(extra="forbid")

    sensor: (
        tuple[Annotated[int, Field(ge=1, le=_LARGEST_SIDE)], Annotated[int, Field(ge=1, le=_LARGEST_SIDE)]] | None
    ) = None
    group: Literal["prefix", "folder"] | None = None


def folder_recordings(dataset: Dataset, folder: Path | None) -> RecordingFiles:
    """Every recording of a data set of FOLDER_FORM below ``folder``.

    Classes are the names of the sub-folders of both parts, sorted as text. Names that begin with a dot or that systems
    leave behind are left out.

    Raises:
        InputError: there are none, there are more or fewer classes than its name says, a file is no recording, or the
            sensor's size cannot be told.
    """
    name = dataset.name.split(":")[1]
    described = _description(folder, name)
    depth = "[!.]*/[!.]*/[!.]*" if described.group == "folder" else "[!.]*/[!.]*"
    found = local_files(dataset, folder, *(f"{name}/{part}/{depth}" for part in ("Train", "Test")))
    assert folder is not None
    # Each as part, class, perhaps group, and file.
    parts = {path: path.relative_to(folder / name).parts for path in found}
    paths = [path for path in found if not _SYSTEM_NAMES & set(parts[path])]
    for path in paths:
        check_suffix(path)
    classes = sorted({parts[path][1] for path in paths})
    if len(classes) != dataset.classes:
        raise InputError(
            f"{folder / name} has recordings of {len(classes)} classes ({_listed(classes)}), "
            f"not of {dataset.classes}: correct the folders, or the number in {dataset.name}"
        )
    side, kept = _frame(paths, described, folder / name)
    groups = {"prefix": lambda path: path.stem.rpartition("_")[0] or path.stem, "folder": lambda path: path.parent.name}
    return RecordingFiles(
        paths=paths,
        read=partial(_read, kept=kept, side=side),
        labels=np.array([classes.index(parts[path][1]) for path in paths], dtype=np.uint8),
        names=np.array(["/".join(parts[path]) for path in paths]),
        official_test=np.array([parts[path][0] == "Test" for path in paths]),
        sensor_size=side,
        classes=tuple(classes),
        groups=None if described.group is None else np.array([groups[described.group](path) for path in paths]),
    )


def _description(folder: Path | None, name: str) -> Description:
    path = folder and folder / name / DESCRIPTION_FILE
    return load_yaml(path, "data set description", Description) if path and path.exists() else Description()


def _frame(paths: list[Path], described: Description, root: Path) -> tuple[int, dict[Path, Events]]:
    """Side of the square frame, and the events that had to be read for it, as many as have room.

    The size that ``dataset.yaml`` states, otherwise that of the files' headers; where there is none, what holds the
    events, unless a few recordings alone ask for it.
    """
    if described.sensor is not None:
        return max(described.sensor), {}
    stated = {path: stated_side(path) for path in paths}
    of_headers = {side: path for path, side in stated.items() if side is not None}
    if len(of_headers) > 1:
        (first, a), (second, b), *_ = sorted(of_headers.items())
        raise InputError(
            f"{a} is of a sensor with {first} pixels on its longer side, {b} of one with {second}: keep recordings of "
            f"one camera in {root}"
        )
    side = next(iter(of_headers), 0)
    kept: dict[Path, Events] = {}
    extents: dict[Path, int] = {}
    room = _KEPT_BYTES
    for path in (path for path in paths if stated[path] is None):
        events = read_recording(path, side or _LARGEST_SIDE)
        extents[path] = 1 + int(max(events.x.max(), events.y.max()))
        room -= sum(column.nbytes for column in events)
        if room > 0:
            kept[path] = events
    if not side:
        _require_no_outlier(extents, root)
    return side or max(extents.values()), kept


def _require_no_outlier(extents: dict[Path, int], root: Path) -> None:
    """Refuse a few recordings that reach much farther than all others: every digit would shrink for their sake."""
    by_extent = sorted(extents, key=lambda path: (extents[path], path))
    if len(by_extent) < _ENOUGH_TO_COMPARE:
        return
    for count in range(1, max(1, int(_FEW * len(by_extent))) + 1):
        usual, farther = extents[by_extent[-count - 1]], by_extent[-count:]
        if extents[farther[0]] >= _OUTLIES * usual:
            more = f" (and {count - 1} more)" if count > 1 else ""
            raise InputError(
                f"{farther[-1]}{more} reaches pixel {extents[farther[-1]] - 1}, the other {len(by_extent) - count} "
                f"recordings end at {usual - 1}: a damaged file, or another camera? Remove it, or write sensor: "
                f"[WIDTH, HEIGHT] into {root / DESCRIPTION_FILE}"
            )


def _read(path: Path, kept: dict[Path, Events], side: int) -> Events:
    """The events of one recording, read or kept."""
    events = kept.get(path)
    if events is None:
        return read_recording(path, side)
    pixel = np.min_scalar_type(side - 1)
    return events._replace(x=events.x.astype(pixel), y=events.y.astype(pixel))


def _listed(classes: list[str]) -> str:
    return ", ".join(classes[:5]) + (", ..." if len(classes) > 5 else "")
