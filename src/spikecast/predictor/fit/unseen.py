"""How wrong predictors are about an architecture or a neuron of which they have no row."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.accelerator.hardware import Hardware
from spikecast.predictor.fit.held_out import one_thread
from spikecast.predictor.fit.layers import measured_layers_of
from spikecast.predictor.fit.learned_rows import LearnedRows
from spikecast.predictor.intervals import half_width
from spikecast.predictor.models import GaussianProcess
from spikecast.predictor.models.gaussian_process import Kernel
from spikecast.predictor.questions import Questions, Structure
from spikecast.predictor.spikes.activity import LayerLogits, LayerTable, layer_tables, role_of
from spikecast.predictor.spikes.costs import spike_answers
from spikecast.predictor.spikes.references import ReferenceTraces
from spikecast.predictor.targets import LAYER_SPARSITY, SMALLEST_ERROR, TARGETS

#: The choices whose new values can be far off. A new surrogate is covered by what is known of its network alone.
UNSEEN = ("architecture", "neuron")
#: Each left-out value takes kernels of its own: those of all rows know already how it differs. Few rows do for that.
_KERNEL_ROWS = 250


def unseen_widths(
    ok: LearnedRows, references: ReferenceTraces, hardware: Hardware, jobs: int
) -> dict[str, dict[str, float]]:
    """Half widths for questions about values that were never measured.

    Every value is left out in turn, the layers are fitted on the others, and asked about it. The value that was
    foreseen worst decides: a new one may be like it.

    Args:
        ok: rows that ended ok, with energy, operations and what comes back of recurrent layers.
        references: traces that lend their shape.
        hardware: what timed the rows.
        jobs: processes.

    Returns:
        By target that follows from spikes, and ``layer_sparsity``, by choice of UNSEEN; without choices of which no
        value can be left out.
    """
    widths: dict[str, dict[str, float]] = {}
    for choice in UNSEEN:
        kept = foreseeable(ok.questions, choice)
        if kept.any():
            errors = _errors(ok.take(kept), choice, references, hardware, jobs)
            for name, (residuals, values) in errors.items():
                widest = max(half_width(residuals[values == value]) for value in np.unique(values))
                widths.setdefault(name, {})[choice] = widest
    return widths


def foreseeable(questions: Questions, choice: str) -> NDArray[np.bool_]:
    """bool[questions]: those of which others of them, with another value of the choice, say something."""
    column = questions.columns[choice]
    needs = [_needs(structure) for structure in questions.structures]
    kept = np.ones(len(questions), dtype=bool)
    while True:
        foreseen = np.zeros_like(kept)
        for value in np.unique(column):
            own = column == value
            measured = set().union(*(needs[number] for number in np.unique(questions.structure_of[kept & ~own])))
            answered = [number for number, needed in enumerate(needs) if needed <= measured]
            foreseen |= own & np.isin(questions.structure_of, answered)
        # Without those that drop out, others may not be foreseen either.
        if (foreseen == kept).all():
            return kept
        kept &= foreseen


def _needs(structure: Structure) -> set[Hashable]:
    """What must have been measured before a network can be asked about."""
    layers = {
        (role_of(structure, index), shape.kind, structure.recurrent) for index, shape in enumerate(structure.layers)
    }
    return {structure.input, *layers}


def _errors(
    ok: LearnedRows, choice: str, references: ReferenceTraces, hardware: Hardware, jobs: int
) -> Mapping[str, tuple[Array, NDArray[np.str_]]]:
    """By target, errors on its learning scale, and the value of the choice that each was made about."""
    column = ok.questions.columns[choice]
    tables = layer_tables(ok.questions, ok.x)
    measured = {role: measured_layers_of(ok, role, table) for role, table in tables.items()}
    tasks = [(role, value) for role, table in tables.items() for value in np.unique(column[table.question])]
    answers = Parallel(n_jobs=jobs)(
        delayed(without)(tables[role], measured[role], column[tables[role].question] == value) for role, value in tasks
    )
    expected = {role: np.empty_like(values) for role, values in measured.items()}
    for (role, value), answer in zip(tasks, answers, strict=True):
        expected[role][column[tables[role].question] == value] = answer
    # What a layer's own error is makes no difference here.
    logits = LayerLogits.of_roles(
        ok.questions, ((table, expected[role], np.full(len(table.x), SMALLEST_ERROR)) for role, table in tables.items())
    )
    by_spikes = spike_answers(ok.questions, logits, references, hardware)
    errors = {name: (ok.learned(TARGETS[name]) - values, column) for name, values in by_spikes.values.items()}
    layers = np.concatenate([measured[role][:, 0] - expected[role][:, 0] for role in tables])
    errors[LAYER_SPARSITY.name] = (layers, np.concatenate([column[table.question] for table in tables.values()]))
    return errors


def without(table: LayerTable, measured: Array, out: NDArray[np.bool_]) -> Array:
    """What the other layers of a role, under a kernel of their own, say of those that are left out.

    Args:
        table: the layers.
        measured: float64[layers, 1 or 2], firing and passing.
        out: bool[layers], those to be answered.

    Returns:
        float64[layers left out, 1 or 2].
    """
    with one_thread():
        x, y = table.x[~out], measured[~out]
        kernel = Kernel.likeliest(x, y[:, -1], _KERNEL_ROWS)
        return GaussianProcess.under(kernel, x, y).predict(table.x[out])
