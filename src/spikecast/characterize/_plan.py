"""What a characterization will take, before it is started."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from spikecast.characterize.store import finished_keys, finished_rows
from spikecast.characterize.trial import TRACED_SAMPLES
from spikecast.choices import TrainingChoices
from spikecast.rows import choices_of

#: Of trials two at a time on two idle cores: 12 epochs of 4 timesteps, 1.75 million multiply-accumulates. Shipped rows
#: were made beside other work, too: their median is more.
SHIPPED_SECONDS_PER_WORK = 17.1 / (12 * 4 * 1_749_504)

#: Sizes of a finished trial as measured on shipped ones: its row, and one number of its traces, as JSON.
_ROW_BYTES, _COUNT_BYTES = 2700, 4

_WEIGHT_BYTES = 4


@dataclass(frozen=True)
class Plan:
    """What is done and what is left of a space.

    Attributes:
        trials: trials of the space.
        finished: how many of them the store has.
        left_seconds: about how long the others take.
        left_bytes: about how much disk they take, before compaction.
        rate_from: whose measured times the estimate rests on: ``own rows`` or ``shipped rows``.
    """

    trials: int
    finished: int
    left_seconds: float
    left_bytes: int
    rate_from: str

    @property
    def left(self) -> int:
        """Trials that are still to run."""
        return self.trials - self.finished


def plan(trials: Sequence[TrainingChoices], folder: Path, jobs: int, networks: bool = False) -> Plan:
    """What running ``trials`` into ``folder`` in ``jobs`` processes would take. Writes nothing.

    Raises:
        InputError: the folder's table is damaged.
    """
    finished = finished_keys(folder)
    left = [choices for choices in trials if choices.key not in finished]
    own = _measured(folder)
    seconds = [_seconds(choices, own) for choices in left]
    # The last trials cannot be shared out: no run is shorter than its longest trial.
    total = max(sum(seconds) / jobs, max(seconds, default=0.0))
    size = sum(_bytes(choices, networks) for choices in left)
    return Plan(len(trials), len(trials) - len(left), total, size, "shipped rows" if own.empty else "own rows")


def multiply_accumulates(choices: TrainingChoices) -> int:
    """Multiply-accumulates of the network for one timestep of one recording, if every input were a spike."""
    return sum(layer.neurons * layer.fan_in for layer in choices.layers)


def work(choices: TrainingChoices) -> int:
    """What training time grows with: epochs x timesteps x multiply-accumulates."""
    return choices.epochs * choices.timesteps * multiply_accumulates(choices)


def _measured(folder: Path) -> pd.DataFrame:
    """Seconds per work of the store's own trials that were trained to the end."""
    rows = finished_rows(folder)
    measured = [
        (choices.dataset, choices.architecture, seconds / work(choices))
        for row in rows.to_dict("records")
        if pd.notna(seconds := _row_seconds(row))
        for choices in [choices_of(row)]
    ]
    return pd.DataFrame(measured, columns=["dataset", "architecture", "per_work"])


def _row_seconds(row: Mapping[Any, Any]) -> float:
    return float(row.get("train_seconds", math.nan)) + float(row.get("simulate_seconds", math.nan))


def _seconds(choices: TrainingChoices, own: pd.DataFrame) -> float:
    alike = own[(own["dataset"] == choices.dataset) & (own["architecture"] == choices.architecture)]
    rates = own if alike.empty else alike
    per_work = SHIPPED_SECONDS_PER_WORK if own.empty else float(rates["per_work"].median())
    return per_work * work(choices)


def _bytes(choices: TrainingChoices, networks: bool) -> int:
    counts = sum(TRACED_SAMPLES * choices.timesteps * layer.trace_channels for layer in choices.layers)
    size = _ROW_BYTES + _COUNT_BYTES * counts
    if networks:
        size += _WEIGHT_BYTES * sum(layer.out_channels * layer.fan_in for layer in choices.layers)
    return size
