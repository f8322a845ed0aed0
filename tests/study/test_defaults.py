"""The defaults' rule: accuracy first, latency among equals, and nothing that sometimes fails."""

from __future__ import annotations

import math

import pytest

from spikecast.study.defaults import best_choices

from .tables import row, table


def slopes(**accuracy_and_cycles: tuple[float, float]) -> list[dict[str, object]]:
    """Both neurons at slopes named ``s4``: accuracies a little below and above the one given."""
    return [
        row(accuracy + shift, cycles, slope=float(name[1:]), neuron=neuron)
        for name, (accuracy, cycles) in accuracy_and_cycles.items()
        for neuron, shift in (("leaky", -0.01), ("lapicque", 0.01))
    ]


def test_ties_go_to_the_faster_and_only_ties() -> None:
    # One standard error at 0.9 with 300 recordings and single seeds is 0.0173.
    (best,) = best_choices(
        table(*slopes(s1=(0.85, 100), s2=(0.89, 500), s4=(0.9, 900), s8=(0.87, 50))), "surrogate", ["slope"]
    ).to_dict("records")
    assert (best["surrogate"], best["slope"], best["tied"], best["candidates"]) == ("fast_sigmoid", 2, 2, 4)
    assert best["standard_error"] == pytest.approx(math.sqrt(0.9 * 0.1 / 300))
    assert (best["best_accuracy"], best["best_latency_cycles"]) == (pytest.approx(0.9), 900)
    assert (best["accuracy"], best["latency_cycles"], best["rows"]) == (pytest.approx(0.89), 500, 2)


def test_seeds_widen_the_standard_error() -> None:
    rows = [row(0.9 + shift, slope=slope, seed=seed) for slope in (1, 2) for seed, shift in ((0, -0.03), (1, 0.03))]
    (best,) = best_choices(table(*rows), "surrogate", ["slope"]).to_dict("records")
    assert best["standard_error"] == pytest.approx(math.sqrt(0.0018 / 2 + 0.9 * 0.1 / 300))


def test_a_candidate_that_failed_once_or_was_measured_less_is_left_out() -> None:
    failing = [row(0.99, slope=16, neuron="leaky"), row(status="collapsed", slope=16, neuron="lapicque")]
    partly = [row(0.99, slope=32, neuron="leaky")]
    (best,) = best_choices(
        table(*slopes(s1=(0.8, 100), s2=(0.5, 100)), *failing, *partly), "surrogate", ["slope"]
    ).to_dict("records")
    assert (best["slope"], best["candidates"], best["left_out"]) == (1, 2, 2)


def test_more_seeds_of_a_configuration_weigh_no_more() -> None:
    rows = [row(0.5, slope=1, neuron="leaky", seed=seed) for seed in range(3)] + [row(0.9, slope=1, neuron="lapicque")]
    (best,) = best_choices(table(*rows), "surrogate", ["slope"]).to_dict("records")
    assert best["accuracy"] == pytest.approx(0.7)


def test_several_choices_at_once() -> None:
    rows = [
        row(0.9 if (beta, threshold) == (0.4, 0.6) else 0.5, neuron=neuron, beta=beta, threshold=threshold)
        for neuron in ("leaky", "lapicque")
        for beta in (0.2, 0.4)
        for threshold in (0.3, 0.6)
    ]
    found = best_choices(table(*rows), "neuron", ["beta", "threshold"])
    assert found[["neuron", "beta", "threshold"]].to_numpy().tolist() == [["lapicque", 0.4, 0.6], ["leaky", 0.4, 0.6]]


def test_where_nothing_works_there_is_no_best() -> None:
    found = best_choices(table(row(status="silent"), row(status="diverged", slope=2)), "surrogate", ["slope"])
    assert found.empty
    assert "slope" in found
