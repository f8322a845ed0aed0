"""The tables that every question of the study starts from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from spikecast.errors import InputError
from spikecast.study.contexts import Context, contexts
from spikecast.study.designs import NeuronGrid, neuron_grids, slope_sweep
from spikecast.study.hardware_timing import timing_of
from spikecast.study.tables import configurations

#: Columns that the study needs beside those of every data folder.
_NEEDED = ("seed", "evaluated_samples", "train_seconds", "simulate_seconds", "versions")


@dataclass(frozen=True)
class Study:
    """A data folder's rows, ordered by key, and what is found in them.

    ``hardware_description`` holds only what decides cycles and microseconds: hardware that agrees there is the same.
    """

    rows: pd.DataFrame

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Study:
        """Check and order rows as ``read_rows`` gives them.

        Raises:
            InputError: a column is missing, or no row has status ok.
        """
        if missing := [name for name in _NEEDED if name not in rows]:
            raise InputError(f"the rows lack the columns {', '.join(missing)}: characterize again")
        if not (rows["status"] == "ok").any():
            raise InputError(f"none of the {len(rows)} rows has status ok, a study needs some: characterize more")
        timing = rows["hardware_description"].map({text: timing_of(text) for text in set(rows["hardware_description"])})
        return cls(rows.assign(hardware_description=timing).sort_values("key", ignore_index=True))

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per configuration."""
        return configurations(self.rows)

    @cached_property
    def contexts(self) -> list[Context]:
        return contexts(self.table)

    @cached_property
    def sweep(self) -> pd.DataFrame:
        return slope_sweep(self.rows)

    @cached_property
    def grids(self) -> list[NeuronGrid]:
        return neuron_grids(self.rows)
