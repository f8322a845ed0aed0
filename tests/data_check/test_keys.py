"""Choices that are not allowed, and keys and splits that are not theirs."""

from __future__ import annotations

from typing import Any

SPLIT = "keys: split must be that of config_key, so that seeds of a configuration stay together"


def test_choices_that_are_not_allowed(tables: Any, report: Any) -> None:
    row = tables.row("ok")
    tables.rows.loc[row, "beta"] = 1.5
    (finding,) = report().findings
    assert (finding.check, finding.problem) == ("choices", "training choices must be allowed")
    assert finding.keys == (tables.rows["key"][row],)
    assert "beta 1.5 is not allowed" in finding.value


def test_choices_other_than_those_of_the_key(tables: Any, found: Any) -> None:
    row = tables.row("ok")
    tables.rows.loc[row, "beta"] += 0.001
    key = tables.rows["key"][row]
    assert found() == {f"keys: {name} must be that of the choices": (key,) for name in ("key", "config_key")}


def test_another_seed_changes_the_key_alone(tables: Any, found: Any) -> None:
    row = tables.row("ok")
    tables.rows.loc[row, "seed"] = 77
    assert found() == {"keys: key must be that of the choices": (tables.rows["key"][row],)}


def test_an_alias(tables: Any, found: Any) -> None:
    row = tables.rows.index[tables.rows["neuron"] == "leaky"][0]
    tables.rows.loc[row, "neuron"] = "lif"
    assert found() == {"keys: neuron must be spelled out": (tables.rows["key"][row],)}


def test_a_seed_on_the_other_side_of_the_split(tables: Any, found: Any) -> None:
    row = tables.row("diverged")
    tables.rows.loc[row, "split"] = "test" if tables.rows["split"][row] == "train" else "train"
    assert found() == {SPLIT: (tables.rows["key"][row],)}
