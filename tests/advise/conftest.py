"""Predictors to ask."""

from __future__ import annotations

import pytest

from advise_analytic import Analytic
