"""Files of arrays beside a JSON description: npz, written whole, read without running anything."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast.errors import InputError
from spikecast.whole_file import whole_file

FORMAT = 1
_DESCRIPTION = "description"


def write_npz(path: Path, kind: str, description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays and what describes them; ``kind`` says what the file is.

    Raises:
        InputError: the file cannot be written there.
    """
    text = json.dumps({"format": FORMAT, "kind": kind, **description}, allow_nan=False)
    try:
        with whole_file(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **{_DESCRIPTION: np.array(text)}, **arrays)
    except OSError as error:
        raise InputError(f"cannot write {kind} {path}: {error.strerror}") from None


def read_npz(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The description, with its ``kind``, and the arrays of a file.

    Raises:
        InputError: the file is missing, damaged, or not one of spikecast's.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        description = json.loads(str(arrays.pop(_DESCRIPTION)))
        written, _ = description["format"], description["kind"]
    except FileNotFoundError:
        raise InputError(f"no file {path}") from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, TypeError, AttributeError):
        raise InputError(f"{path} is not a whole spikecast network or trace: write it again") from None
    if written != FORMAT:
        raise InputError(f"{path} has format {written}: this spikecast reads format {FORMAT}")
    return description, arrays


@contextmanager
def damage_refused(path: Path, kind: str) -> Iterator[None]:
    """Around what makes a network or trace of a file's parts: parts that are missing or malformed are bad input.

    Raises:
        InputError: they are; or as the block itself says.
    """
    try:
        yield
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise InputError(f"{path} is not a whole {kind} ({error}): write it again") from None
