"""What advice is sought for: predicted numbers and which way they are better, and how many networks to try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spikecast.errors import InputError, resolve_name

if TYPE_CHECKING:
    import pandas as pd


#: Networks that a search predicts, over all its rounds.
CANDIDATES = 8192
#: More take gigabytes, and find little more.
MOST_CANDIDATES = 4 * CANDIDATES


@dataclass(frozen=True)
class Objective:
    """A column of ``Predictor.predict_frame``; of a share, more is better, of all others less."""

    column: str
    share: bool = False

    def cost(self, table: pd.DataFrame) -> pd.Series[float]:
        """A positive number per row, less where the row is better: what a share lacks to 1, or the column itself.

        Raises:
            InputError: the column is not predicted.
        """
        if table[self.column].isna().all():
            raise InputError(f"{self.column} is not predicted: use hardware that has figures for it")
        return 1.0 - table[self.column] if self.share else table[self.column]


_ACCURACY, _SPARSITY = Objective("accuracy", share=True), Objective("sparsity", share=True)
_LATENCY, _ENERGY = Objective("latency_us"), Objective("energy_nj")
MINIMIZE = {"latency": _LATENCY, "energy": _ENERGY, "spikes": _SPARSITY}
MAXIMIZE = {"accuracy": _ACCURACY, "sparsity": _SPARSITY}
#: What accuracy is weighed against.
COSTS = {"latency": _LATENCY, "energy": _ENERGY, "sparsity": _SPARSITY}


def objective_of(minimize: str | None, maximize: str | None) -> Objective:
    """The objective that is named.

    Raises:
        InputError: a name is unknown, or not exactly one is given.
    """
    if minimize is not None and maximize is not None:
        raise InputError(f"minimize {minimize} and maximize {maximize}: give one of them, and a limit for the other")
    if minimize is not None:
        return MINIMIZE[resolve_name("number to minimize", minimize, MINIMIZE)]
    if maximize is not None:
        return MAXIMIZE[resolve_name("number to maximize", maximize, MAXIMIZE)]
    raise InputError(f"nothing to look for: give minimize ({', '.join(MINIMIZE)}) or maximize ({', '.join(MAXIMIZE)})")
