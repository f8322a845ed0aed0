"""Contexts, slope sweeps and grids are found by what rows have in common."""

from __future__ import annotations

import numpy as np
import pandas as pd

from spikecast.study.contexts import contexts, usual_dataset, usual_rows
from spikecast.study.designs import neuron_grids, slope_sweep
from spikecast.study.tables import configurations

from .tables import row, table

SWEEP = [
    row(surrogate=surrogate, slope=slope, neuron=neuron, seed=seed)
    for surrogate in ("fast_sigmoid", "atan")
    for slope in (1, 2, 4, 8)
    for neuron in ("leaky", "lapicque")
    for seed in (0, 1)
]
_POINTS = [
    {"beta": beta, "threshold": threshold} for beta in (0.2, 0.4, 0.6, 0.8) for threshold in (0.3, 0.6, 0.9, 1.2, 1.5)
]
GRID = [row(neuron="lapicque", surrogate="atan", slope=2, **point) for point in _POINTS]
#: No two alike in slope, beta or threshold.
SCATTERED = [row(slope=1 + i / 7, beta=0.1 + i / 100, threshold=0.3 + i / 90) for i in range(60)]


def test_a_context_holds_what_differs_in_the_studied_choices_alone() -> None:
    others = [row(learning_rate=0.001 + i / 1e5) for i in range(40)]
    found = contexts(configurations(table(*SCATTERED, *others, *(row(epochs=3, beta=0.1 + i / 50) for i in range(35)))))
    assert [len(context.table) for context in found] == [60, 35]
    assert "epochs" not in found[0].fixed
    assert found[1].fixed["epochs"] == 3
    assert set(found[0].fixed) == {"dataset", "architecture"}


def test_a_context_needs_enough_that_worked() -> None:
    failing = [row(status="silent", beta=0.1 + i / 50) for i in range(30)]
    assert contexts(configurations(table(*failing, *SCATTERED[:29]))) == []


def test_the_sweep_is_found_among_other_rows_and_in_any_order() -> None:
    ste = [row(surrogate="straight_through_estimator", neuron="leaky")]
    rows = table(*GRID, *SWEEP, *SCATTERED, *ste)
    keys = {made["key"] for made in [*SWEEP, *ste]}
    assert set(slope_sweep(rows)["key"]) == keys
    assert set(slope_sweep(rows.sample(frac=1, random_state=1))["key"]) == keys


def test_too_few_slopes_make_no_curve_and_one_curve_no_sweep() -> None:
    few = [made for made in SWEEP if made["surrogate"] == "atan" and made["slope"] == 1]
    one = [made for made in SWEEP if made["surrogate"] == "fast_sigmoid" and made["neuron"] == "leaky"]
    assert slope_sweep(table(*few, *one, *SCATTERED)).empty
    both = [made for made in SWEEP if made["surrogate"] == "fast_sigmoid"]
    assert set(slope_sweep(table(*few, *both))["key"]) == {made["key"] for made in both}


def test_a_sweep_in_which_nothing_worked_is_none() -> None:
    assert slope_sweep(table(*SWEEP).assign(status="diverged")).empty


def test_the_grid_is_found_without_the_points_beside_it() -> None:
    beside = [
        row(neuron="lapicque", surrogate="atan", slope=2, beta=0.5, threshold=0.3),
        row(neuron="lapicque", surrogate="atan", slope=2, beta=0.4, threshold=0.7),
    ]
    (grid,) = neuron_grids(table(*beside, *GRID, *SCATTERED, *SWEEP))
    assert (grid.neuron, grid.surrogate, grid.slope) == ("lapicque", "atan", 2)
    assert set(grid.rows["key"]) == {made["key"] for made in GRID}


def test_a_grid_may_have_a_hole_but_scattered_points_are_none() -> None:
    (grid,) = neuron_grids(table(*GRID[1:]))
    assert len(grid.rows) == len(GRID) - 1
    assert neuron_grids(table(*SCATTERED)) == []
    assert neuron_grids(table(*GRID[:15])) == []


def test_grids_come_leaky_first() -> None:
    leaky = [made | {"neuron": "leaky", "key": f"{made['key']}b", "config_key": f"{made['key']}b"} for made in GRID]
    assert [grid.neuron for grid in neuron_grids(table(*GRID, *leaky))] == ["leaky", "lapicque"]


def test_grids_of_other_networks_or_hardware_are_not_mixed_in() -> None:
    longer = [row(neuron="lapicque", surrogate="atan", slope=2, **point, epochs=3) for point in _POINTS[:16]]
    other = [row(neuron="lapicque", surrogate="atan", slope=2, **point, dataset="digits-saccade") for point in _POINTS]
    elsewhere = [made | {"hardware_description": '{"clock_mhz": 50}'} for made in GRID[:-1]]
    (grid,) = neuron_grids(table(*other, *longer, *elsewhere, *GRID))
    assert set(grid.rows["key"]) == {made["key"] for made in GRID}
    (grid,) = neuron_grids(table(*other))
    assert len(grid.rows) == len(other)


def test_the_usual_rows_are_of_one_network() -> None:
    digits = [row(dataset="digits-saccade", beta=0.1 + i / 50) for i in range(3)]
    vgg9 = [row(architecture="vgg9", beta=0.1 + i / 50) for i in range(2)]
    assert usual_rows(table(*digits, *vgg9, SWEEP[0]))["key"].tolist() == [SWEEP[0]["key"]]
    assert set(usual_rows(table(*digits, *vgg9))["dataset"]) == {"digits-saccade"}
    assert usual_dataset(table(*digits, *vgg9)) == "nmnist"
    assert usual_dataset(table(*digits)) == "digits-saccade"


def test_blocks_of_real_rows_without_any(shipped: pd.DataFrame) -> None:
    first = shipped[(shipped["epoch_kept"] == "last") & (shipped["epochs"] == 8)]
    assert slope_sweep(first).empty
    assert neuron_grids(first) == []
    sizes = [len(context.table) for context in contexts(configurations(first))]
    assert sizes == [first["config_key"].nunique()]
    assert np.isfinite(contexts(configurations(first))[0].ok["accuracy"]).all()
