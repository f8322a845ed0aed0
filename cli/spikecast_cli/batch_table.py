"""Tables that go into and come out of ``spikecast predict --batch``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from spikecast.errors import InputError
from spikecast.whole_file import whole_file

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".csv", ".parquet")


def read_table(path: Path) -> pd.DataFrame:
    """Read a csv or parquet file.

    Raises:
        InputError: another suffix, or no such table.
    """
    import pandas as pd

    from spikecast.predictor.batch import require_names

    if path.suffix not in SUFFIXES:
        raise InputError(f"{path} is no table: use a name that ends in {' or '.join(SUFFIXES)}")
    if not path.is_file():
        raise InputError(f"there is no file {path}: give a .csv or .parquet whose columns are training choices")
    try:
        table = (
            pd.read_csv(path, low_memory=False)
            if path.suffix == ".csv"
            else pd.read_parquet(path).reset_index(drop=True)
        )
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
