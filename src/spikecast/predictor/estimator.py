"""The predictor as a scikit-learn estimator that learns from values measured elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted

from spikecast._util.arrays import Array
from spikecast.accelerator.hardware import DEFAULT_HARDWARE, Hardware, load_hardware
from spikecast.errors import InputError, unknown_name
from spikecast.predictor.features import SMOOTH_FEATURES, column_indices
from spikecast.predictor.fit.held_out import one_thread
from spikecast.predictor.models import GaussianProcess
from spikecast.predictor.predictor import Predictor
from spikecast.predictor.table import read_batch
from spikecast.predictor.targets import TARGETS, not_priced

if TYPE_CHECKING:
    import pandas as pd


class SpikecastRegressor(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Training choices to one measured number: a fitted predictor, and what measurements of your own say against it.

    ``fit`` learns how measured values differ from the predictor's answers, on the scale on which the target is learned
    (ratios of cycles and energy, logits of shares): a Gaussian process over the predictor's own features. So a few
    rows of another chip, another training recipe or another data set with the same input already tell much.

    Rows that the predictor was fitted on are no test of it: score it on others.

    Args:
        target: what y is: accuracy, sparsity, latency_cycles, energy_nj or synaptic_operations.
        model: predictor bundle to begin with; None: the shipped one.
        hardware: what the predictor's own answers are for: a shipped name, a YAML file, or a description.
    """

    def __init__(
        self,
        target: str = "latency_cycles",
        model: str | Path | None = None,
        hardware: str | Path | Hardware = DEFAULT_HARDWARE,
    ) -> None:
        self.target = target
        self.model = model
        self.hardware = hardware

    def fit(self, X: pd.DataFrame, y: ArrayLike) -> Self:  # noqa: N803
        """Learn from measured values.

        Args:
            X: a column for each training choice that is not a default.
            y: float[rows], in the target's unit.

        Raises:
            InputError: a row or a value is not allowed, or nothing like a row was ever measured.
        """
        if self.target not in TARGETS:
            raise unknown_name("target", self.target, TARGETS)
        self.predictor_ = Predictor.load(self.model)
        measured = np.asarray(y, dtype=np.float64)
        _require_target(self.target, measured, len(X))
        features, expected = self._expected(X)
        with one_thread():
            self.correction_ = GaussianProcess.fit(features, TARGETS[self.target].forward(measured) - expected)
        return self

    def predict(self, X: pd.DataFrame) -> Array:  # noqa: N803
        """float64[rows] in the target's unit, for a table as of ``fit``.

        Raises:
            InputError: as ``fit``.
        """
        check_is_fitted(self)
        features, expected = self._expected(X)
        return TARGETS[self.target].inverse(expected + self.correction_.predict(features))

    def _expected(self, table: pd.DataFrame) -> tuple[Array, Array]:
        """Features of every row, and the predictor's own answer on the scale of learning."""
        batch = read_batch(table)
        if batch.errors:
            row, error = next(iter(sorted(batch.errors.items())))
            raise InputError(f"row {row}: {error}")
        x = self.predictor_.features(batch.questions)
        hardware = load_hardware(self.hardware)
        if self.target == "energy_nj" and hardware.energy is None:
            raise not_priced(self.target, hardware.name)
        answers = self.predictor_.answer(batch.questions, hardware)
        values = answers.intervals[self.target][:, 0]
        return x[:, column_indices(SMOOTH_FEATURES)], TARGETS[self.target].forward(values)


def _require_target(target: str, values: Array, rows: int) -> None:
    """Refuse what cannot be the target's values."""
    if values.shape != (rows,):
        raise InputError(f"y of shape {values.shape} does not fit X of {rows} rows: give one number a row")
    positive = TARGETS[target].scale == "log"
    allowed = np.isfinite(values) & ((values > 0) if positive else (values >= 0) & (values <= 1))
    if not allowed.all():
        wrong = values[~allowed][0]
        raise InputError(f"{target} {wrong:g} is not allowed: give numbers {'above 0' if positive else 'from 0 to 1'}")
