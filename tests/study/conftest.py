"""The shipped rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from spikecast.rows import read_rows


@pytest.fixture(scope="session")
def shipped(repository: Path) -> pd.DataFrame:
    return read_rows(repository / "data" / "characterization")
