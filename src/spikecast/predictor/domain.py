"""Whether a question lies inside what was measured, and if not, why."""

from __future__ import annotations

from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.predictor.measured import Measured
from spikecast.predictor.prediction import Neighbour

#: Choices that decide what the network is: a regressor on choices alone knows nothing of unseen ones.
STRUCTURAL = ("dataset", "architecture", "timesteps", "input_size")
_CATEGORIES = ("surrogate", "neuron", "reset", "weight_bits", "loss", "learning_rate_schedule", "epoch_kept")
_NUMBERS = (
    "threshold",
    "learning_rate",
    "epochs",
    "batch_size",
    "dropout",
    "activity_penalty",
    "gradient_clip",
)
#: Numbers whose meaning depends on a category: their range is that of the same category alone.
_NUMBERS_WITHIN = {"slope": "surrogate", "beta": "neuron", "alpha": "neuron"}


def require_structure(choices: TrainingChoices, measured: Measured) -> None:
    """Refuse a question about a network of which nothing was measured.

    Raises:
        InputError: names the choice, what was measured, and what to do.
    """
    for name in STRUCTURAL:
        known = sorted({getattr(other, name) for other in measured.choices})
        if getattr(choices, name) not in known:
            raise InputError(
                f"{name} {getattr(choices, name)!r} was never measured: this model knows "
                f"{', '.join(map(str, known))}; characterize it and fit a new model"
            )


def reasons_outside(choices: TrainingChoices, measured: Measured, nearest: Neighbour) -> tuple[str, ...]:
    """Why a question lies outside the domain; empty if it lies inside."""
    reasons = []
    for name in _CATEGORIES:
        known = sorted({getattr(other, name) for other in measured.choices})
        if getattr(choices, name) not in known:
            reasons.append(f"{name} {getattr(choices, name)} was never measured, only {', '.join(map(str, known))}")
    for name in _NUMBERS:
        reasons += _outside_range(name, choices, measured.choices, "")
    for name, category in _NUMBERS_WITHIN.items():
        kind = getattr(choices, category)
        alike = [other for other in measured.choices if getattr(other, category) == kind]
        if alike:
            reasons += _outside_range(name, choices, alike, f" for {kind}")
    if not reasons and nearest.distance > measured.far:
        reasons.append(
            f"no measured configuration is near: the nearest is {nearest.distance:.2f} standard deviations "
            f"away, measured ones lie within {measured.far:.2f} of each other"
        )
    return tuple(reasons)


def _outside_range(name: str, choices: TrainingChoices, others: list[TrainingChoices], where: str) -> list[str]:
    values = [getattr(other, name) for other in others]
    value, low, high = getattr(choices, name), min(values), max(values)
    if low <= value <= high:
        return []
    span = f"only {low:g}" if low == high else f"only {low:g} to {high:g}"
    return [f"{name} {value:g} was never measured{where}, {span}"]
