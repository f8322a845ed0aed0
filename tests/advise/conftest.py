"""Predictors to ask."""

from __future__ import annotations

import pytest

from spikecast.predictor import Predictor

from .analytic import Analytic


@pytest.fixture(scope="session")
def analytic() -> Analytic:
    return Analytic()


@pytest.fixture(scope="session")
def shipped() -> Predictor:
    return Predictor.load()
