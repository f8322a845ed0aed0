"""The choices among which advice is sought: what was measured, and all between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from spikecast.advise.measured_values import Columns, measured_values, same_choices
from spikecast.advise.stratum import Stratum
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.predictor.questions import CHOICES

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SearchSpace:
    """Ranges and categories of what was measured, one stratum for each pair of surrogate and neuron model.

    Attributes:
        strata: by (surrogate, neuron).
        measured: the measured configurations that lie in it, as columns; positions among all of them as index.
    """

    strata: dict[tuple[str, str], Stratum]
    measured: pd.DataFrame

    @classmethod
    def of(cls, measured: Columns, fixed: Mapping[str, Any]) -> Self:
        """Everything between measured configurations; structure is the default choices' where it is not ``fixed``. A
        seed makes no difference.

        Args:
            measured: every choice of the measured configurations.

        Raises:
            InputError: a fixed choice is not allowed, or no pair of surrogate and neuron that was measured has it.
        """
        import pandas as pd

        strata, refusals = {}, []
        kept: dict[tuple[Any, ...], list[Any]] = {}

        def values(name: str, near: TrainingChoices) -> list[Any]:
            # Most strata ask the same of all that was measured.
            asked = (name, *(getattr(near, other) for other in same_choices(name)))
            if asked not in kept:
                kept[asked] = measured_values(name, measured, near)
            return kept[asked]

        pairs = sorted(set(zip(measured["surrogate"].tolist(), measured["neuron"].tolist(), strict=True)))
        for surrogate, neuron in pairs:
            try:
                base = TrainingChoices(**{"surrogate": surrogate, "neuron": neuron, **fixed})
            except InputError as error:
                refusals.append(error)
                continue
            if (base.surrogate, base.neuron) == (surrogate, neuron):
                strata[surrogate, neuron] = Stratum.of(base, fixed, values)
        if not strata:
            raise refusals[0] if refusals else _never_measured(TrainingChoices(**fixed), fixed, pairs)
        inside = np.logical_or.reduce([stratum.holds(measured) for stratum in strata.values()])
        return cls(strata, pd.DataFrame({name: measured[name][inside] for name in CHOICES}, np.flatnonzero(inside)))

    def everywhere(self, points: int, seed: int) -> pd.DataFrame:
        """About so many points over the whole space, as many of each stratum; columns are choices."""
        share = points // len(self.strata)
        return _joined([stratum.everywhere(share, seed) for stratum in self.strata.values()])

    def around(self, centres: pd.DataFrame, half_width: float, points: int, seed: int) -> pd.DataFrame:
        """About so many points near the centres, a table of choices; none is further than ``half_width`` of the range
        of any choice from its centre."""
        share = points // len(centres)
        near = [
            self.strata[pair].around(centres.iloc[[position]], half_width, share, seed)
            for position, pair in enumerate(zip(centres["surrogate"], centres["neuron"], strict=True))
        ]
        return _joined(near)


def _joined(parts: Sequence[Columns]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in CHOICES})


def _never_measured(asked: TrainingChoices, fixed: Mapping[str, Any], pairs: list[tuple[str, str]]) -> InputError:
    """The error for a surrogate, a neuron model or a pair of them that no measured configuration has."""
    surrogates, neurons = (sorted(set(kinds)) for kinds in zip(*pairs, strict=True))
    for name, value, known in (("surrogate", asked.surrogate, surrogates), ("neuron", asked.neuron, neurons)):
        if name in fixed and value not in known:
            return InputError(f"{name} {value} was never measured: this model knows {', '.join(known)}")
    beside = ", ".join(neuron for surrogate, neuron in pairs if surrogate == asked.surrogate)
    return InputError(
        f"{asked.surrogate} with neuron {asked.neuron} was never measured: this model knows it with {beside}"
    )
