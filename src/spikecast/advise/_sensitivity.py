"""What one choice does, all others fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spikecast.accelerator.hardware import DEFAULT_HARDWARE, Hardware, load_hardware
from spikecast.advise.axes import LOGARITHMIC, is_number, measured_values
from spikecast.advise.search import records
from spikecast.choices import CHOICES, STRUCTURAL, TrainingChoices
from spikecast.errors import InputError, unknown_name

if TYPE_CHECKING:
    import pandas as pd

    from spikecast.predictor import Predictor

#: Of a sweep; a curve needs no more.
MOST_SWEPT = 1000


@dataclass(frozen=True)
class Sweep:
    """One choice swept, the others fixed.

    Attributes:
        of: the choice.
        table: a row for each of its values: columns are choices and those of ``Predictor.predict_frame``; ``in_domain``
            says which rows lie inside what was measured.
        hardware: its name.
    """

    of: str
    table: pd.DataFrame
    hardware: str

    @property
    def varied(self) -> list[str]:
        """The choices that differ between rows: beside the one swept, those whose default hangs on it."""
        return [name for name in CHOICES if self.table[name].nunique() > 1]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; what ``spikecast sensitivity --json`` prints."""
        return {"of": self.of, "hardware": self.hardware, "points": records(self.table)}


def sensitivity(
    predictor: Predictor,
    of: str,
    choices: Mapping[str, Any] | None = None,
    *,
    hardware: str | Path | Hardware = DEFAULT_HARDWARE,
    low: float | None = None,
    high: float | None = None,
    points: int = 25,
) -> Sweep:
    """Predict a network at many values of one choice.

    Args:
        of: the choice that is swept.
        choices: the others; those left out are defaults, slope the surrogate's own, beta and threshold the neuron's.
        low, high: ends of a numeric sweep; None: the least and the greatest value that was measured.
        points: values of a numeric sweep, evenly apart, in the logarithm for slope and learning_rate; fewer where
            whole numbers have no more.

    Raises:
        InputError: a choice is unknown, not allowed or given although it is swept, or the sweep has fewer than two
            values.
    """
    import pandas as pd

    target = load_hardware(hardware)
    others = dict(choices or {})
    if of not in TrainingChoices.model_fields or of == "seed":
        raise unknown_name("choice to sweep", of, [name for name in TrainingChoices.model_fields if name != "seed"])
    if of in others:
        raise InputError(f"{of} {others[of]} is given, but {of} is swept: leave it out")
    # With an end that is given: without it, the default of what is swept may not be allowed beside the others.
    end = next((end for end in (high, low) if end is not None and is_number(of)), None)
    near = TrainingChoices(**others, **({} if end is None else {of: end}))
    measured = measured_values(of, predictor.measured.questions.columns, near)
    if not is_number(of) or of in STRUCTURAL:
        if low is not None or high is not None:
            raise InputError(f"{of} has no ends to sweep between: it goes through {_listed(measured)}")
        values = measured
        if len(values) < 2:
            raise InputError(f"{of} cannot be swept: only {_listed(measured)} was measured here")
    else:
        values = _numbers(of, measured, others, (low, high), points)
    rows = [TrainingChoices(**others, **{of: value}).model_dump(exclude={"seed"}) for value in values]
    swept = pd.DataFrame(rows)
    predicted = predictor.predict_frame(swept, hardware=target)
    for error in predicted["error"].dropna():
        raise InputError(error)
    return Sweep(of, swept.join(predicted.drop(columns="error")), target.name)


def _numbers(
    of: str,
    measured: list[Any],
    others: Mapping[str, Any],
    ends: tuple[float | None, float | None],
    points: int,
) -> list[Any]:
    """The values of a numeric sweep between ``ends``, of which one that is left out is that of what was measured."""
    if points < 2:
        raise InputError(f"{points} points are no sweep: give 2 or more")
    if points > MOST_SWEPT:
        raise InputError(f"{points:,} points are too many for a sweep: give {MOST_SWEPT:,} or fewer")
    low, high = ends
    given = [end for end in ends if end is not None]
    if len(given) < 2 and len(set(measured)) < 2:
        raise InputError(f"{of} was measured at {_listed(measured)} alone: say from where to where")
    first, last = measured[0] if low is None else low, measured[-1] if high is None else high
    for end in given:
        # An end that is no number between allowed ones is refused here, before a logarithm is taken.
        TrainingChoices(**others, **{of: end})
    if not first < last:
        raise InputError(f"{of} from {first:g} to {last:g} is no range: give a lower and a higher number")
    spaced = np.geomspace(first, last, points) if of in LOGARITHMIC else np.linspace(first, last, points)
    if TrainingChoices.model_fields[of].annotation is int:
        return sorted({round(value) for value in spaced})
    # Without the noise in a logarithm's last digits, which is enough to leave what was measured.
    return [float(f"{value:.6g}") for value in spaced]


def _listed(values: list[Any]) -> str:
    return ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values) or "nothing"
