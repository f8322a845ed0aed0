"""Which choices to make by default: the most accurate, and of those as good as it the fastest."""

from __future__ import annotations

import math

import pandas as pd

from spikecast.study.seeds import spread_of_seeds
from spikecast.study.tables import USEFUL_SHARE

_EVIDENCE = (
    "accuracy",
    "standard_error",
    "latency_cycles",
    "best_accuracy",
    "best_latency_cycles",
    "rows",
    "tied",
    "candidates",
    "left_out",
)


def best_choices(rows: pd.DataFrame, of: str, choose: list[str]) -> pd.DataFrame:
    """For every value of ``of`` the best values of ``choose``.

    The rule: the highest mean accuracy; of candidates whose mean accuracy is less than one standard error below it,
    the one with the lowest mean latency. Means are over configurations, of means over their seeds. A candidate counts
    if it has as many configurations as any other and every one of its rows is ok. The standard error of a mean p over
    n rows is sqrt(s^2 / n + p (1 - p) / recordings), s the pooled standard deviation between seeds of one
    configuration: other seeds, and other recordings, which all rows share. Badly chosen networks scatter many times as
    much between seeds as good ones, so s is that of configurations with USEFUL_SHARE of the best accuracy or more.

    Args:
        rows: a slope sweep, or neuron grids: designs in which candidates are measured alike.
        of: ``surrogate`` or ``neuron``.
        choose: for example ``["slope"]``.

    Returns:
        One row per value of ``of``: it; ``choose``; ``accuracy`` and ``standard_error`` (0..1), ``latency_cycles`` and
        ``rows`` of the choice; ``best_accuracy`` and ``best_latency_cycles`` of the most accurate; ``tied``, how many
        were as good; ``candidates``, how many counted; ``left_out``, how many did not.
    """
    found = [_best(name, group, of, choose) for name, group in rows.groupby(of)]
    return pd.DataFrame([best for best in found if best], columns=[of, *choose, *_EVIDENCE])


def _best(name: object, rows: pd.DataFrame, of: str, choose: list[str]) -> dict[str, object]:
    configurations = rows.groupby([*choose, "config_key"]).agg(
        rows=("key", "size"),
        ok=("status", lambda status: (status == "ok").all()),
        accuracy=("accuracy", "mean"),
        latency_cycles=("latency_cycles", "mean"),
    )
    candidates = configurations.groupby(choose).agg(
        configurations=("rows", "size"),
        rows=("rows", "sum"),
        ok=("ok", "all"),
        accuracy=("accuracy", "mean"),
        latency_cycles=("latency_cycles", "mean"),
    )
    complete = candidates["configurations"] == candidates["configurations"].max()
    counted = candidates[candidates["ok"] & complete].reset_index()
    if counted.empty:
        return {}
    best = counted.loc[counted["accuracy"].idxmax()]
    means = rows.groupby("config_key")["accuracy"].transform("mean")
    useful = rows[(rows["status"] == "ok") & (means >= USEFUL_SHARE * best["accuracy"])]
    error = _standard_error(
        best["accuracy"], int(best["rows"]), rows["evaluated_samples"].max(), spread_of_seeds(useful, "accuracy")
    )
    tied = counted[(counted["accuracy"] > best["accuracy"] - error) | (counted["accuracy"] == best["accuracy"])]
    chosen = tied.loc[tied["latency_cycles"].idxmin()]
    return {
        of: name,
        **{choice: chosen[choice] for choice in choose},
        "accuracy": chosen["accuracy"],
        "standard_error": error,
        "latency_cycles": chosen["latency_cycles"],
        "best_accuracy": best["accuracy"],
        "best_latency_cycles": best["latency_cycles"],
        "rows": int(chosen["rows"]),
        "tied": len(tied),
        "candidates": len(counted),
        "left_out": len(candidates) - len(counted),
    }


def _standard_error(accuracy: float, rows: int, recordings: float, seeds: float) -> float:
    """``seeds`` is the standard deviation between seeds, NaN where no configuration has several."""
    of_seeds = 0.0 if math.isnan(seeds) else seeds**2 / rows
    return math.sqrt(of_seeds + accuracy * (1 - accuracy) / recordings)
