"""Which networks would teach a predictor most: what its activity model does not know of them, and the greedy choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.predictor.models.posterior import Posterior
from spikecast.predictor.questions import Questions
from spikecast.predictor.spikes.activity import ActivityModel, LayerTable, layer_tables

if TYPE_CHECKING:
    from spikecast.predictor.predictor import Predictor


#: Networks whose variances are watched, evenly among all: more would hardly change the mean over them.
_WATCHED = 1000


@dataclass(frozen=True)
class Uncertainty:
    """What the activity model does not know of N networks, layer by layer.

    Attributes:
        tables: layers of the networks, by role.
        posteriors: of each role's process, at the layers of its table.
        weights: by role, float64[watched layers]: share of each in the mean over layers and networks.
    """

    tables: Mapping[str, LayerTable]
    posteriors: Mapping[str, Posterior]
    weights: Mapping[str, Array]

    @classmethod
    def of(
        cls, model: ActivityModel, tables: Mapping[str, LayerTable], since: Mapping[str, LayerTable], asked: Array
    ) -> Self:
        """Of the layers in ``tables``, given the fitted ones and those of networks measured ``since``.

        ``asked`` float64[N] says how much it matters to know each network.
        """
        networks = np.unique(np.linspace(0, len(asked) - 1, _WATCHED).round())
        layers = np.bincount(np.concatenate([table.question for table in tables.values()]))
        share = asked / asked[networks.astype(np.int64)].sum() / layers
        posteriors, weights = {}, {}
        for role, table in tables.items():
            process = model.roles[role].process
            later = [since[role].x * process.inverse_scale] if role in since else []
            watched = np.flatnonzero(np.isin(table.question, networks))
            known = np.vstack([process.points, *later])
            posteriors[role] = Posterior.at(table.x * process.inverse_scale, known, watched)
            weights[role] = share[table.question[watched]]
        return cls(tables, posteriors, weights)

    @property
    def variance(self) -> Array:
        """float64[networks]: posterior variance, mean over a network's layers, in variances of what each role's layers
        do: 1 where nothing is known."""
        layers = np.concatenate([table.question for table in self.tables.values()])
        variances = np.concatenate([self.posteriors[role].variance for role in self.tables])
        found: Array = np.bincount(layers, variances) / np.bincount(layers)
        return found

    @property
    def gain(self) -> Array:
        """float64[networks]: by how much measuring one would lower the mean variance of all, as if its layers said
        nothing of each other."""
        layers = np.concatenate([table.question for table in self.tables.values()])
        lowered = np.concatenate([self.posteriors[role].gain(self.weights[role]) for role in self.tables])
        found: Array = np.bincount(layers, lowered).astype(np.float64)
        return found

    def measuring(self, network: int) -> Uncertainty:
        """What is not known once one of the networks is measured, by its position."""
        posteriors = dict(self.posteriors)
        for role, table in self.tables.items():
            for layer in np.flatnonzero(table.question == network):
                posteriors[role] = posteriors[role].observing(int(layer))
        return replace(self, posteriors=posteriors)


def most_informative(
    predictor: Predictor, questions: Questions, count: int, measured_since: Questions | None = None
) -> tuple[NDArray[np.int64], Array]:
    """Networks worth measuring, each counting by its probability of training; see ``greedily`` for the choice.

    Args:
        predictor: can be asked about all of these networks.
        questions: the networks to choose among.
        count: how many; no more than there are.
        measured_since: networks that were measured, but not fitted.

    Returns:
        Positions int64[count], all different, and the variance float64[count] of each before it is measured.
    """
    x = predictor.features(questions)
    outcome = predictor.parts.outcome
    ok = outcome.probabilities(x)[:, outcome.classes.index("ok")]
    since = {} if measured_since is None else layer_tables(measured_since, predictor.features(measured_since))
    return greedily(Uncertainty.of(predictor.parts.activity, layer_tables(questions, x), since, ok), ok, count)


def greedily(uncertainty: Uncertainty, ok: Array, count: int) -> tuple[NDArray[np.int64], Array]:
    """One network after the other, by turns: that which would lower the mean variance of all most once those before it
    are measured, and one at random. Variances rest on length scales, which few rows, all far apart, show badly.

    Args:
        uncertainty: of N networks.
        ok: float64[N], each one's probability of training: one that does not teaches nothing.
        count: how many; N at most.

    Returns:
        Positions int64[count], all different, and the variance float64[count] of each before it is measured.
    """
    left = np.ones(len(ok), dtype=bool)
    random = np.random.default_rng(0)
    chosen, variances = [], []
    for turn in range(count):
        scores = random.random(len(ok)) if turn % 2 else uncertainty.gain * ok
        best = int(np.where(left, scores, -np.inf).argmax())
        chosen.append(best)
        variances.append(uncertainty.variance[best])
        left[best] = False
        uncertainty = uncertainty.measuring(best)
    return np.array(chosen, dtype=np.int64), np.array(variances)
