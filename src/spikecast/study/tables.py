"""From rows, one per trained network, to configurations: seeds are averaged before anything is compared."""

from __future__ import annotations

from typing import Any

import pandas as pd

from spikecast.neurons import dynamics
from spikecast.rows import CHOICE_COLUMNS, STATUSES, seed_means

#: Choices that name a configuration.
CHOICES = tuple(name for name in CHOICE_COLUMNS if name != "seed")
#: Accuracy, as a share of the best, below which nobody would use a network.
USEFUL_SHARE = 0.8
MEASURED = ("accuracy", "sparsity", "latency_cycles")


def layer_columns(rows: pd.DataFrame) -> list[str]:
    """The columns ``sparsity_<layer>``, convolutions first, both kinds by their number."""
    names = [str(name) for name in rows if str(name).startswith("sparsity_")]
    return sorted(names, key=lambda name: (name.rstrip("0123456789"), len(name), name))


def configurations(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per configuration, ordered by key.

    Columns: ``config_key``; every choice but the seed; ``hardware`` and ``hardware_description``; ``seeds`` and
    ``ok_seeds``, counts; ``recordings`` evaluated, NaN if none was; ``status``, that of most seeds, the worse on a tie;
    ``accuracy``, ``sparsity``, ``latency_cycles`` and ``sparsity_<layer>``, means over seeds with status ok, NaN if
    there is none.
    """
    measured = [*MEASURED, *layer_columns(rows)]
    ordered = rows.sort_values("key")
    ok = ordered["status"] == "ok"
    groups = ordered.groupby("config_key")
    table = groups[[*CHOICES, "hardware", "hardware_description"]].first()
    table["seeds"] = groups.size()
    table["ok_seeds"] = ok.groupby(ordered["config_key"]).sum()
    table["recordings"] = groups["evaluated_samples"].max()
    table["status"] = groups["status"].agg(_commonest)
    return table.join(seed_means(ordered, measured)).reset_index()


def ok_only(table: pd.DataFrame) -> pd.DataFrame:
    """The configurations with at least one seed whose status is ok."""
    return table[table["ok_seeds"] > 0]


def useful_only(table: pd.DataFrame) -> pd.DataFrame:
    """The configurations with USEFUL_SHARE of the best accuracy of their data set and architecture, or more."""
    best = table.groupby(["dataset", "architecture"])["accuracy"].transform("max")
    return table[table["accuracy"] >= USEFUL_SHARE * best]


def most_accurate(table: pd.DataFrame) -> dict[Any, Any]:
    """The configuration with the highest accuracy, the first on a tie; one must have an accuracy."""
    return table.iloc[int(table["accuracy"].argmax())].to_dict()


def with_membrane(table: pd.DataFrame) -> pd.DataFrame:
    """Configurations with what their membranes do, whatever the neuron is called.

    Added are ``gain``, what one spike of weight 1 adds; ``leak``, the share that a timestep keeps; and
    ``effective_threshold``, the threshold at gain 1.
    """
    found = [dynamics(*row) for row in table[["neuron", "beta", "alpha"]].itertuples(index=False, name=None)]
    return table.assign(
        gain=[membrane.gain for membrane in found],
        leak=[membrane.leak for membrane in found],
        effective_threshold=lambda made: made["threshold"] / made["gain"],
    )


def _commonest(statuses: pd.Series[str]) -> str:
    counts = statuses.value_counts()
    return max(STATUSES, key=lambda status: (counts.get(status, 0), STATUSES.index(status)))
