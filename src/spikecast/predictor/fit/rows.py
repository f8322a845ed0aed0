"""What follows of measured rows: the questions that they answer, their energy and operations."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.accelerator.hardware import Hardware
from spikecast.predictor.questions import Questions, Structure
from spikecast.predictor.spikes.costs import costs
from spikecast.predictor.spikes.traces import ReferenceTraces
from spikecast.rows import choices_of


def questions_of(rows: pd.DataFrame) -> Questions:
    """The choices of measured rows."""
    return Questions.of([choices_of(row) for row in rows.to_dict("records")])


def with_costs(
    rows: pd.DataFrame, questions: Questions, references: ReferenceTraces, hardware: Hardware
) -> pd.DataFrame:
    """Rows, timed on ``hardware``, with the ``energy_nj`` and ``synaptic_operations`` of their measured spikes."""
    static_mw = 0.0 if hardware.energy is None else hardware.energy.static_mw
    energy, operations = np.empty(len(rows)), np.empty(len(rows))
    for structure, positions in questions.by_structure():
        cost = costs(
            structure,
            _measured_entering(rows, structure, positions),
            questions.columns["weight_bits"][positions],
            references,
            hardware,
        )
        operations[positions] = cost.synaptic_operations
        # Static power is drawn for the cycles that were measured, not for those of a borrowed trace.
        beyond = rows["latency_cycles"].to_numpy(dtype=np.float64)[positions] - cost.cycles
        energy[positions] = cost.energy_nj + static_mw * hardware.microseconds(beyond)
    return rows.assign(energy_nj=energy, synaptic_operations=operations)


def _measured_entering(rows: pd.DataFrame, structure: Structure, positions: NDArray[np.int64]) -> Array:
    return np.stack(
        [rows[f"spikes_in_{shape.name}"].to_numpy(dtype=np.float64)[positions] for shape in structure.layers], axis=1
    )
