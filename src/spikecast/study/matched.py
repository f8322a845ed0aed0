"""Two kinds of network at the same accuracy: what one costs beside the other in latency."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast.study.statistics import Estimate, bootstrap
from spikecast.study.tables import CHOICES

#: Largest difference of accuracy, 0..1, of a matched pair: one point.
TOLERANCE = 0.01
#: Fewest pairs, and fewest configurations of each kind, from which a ratio is given.
FEWEST_PAIRS, FEWEST_OF_A_KIND = 30, 10


@dataclass(frozen=True)
class Kinds:
    """The two kinds compared.

    Attributes:
        choice: ``neuron`` or ``surrogate``.
        reference, other: its two values; ratios are other over reference.
        own: choices that come with it, and so differ within every pair.
    """

    choice: str
    reference: str
    other: str
    own: tuple[str, ...]


#: Networks alike but for the surrogate and its slope.
ESCAPE_FOR_FAST_SIGMOID = Kinds("surrogate", "fast_sigmoid", "spike_rate_escape", ("slope",))
#: Networks alike but for the neuron, whose decays and threshold go with it.
LAPICQUE_FOR_LEAKY = Kinds("neuron", "leaky", "lapicque", ("beta", "alpha", "threshold"))


@dataclass(frozen=True)
class Matched:
    """Pairs of configurations, one of each kind, whose accuracies differ by TOLERANCE at most.

    Attributes:
        references, others: how many configurations of each kind could be paired.
        accuracy: mean accuracy of each pair, 0..1.
        ratio: latency of the other kind over that of the reference, of each pair.
        typical: geometric mean of ``ratio``; resampled are configurations of either kind, not pairs.
    """

    references: int
    others: int
    accuracy: NDArray[np.float64]
    ratio: NDArray[np.float64]
    typical: Estimate

    @property
    def enough(self) -> bool:
        return len(self.ratio) >= FEWEST_PAIRS and min(self.references, self.others) >= FEWEST_OF_A_KIND


def matched(table: pd.DataFrame, kinds: Kinds, free: tuple[str, ...] = ()) -> Matched:
    """Pair every configuration of one kind with every one of the other that is as accurate.

    Args:
        table: ok configurations of one context.
        kinds: what is compared.
        free: choices that may differ within a pair beside ``kinds.choice`` and ``kinds.own``.
    """
    same = [name for name in CHOICES if name not in (kinds.choice, *kinds.own, *free)]
    group = table.groupby([*same, "hardware_description"]).ngroup()
    sides = [
        (group[side].to_numpy(), table.loc[side, "accuracy"].to_numpy(), np.log(table.loc[side, "latency_cycles"]))
        for side in (table[kinds.choice] == kinds.reference, table[kinds.choice] == kinds.other)
    ]
    (group_a, accuracy_a, log_a), (group_b, accuracy_b, log_b) = sides
    # A hair of slack: one point is one point, whatever the last bit says.
    near = np.abs(accuracy_a[:, np.newaxis] - accuracy_b) <= TOLERANCE + 1e-9
    pair = (near & (group_a[:, np.newaxis] == group_b)).astype(np.float64)
    log_ratio = pair * (log_b.to_numpy() - log_a.to_numpy()[:, np.newaxis])

    def typical(a: NDArray[np.intp], b: NDArray[np.intp]) -> float:
        """Of resampled configurations, every pair counts as often as its two were drawn."""
        drawn_a, drawn_b = np.bincount(a, minlength=len(log_a)), np.bincount(b, minlength=len(log_b))
        pairs = drawn_a @ pair @ drawn_b
        return math.exp(drawn_a @ log_ratio @ drawn_b / pairs) if pairs else math.nan

    at_a, at_b = np.nonzero(pair)
    found = Matched(
        references=len(np.unique(at_a)),
        others=len(np.unique(at_b)),
        accuracy=(accuracy_a[at_a] + accuracy_b[at_b]) / 2,
        ratio=np.exp(log_ratio[at_a, at_b]),
        typical=Estimate(math.nan),
    )
    if not found.enough:
        return found
    estimate = bootstrap(typical, np.arange(len(log_a)), np.arange(len(log_b)))
    return Matched(found.references, found.others, found.accuracy, found.ratio, estimate)


def strictest(table: pd.DataFrame, kinds: Kinds, free: tuple[str, ...]) -> tuple[Matched, bool]:
    """Pairs alike in everything that ``kinds`` does not name if there are enough, else with ``free`` choices, too.

    Returns:
        The pairs, and whether they are alike in ``free``.
    """
    strict = matched(table, kinds)
    return (strict, True) if strict.enough else (matched(table, kinds, free), False)
