"""Small bundles: one fitted on a small data folder of real rows, and one of an older format."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from spikecast.predictor.fit import fit


@pytest.fixture(scope="session")
def fitted(few_rows: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """(bundle, manifest) fitted on ``few_rows``."""
    out = tmp_path_factory.mktemp("bundles") / "small"
    return out, fit(few_rows, out)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the bundle of format 2."""
    return Path(shutil.copytree(Path(__file__).parent / "bundles" / "format2" / "bundle", tmp_path / "small"))
