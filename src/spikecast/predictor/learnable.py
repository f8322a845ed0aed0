"""Which measured networks a predictor can learn from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikecast.predictor.layer_table import ROLES, role_of
from spikecast.predictor.questions import Questions

#: Configurations that a kind of layer must have: with one alone, nothing is left to predict it from.
_FEWEST = 2


def learnable(questions: Questions, ok: NDArray[np.bool_], groups: NDArray[np.str_]) -> NDArray[np.bool_]:
    """bool[rows]: rows of networks all of whose layers are of kinds that several configurations have.

    Args:
        questions: choices of the rows.
        ok: bool[rows], which ended ok: layers are learned from those.
        groups: their configurations.
    """
    roles = np.zeros((len(questions.structures), len(ROLES)), dtype=bool)
    for number, structure in enumerate(questions.structures):
        roles[number, [ROLES.index(role_of(structure, index)) for index in range(len(structure.layers))]] = True
    of_rows = roles[questions.structure_of]
    kept = np.ones(len(questions), dtype=bool)
    while True:
        configurations = [len(np.unique(groups[kept & ok & of_rows[:, role]])) for role in range(len(ROLES))]
        rare = np.array(configurations) < _FEWEST
        fewer = kept & ~(of_rows & rare).any(axis=1)
        if (fewer == kept).all():
            return kept
        kept = fewer
