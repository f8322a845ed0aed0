"""The columns of a data folder's tables and the type of what they hold: ``str``, ``int`` or ``float``."""

from __future__ import annotations

import re
from typing import Any, get_args

from spikecast.choices import TrainingChoices


def _plain_type(annotation: Any) -> type:
    """The type of a choice; that of its values where they are a closed list."""
    return annotation if isinstance(annotation, type) else type(get_args(annotation)[0])


CHOICES = {name: _plain_type(field.annotation) for name, field in TrainingChoices.model_fields.items()}
#: What only a network that was trained to the end and simulated has, beside its per-layer columns.
MEASURED: dict[str, type] = {
    "accuracy": float,
    "sparsity": float,
    "latency_cycles": float,
    "latency_cycles_p95": float,
    "final_loss": float,
    "spike_agreement": float,
    "evaluated_samples": int,
    "simulate_seconds": float,
}
ROW_COLUMNS: dict[str, type] = {
    **dict.fromkeys(("key", "config_key"), str),
    **CHOICES,
    **dict.fromkeys(("status", "split", "hardware", "hardware_description", "error"), str),
    **MEASURED,
    "train_seconds": float,
    "kept_epoch": int,
}
TRACE_COLUMNS: dict[str, type] = {"key": str, "layer": str, "layer_index": int, "timesteps": int, "channels": int}
#: Columns of the traces that hold a list of whole numbers.
TRACE_LISTS = ("samples", "counts", "done_cycles")

#: What is measured of every layer; a column is one of these, an underscore, and the layer's name.
LAYER_MEASURES = ("sparsity", "spikes_in", "latency_cycles")
_OF_LAYER = re.compile(rf"({'|'.join(LAYER_MEASURES)})_((?:conv|fc)\d+)")


def layer_of(column: str) -> str | None:
    """The layer that a column of rows is about; None if it is not about one."""
    match = _OF_LAYER.fullmatch(column)
    return match[2] if match else None


def measure_of(column: str) -> str:
    """What a column of rows holds, without the name of a layer: ``sparsity`` of ``sparsity_conv1``."""
    match = _OF_LAYER.fullmatch(column)
    return match[1] if match else column
