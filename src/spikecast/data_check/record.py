"""A row with what follows from it: its training choices and the shapes of its layers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from spikecast.architecture import LayerShape
from spikecast.choices import TrainingChoices
from spikecast.data_check.columns import LAYER_MEASURES, MEASURED
from spikecast.data_check.finding import Spot
from spikecast.errors import InputError
from spikecast.rows import choices_of

#: Statuses of networks that were trained to the end and simulated.
SIMULATED = ("ok", "silent", "collapsed")


@dataclass(frozen=True)
class Record:
    """One row.

    Attributes:
        values: the row, by column; NaN or None where it has no value.
        choices: its training choices.
        layers: shapes of its network's layers.
    """

    values: dict[str, Any]
    choices: TrainingChoices
    layers: tuple[LayerShape, ...]

    @property
    def key(self) -> str:
        """The key as recorded."""
        return str(self.values["key"])

    @property
    def status(self) -> str:
        """The status as recorded."""
        return str(self.values["status"])

    @property
    def simulated(self) -> bool:
        """Whether its network was trained to the end and simulated."""
        return self.status in SIMULATED

    def has(self, column: str) -> bool:
        """Whether there is a value in the column."""
        return not pd.isna(self.values.get(column))

    def of_layers(self, measure: str) -> list[float]:
        """What was measured of every layer, in order."""
        return [float(self.values[f"{measure}_{shape.name}"]) for shape in self.layers]

    @property
    def measured_columns(self) -> list[str]:
        """Columns that a simulated network fills."""
        return [*MEASURED, *(f"{measure}_{shape.name}" for measure in LAYER_MEASURES for shape in self.layers)]

    @cached_property
    def lacking(self) -> list[str]:
        """Columns, of those that a simulated network fills, in which there is no finite number."""
        return [name for name in self.measured_columns if not math.isfinite(self.values.get(name, math.nan))]

    @cached_property
    def complete(self) -> bool:
        """Whether its network was simulated and every number of that is there, of one sample or more."""
        return self.simulated and not self.lacking and self.values["evaluated_samples"] >= 1


def read_records(rows: pd.DataFrame) -> tuple[list[Record], list[Spot]]:
    """The rows whose training choices are valid, and what is wrong with the others: no other check can judge them."""
    records, spots = [], []
    for values in rows.to_dict("records"):
        try:
            choices = choices_of(values)
            records.append(Record({str(name): value for name, value in values.items()}, choices, choices.layers))
        except InputError as error:
            spots.append(Spot("training choices must be allowed", str(values["key"]), str(error)))
    return records, spots
