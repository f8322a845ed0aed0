"""Predictor: answers questions about networks that were never trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.hardware import Hardware, load_hardware
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.predictor.bundle import read_manifest
from spikecast.predictor.domain import reasons_outside, require_structure
from spikecast.predictor.features import FEATURE_NAMES, column_indices, feature_matrix
from spikecast.predictor.measured import Measured
from spikecast.predictor.models import SHIPPABLE, OutcomeModel, Regressor
from spikecast.predictor.prediction import Interval, LayerPrediction, Prediction
from spikecast.predictor.targets import Target
from spikecast.shipped import shipped_path

if TYPE_CHECKING:
    import pandas as pd

NEIGHBOURS = 3


@dataclass(frozen=True)
class TargetModel:
    """A fitted model of one target.

    Attributes:
        target: what it predicts.
        model: predicts on the target's learning scale.
        columns: int[used features], the columns of the feature matrix that it is given.
        half_width: of the 90 % interval, on the learning scale.
        spread: (low, high) that 90 % of all measured values lie between; the interval of a question outside the
            domain is at least as wide.
    """

    target: Target
    model: Regressor
    columns: NDArray[np.int64]
    half_width: float
    spread: tuple[float, float]

    def intervals(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64[rows, 3]: value, low, high, in the unit of the target."""
        learned = self.model.predict(x[:, self.columns])
        columns = (learned, learned - self.half_width, learned + self.half_width)
        return np.stack([self.target.inverse(column) for column in columns], axis=1)


class Predictor:
    """A fitted predictor; make one with ``Predictor.load``."""

    def __init__(
        self,
        targets: Mapping[str, TargetModel],
        outcome: OutcomeModel,
        measured: Measured,
        manifest: Mapping[str, Any],
    ) -> None:
        self._targets = targets
        self._outcome = outcome
        self._measured = measured
        self.manifest = manifest
        self._fitted_hardware = Hardware(**manifest["hardware"])

    @classmethod
    def load(cls, path: str | Path | None = None) -> Self:
        """Read a predictor bundle; None is the shipped one.

        Raises:
            InputError: the bundle is missing, changed, or of another format.
        """
        folder = shipped_path("models/default") if path is None else Path(path)
        manifest = read_manifest(folder)
        if not set(manifest["features"]) <= set(FEATURE_NAMES):
            raise InputError(f"predictor bundle {folder} was fitted on other features: fit again")
        targets = {
            name: TargetModel(
                Target(name, entry["scale"]),
                SHIPPABLE[entry["model"]].load(folder / entry["file"]),
                column_indices(entry["columns"]),
                entry["half_width"],
                tuple(entry["spread"]),
            )
            for name, entry in manifest["targets"].items()
        }
        outcome = OutcomeModel.load(folder / manifest["outcome"]["file"])
        return cls(targets, outcome, Measured.load(folder / "measured.json"), manifest)

    @property
    def measured(self) -> Measured:
        """The configurations that this predictor was fitted on."""
        return self._measured

    def predict(
        self,
        choices: TrainingChoices | Mapping[str, Any] | None = None,
        hardware: str | Path | Hardware = "sparse-core",
    ) -> Prediction:
        """Predict one network on one hardware.

        Args:
            choices: training choices, or a mapping of those that are not left at their defaults. A seed makes no
                difference.
            hardware: a shipped name, a YAML file, or a description.

        Raises:
            InputError: a choice is not allowed, or nothing like it was ever measured.
        """
        if not isinstance(choices, TrainingChoices):
            choices = TrainingChoices(**(choices or {}))
        target_hardware = load_hardware(hardware)
        self._require_timing(target_hardware)
        require_structure(choices, self._measured)
        x = feature_matrix([choices])
        neighbours = self._measured.nearest(x, NEIGHBOURS)
        reasons = reasons_outside(choices, self._measured, neighbours[0])
        intervals = {name: _interval(model, x, bool(reasons)) for name, model in self._targets.items()}
        cycles = intervals["latency_cycles"]
        return Prediction(
            choices=choices.model_dump(exclude={"seed"}),
            outcome=self._outcomes(x),
            accuracy=intervals["accuracy"],
            sparsity=intervals["sparsity"],
            latency_cycles=cycles,
            latency_us=Interval(*(target_hardware.microseconds(c) for c in (cycles.value, cycles.low, cycles.high))),
            layers=tuple(LayerPrediction(shape.name, intervals[f"sparsity_{shape.name}"]) for shape in choices.layers),
            in_domain=not reasons,
            reasons=reasons,
            neighbours=neighbours,
            provenance=self._provenance(target_hardware),
        )

    def predict_frame(self, frame: pd.DataFrame, hardware: str | Path | Hardware = "sparse-core") -> pd.DataFrame:
        """Predict every row of a table whose columns are training choices.

        Returns:
            The same index; accuracy, sparsity, latency_cycles, latency_us, each also with ``_low`` and ``_high``,
            ``probability_ok`` and ``in_domain``.
        """
        import pandas as pd

        target_hardware = load_hardware(hardware)
        rows = []
        for record in frame.to_dict("records"):
            given = {str(name): value for name, value in record.items() if pd.notna(value)}
            prediction = self.predict(given, target_hardware)
            row: dict[str, Any] = {}
            for name in ("accuracy", "sparsity", "latency_cycles", "latency_us"):
                interval: Interval = getattr(prediction, name)
                row |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
            rows.append(
                {
                    **row,
                    "probability_ok": prediction.outcome.get("ok", 0.0),
                    "in_domain": prediction.in_domain,
                }
            )
        return pd.DataFrame(rows, index=frame.index)

    def _outcomes(self, x: NDArray[np.float64]) -> dict[str, float]:
        columns = column_indices(self.manifest["outcome"]["columns"])
        probabilities = self._outcome.probabilities(x[:, columns])[0]
        return {str(name): float(p) for name, p in zip(self._outcome.classes, probabilities, strict=True)}

    def _require_timing(self, hardware: Hardware) -> None:
        fitted = self._fitted_hardware
        if hardware.timing != fitted.timing:
            raise InputError(
                f"hardware {hardware.name} takes other cycles than {fitted.name}, which this model was fitted for: "
                f"characterize with --hardware {hardware.name} and fit a new model"
            )

    def _provenance(self, hardware: Hardware) -> dict[str, Any]:
        return {
            "hardware": hardware.name,
            "clock_mhz": hardware.clock_mhz,
            "data_sha256": self.manifest["data"]["sha256"],
            "fitted_rows": self.manifest["data"]["rows"],
            "spikecast": self.manifest["versions"]["spikecast"],
        }


def _interval(model: TargetModel, x: NDArray[np.float64], outside: bool) -> Interval:
    value, low, high = (float(number) for number in model.intervals(x)[0])
    if outside:
        low, high = min(low, model.spread[0]), max(high, model.spread[1])
    return Interval(value, low, high)
