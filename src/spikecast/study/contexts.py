"""Contexts: configurations that differ only in what the source study varies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from spikecast.choices import TrainingChoices
from spikecast.study.tables import CHOICES, ok_only, useful_only

#: What the source study varies.
STUDIED = ("surrogate", "slope", "neuron", "beta", "alpha", "threshold")
#: Fewest ok configurations from which anything is said about a context.
FEWEST_CONFIGURATIONS = 30


@dataclass(frozen=True)
class Context:
    """Configurations alike in every choice but STUDIED, and in the hardware.

    Attributes:
        fixed: the choices they share and that are not the default, and always data set and architecture.
        hardware: its name.
        table: the configurations, whatever came of them, as ``configurations`` gives them.
    """

    fixed: dict[str, object]
    hardware: str
    table: pd.DataFrame

    @property
    def ok(self) -> pd.DataFrame:
        """Configurations with at least one seed whose status is ok."""
        return ok_only(self.table)

    @property
    def useful(self) -> pd.DataFrame:
        """Configurations accurate enough to be used."""
        return useful_only(self.table)


def alike(table: pd.DataFrame, *free: str, fewest: int) -> Iterator[pd.DataFrame]:
    """Groups of ``fewest`` rows or more that differ in the ``free`` choices and the seed at most, in a fixed order."""
    same = [*(name for name in CHOICES if name not in free), "hardware_description"]
    size = table.groupby(same)["config_key"].transform("size")
    yield from (group for _, group in table[size >= fewest].groupby(same))


def contexts(table: pd.DataFrame) -> list[Context]:
    """All contexts with FEWEST_CONFIGURATIONS ok configurations or more: those of the default data set and network
    first, of these and of the others the largest.

    Args:
        table: as ``configurations`` gives it.
    """
    found = [_context(group) for group in alike(table, *STUDIED, fewest=FEWEST_CONFIGURATIONS)]
    large = [context for context in found if len(context.ok) >= FEWEST_CONFIGURATIONS]
    return sorted(large, key=lambda context: (not is_usual(context.table), -len(context.table)))


def is_usual(rows: pd.DataFrame) -> bool:
    """Whether rows alike are of the default data set and network, of which the study speaks."""
    usual, first = TrainingChoices(), rows.iloc[0]
    return bool(first["dataset"] == usual.dataset and first["architecture"] == usual.architecture)


def usual_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of one data set, network and hardware: of the default data set and network if there are any, and of
    those the most."""
    groups = (group for _, group in rows.groupby(["dataset", "architecture", "hardware_description"]))
    return max(groups, key=lambda group: (is_usual(group), len(group)))


def usual_dataset(rows: pd.DataFrame) -> str:
    """The default data set if rows are of it, else that of most rows."""
    counts = rows["dataset"].value_counts()
    usual = TrainingChoices().dataset
    return usual if usual in counts else str(counts.idxmax())


def _context(group: pd.DataFrame) -> Context:
    first = group.iloc[0]
    always = ("dataset", "architecture")
    fixed = {
        name: first[name]
        for name in CHOICES
        if name in always or (name not in STUDIED and first[name] != TrainingChoices.model_fields[name].default)
    }
    return Context(fixed, first["hardware"], group)
