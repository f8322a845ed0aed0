"""What was measured of every layer, as the activity model learns it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast.neurons import RECURRENT
from spikecast.predictor.layer_table import LayerTable, inputs_of
from spikecast.predictor.questions import Questions, Structure
from spikecast.predictor.targets import LAYER_SPARSITY
from spikecast.rows import choices_of

Array = NDArray[np.float64]


def measured_firing(rows: pd.DataFrame, questions: Questions, table: LayerTable) -> Array:
    """Logit of the share of neurons and timesteps with a spike, float64[layers]."""
    shares = np.empty(len(table.question))
    for structure, layers in _by_structure(questions, table):
        for index in np.unique(table.index[layers]):
            mine = layers[table.index[layers] == index]
            column = f"sparsity_{structure.layers[index].name}"
            shares[mine] = 1.0 - rows[column].to_numpy(dtype=np.float64)[table.question[mine]]
    return LAYER_SPARSITY.forward(shares)


def measured_passing(rows: pd.DataFrame, questions: Questions, table: LayerTable) -> Array:
    """Logit of the share of the next layer's inputs and timesteps with a spike, behind the pool, float64[layers]."""
    shares = np.empty(len(table.question))
    for structure, layers in _by_structure(questions, table):
        for index in np.unique(table.index[layers]):
            mine = layers[table.index[layers] == index]
            asked = table.question[mine]
            spikes = rows[f"spikes_in_{structure.layers[index + 1].name}"].to_numpy(dtype=np.float64)[asked]
            if structure.recurrent:
                spikes = (
                    spikes - rows[f"returning_{structure.layers[index + 1].name}"].to_numpy(dtype=np.float64)[asked]
                )
            shares[mine] = spikes / inputs_of(structure, index + 1)
    return LAYER_SPARSITY.forward(shares)


def with_returning(rows: pd.DataFrame, traces: pd.DataFrame) -> pd.DataFrame:
    """Rows with columns ``returning_<layer>``: spikes a sample of recurrent layers that come back to them.

    They are counted with what enters from below, in the channels behind; their share is that of the traced samples.
    """
    keys = rows["key"].to_numpy()
    recurrent = {keys[n]: n for n in np.flatnonzero(rows["neuron"].isin(RECURRENT))}
    columns: dict[str, Array] = {}
    for layer in traces[traces["key"].isin(recurrent.keys())].to_dict("records"):
        row = rows.iloc[recurrent[layer["key"]]]
        shape = choices_of(row.to_dict()).layers[layer["layer_index"]]
        counts = np.asarray(layer["counts"]).reshape(-1, layer["channels"]).sum(axis=0)
        share = counts[shape.in_channels :].sum() / max(counts.sum(), 1)
        column = columns.setdefault(f"returning_{shape.name}", np.full(len(rows), np.nan))
        column[recurrent[layer["key"]]] = share * row[f"spikes_in_{shape.name}"]
    return rows.assign(**columns)


def _by_structure(questions: Questions, table: LayerTable) -> list[tuple[Structure, NDArray[np.int64]]]:
    number = questions.structure_of[table.question]
    return [(questions.structures[n], np.flatnonzero(number == n)) for n in np.unique(number)]
