"""Where commands run that ask a predictor."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from spikecast.predictor import Predictor

#: One for all commands: most of a command's time goes into reading the bundle.
LOAD = cache(Predictor.load)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, a narrow terminal, and a predictor that is read once."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(Predictor, "load", LOAD)
    return work
