"""Tables that go into and come out of ``spikecast predict --batch``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from spikecast.errors import InputError
from spikecast.whole_file import whole_file

if TYPE_CHECKING:
    import pandas as pd

_SUFFIXES = (".csv", ".parquet")


def require_table_path(path: Path) -> None:
    """Check that a table can be written to this path, before anything is computed for it.

    Raises:
        InputError: a suffix other than .csv or .parquet, or a folder that is missing.
    """
    _require_suffix(path)
    if not path.parent.is_dir():
        raise InputError(f"cannot write {path}: there is no folder {path.parent}: make it first")


def read_table(path: Path) -> pd.DataFrame:
    """Read a csv or parquet file.

    Raises:
        InputError: another suffix, or no such table.
    """
    import pandas as pd

    from spikecast.predictor.batch import require_names

    _require_suffix(path)
    if not path.is_file():
        raise InputError(f"there is no file {path}: give a .csv or .parquet whose columns are training choices")
    try:
        table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path).reset_index(drop=True)
    except (ValueError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path} is not a whole {path.suffix[1:]} table ({reason}): mend it") from None
    require_names(table, f" of {path}")
    return table


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a csv or parquet file, as a whole or not at all."""
    with whole_file(path) as temporary:
        if path.suffix == ".csv":
            table.to_csv(temporary, index=False)
        else:
            table.to_parquet(temporary, index=False)


def _require_suffix(path: Path) -> None:
    if path.suffix not in _SUFFIXES:
        raise InputError(f"{path} is no table: use a name that ends in {' or '.join(_SUFFIXES)}")
