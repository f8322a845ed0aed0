"""A bundle fitted on a small data folder of real rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spikecast.predictor.fit import fit


@pytest.fixture(scope="session")
def fitted(few_rows: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """(bundle, manifest) fitted on ``few_rows``."""
    out = tmp_path_factory.mktemp("bundles") / "small"
    return out, fit(few_rows, out)
