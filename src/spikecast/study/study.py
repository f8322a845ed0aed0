"""The tables that every question of the study starts from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from spikecast.accelerator.hardware import TIMING
from spikecast.errors import InputError
from spikecast.study.contexts import Context, contexts
from spikecast.study.designs import NeuronGrid, neuron_grids, slope_sweep
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
        described = rows["hardware_description"]
        timing = described.map({text: timing_of(text) for text in set(described)})
        return cls(rows.assign(hardware_description=timing).sort_values("key", ignore_index=True))

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per configuration."""
        return configurations(self.rows)

    @cached_property
    def contexts(self) -> list[Context]:
        """Configurations that compare, the main context first."""
        return contexts(self.table)

    @cached_property
    def sweep(self) -> pd.DataFrame:
        """The rows of one slope sweep; none if there is none."""
        return slope_sweep(self.rows)

    @cached_property
    def grids(self) -> list[NeuronGrid]:
        """The grids of beta and threshold."""
        return neuron_grids(self.rows)


def timing_of(description: str) -> str:
    """The part of a description, as JSON, by which two are the same hardware to a study.

    Raises:
        InputError: it is none.
    """
    try:
        described = json.loads(description)
    except (TypeError, ValueError):
        described = None
    if not isinstance(described, dict):
        raise InputError(f"a row's hardware_description is {description!r}, no description: see spikecast data check")
    return json.dumps({name: described.get(name) for name in (*TIMING, "clock_mhz")}, sort_keys=True)
