"""Columns that name a layer which a network, or every network, lacks."""

from __future__ import annotations

from typing import Any

EMPTY = "layers: columns of layers that the network lacks must be empty"


def test_a_layer_of_no_network(tables: Any, found: Any) -> None:
    tables.rows["spikes_in_conv7"] = 3.0
    assert found() == {EMPTY: tuple(tables.rows["key"])}


def test_a_layer_of_other_networks(tables: Any, found: Any) -> None:
    row = tables.rows.index[tables.rows["architecture"] == "FC30-FC20-FC10"][0]
    tables.rows.loc[row, "sparsity_conv2"] = 0.5
    assert found() == {EMPTY: (tables.rows["key"][row],)}
