"""Each claim on rows for which the answer is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from spikecast.study.claims.accuracy import accuracy_is_a_poor_predictor
from spikecast.study.claims.fast_sigmoid import fast_sigmoid_is_best, slope_ranges
from spikecast.study.claims.latency import escape_lowers_latency, lapicque_lowers_latency
from spikecast.study.claims.source import CLAIMS
from spikecast.study.claims.sparsity_aware import baseline, fastest_of_the_best, sparsity_aware_choice_pays
from spikecast.study.contexts import Context
from spikecast.study.study import Study
from spikecast.study.tables import configurations

from .tables import row, table


def context(*rows: dict[str, Any]) -> Context:
    return Context({}, "sparse-core", configurations(table(*rows)))


def two_kinds(ratio: float, loss: float, one: dict[str, Any], other: dict[str, Any]) -> Context:
    """25 configurations of each kind; the other takes ``ratio`` times as long, and its best lose ``loss``."""
    accuracy = np.linspace(0.8, 0.9, 25)
    cycles = 1000 * np.exp(np.tile(np.linspace(-0.1, 0.1, 5), 5))
    rows = []
    for i, (p, c) in enumerate(zip(accuracy, cycles, strict=True)):
        beta = 0.2 + i / 50
        rows.append(row(p, c, beta=beta, **one))
        rows.append(row(min(p, 0.9 - loss), ratio * c, beta=beta, **other))
    return context(*rows)


@pytest.mark.parametrize(
    ("ratio", "loss", "verdict"),
    [(0.8, 0.0, "confirmed"), (1.25, 0.0, "different"), (1.0, 0.0, "not confirmed"), (0.8, 0.05, "different")],
)
def test_lapicque_for_leaky(ratio: float, loss: float, verdict: str) -> None:
    found = lapicque_lowers_latency(two_kinds(ratio, loss, {"neuron": "leaky"}, {"neuron": "lapicque"}))
    assert found.verdict == verdict
    latency, accuracy = found.evidence
    assert latency.estimate.value == pytest.approx(100 * (ratio - 1), abs=3)
    assert accuracy.estimate.value == pytest.approx(-100 * loss, abs=1)
    assert "alike in everything else" in found.basis


def test_escape_for_fast_sigmoid_falls_back_on_free_choices() -> None:
    found = escape_lowers_latency(
        two_kinds(0.9, 0.0, {"surrogate": "fast_sigmoid"}, {"surrogate": "spike_rate_escape"})
    )
    assert found.verdict == "confirmed"
    assert "whatever their beta, alpha, threshold" in found.basis


def test_networks_that_nobody_would_use_do_not_count() -> None:
    kinds = two_kinds(0.8, 0.0, {"neuron": "leaky"}, {"neuron": "lapicque"})
    useless = [
        row(0.3, 9000 if neuron == "lapicque" else 10, neuron=neuron, threshold=0.5 + i / 100)
        for neuron in ("leaky", "lapicque")
        for i in range(1, 40)
    ]
    both = Context({}, "sparse-core", pd.concat([kinds.table, context(*useless).table], ignore_index=True))
    assert lapicque_lowers_latency(both).evidence[0].estimate == lapicque_lowers_latency(kinds).evidence[0].estimate


def test_too_few_pairs_are_told() -> None:
    found = lapicque_lowers_latency(context(row(neuron="leaky"), row(neuron="lapicque")))
    assert found.verdict == "not measured"
    assert found.basis.startswith("1 pairs of leaky and lapicque")


SLOPES = (0.5, 1, 2, 4, 8, 16)


def sweep(**peaks: float) -> pd.DataFrame:
    """Fast sigmoid keeps 0.9 everywhere; the others have their peak at slope 2 and lose 0.2 per doubling."""
    rows = [row(0.9, slope=slope, neuron=neuron) for slope in SLOPES for neuron in ("leaky", "lapicque")]
    rows += [
        row(max(peak - 0.2 * abs(np.log2(slope / 2)), 0.1), surrogate=name, slope=slope, neuron=neuron)
        for name, peak in peaks.items()
        for slope in SLOPES
        for neuron in ("leaky", "lapicque")
    ]
    return table(*rows)


def test_fast_sigmoid_above_all() -> None:
    found = fast_sigmoid_is_best(sweep(atan=0.85, sigmoid=0.8))
    assert found.verdict == "confirmed"
    accuracy, octaves = found.evidence
    # Two configurations at the peak and one a doubling away make atan's peak.
    assert accuracy.estimate.value == pytest.approx(100 * (0.9 - (0.85 + 0.85 + 0.65) / 3))
    assert octaves.estimate.value == pytest.approx(5 - 5 * 2 / 12)


def test_fast_sigmoid_below_another() -> None:
    assert fast_sigmoid_is_best(sweep(atan=1.0)).evidence[0].verdict == "not confirmed"
    higher = sweep(atan=0.5)
    higher.loc[higher["surrogate"] == "atan", "accuracy"] = 0.97
    assert fast_sigmoid_is_best(higher).verdict == "different"


def test_a_surrogate_that_never_learns_keeps_nothing() -> None:
    flat = sweep(atan=0.5)
    flat.loc[flat["surrogate"] == "atan", "accuracy"] = 0.2
    assert fast_sigmoid_is_best(flat).evidence[1].estimate.value == pytest.approx(5)


def test_failures_count_against_a_slope_range() -> None:
    rows = table(
        *(row(0.9, slope=slope) for slope in (1, 2, 4)),
        row(status="collapsed", slope=8),
        row(status="diverged", slope=16),
        row(status="failed", slope=32),
    )
    found = slope_ranges(rows)["fast_sigmoid"]
    assert sorted(found.accuracy) == pytest.approx([0, 0.1, 0.9, 0.9, 0.9])
    assert found.octaves == 4
    assert found.kept(found.accuracy) == pytest.approx(4 * 3 / 5)


def test_without_a_sweep_the_claim_says_what_makes_one() -> None:
    found = fast_sigmoid_is_best(table(row()).head(0))
    assert (found.verdict, found.basis) == ("not measured", "needs a slope sweep: rows of spaces/phase1.yaml")


def test_the_baseline_is_the_nearest_measured() -> None:
    near = {"slope": 1.2, "beta": 0.2, "threshold": 0.55}
    rows = configurations(
        table(
            row(slope=8, beta=0.15, threshold=0.5),
            row(**near),
            row(slope=1, beta=0.15, threshold=1.5),
            row(neuron="lapicque", slope=1, beta=0.15, threshold=0.5),
        )
    )
    found = baseline(rows)
    assert found is not None
    assert {name: found[name] for name in near} == near
    assert baseline(rows[rows["neuron"] == "lapicque"]) is None


def test_the_choice_is_the_fastest_of_the_best() -> None:
    assert fastest_of_the_best(np.array([0.7, 0.9, 0.89, 0.889]), np.array([1.0, 9.0, 5.0, 2.0])) == 2


@pytest.mark.parametrize(
    ("gain", "times", "verdict"),
    [(0.15, 3.0, "confirmed"), (0.15, 1.5, "different"), (0.0, 3.0, "not confirmed"), (0.15, 0.5, "different")],
)
def test_sparsity_aware_choice(gain: float, times: float, verdict: str) -> None:
    base = row(0.7, 3000, surrogate="fast_sigmoid", slope=1, beta=0.15, threshold=0.5)
    better = [row(0.7 + gain + i / 1000, 3000 / times, surrogate="atan", threshold=0.5 + i / 100) for i in range(8)]
    worse = [row(0.4, 5000, surrogate="atan", beta=0.3 + i / 100) for i in range(5)]
    found = sparsity_aware_choice_pays(context(base, *better, *worse))
    assert found.verdict == verdict
    assert found.evidence[0].estimate.value == pytest.approx(100 * gain, abs=0.71)
    assert found.evidence[1].estimate.value == pytest.approx(times)
    assert "fast_sigmoid slope 1, leaky beta 0.15, threshold 0.5 (70.0%, 3,000 cycles)" in found.basis


@pytest.mark.parametrize(
    ("noise", "verdict"), [(0.0, "different"), (50.0, "confirmed")], ids=["tells latency", "tells nothing"]
)
def test_accuracy_as_a_predictor(noise: float, verdict: str) -> None:
    random = np.random.default_rng(4)
    accuracy = random.uniform(0.5, 0.9, 120)
    rows = [
        row(p, 2000 - 1000 * p + noise * z, beta=0.1 + i / 200)
        for i, (p, z) in enumerate(zip(accuracy, 10 * random.normal(size=120), strict=True))
    ]
    assert accuracy_is_a_poor_predictor(context(*rows)).verdict == verdict


def test_every_claim_has_an_answer_on_real_rows(shipped: pd.DataFrame) -> None:
    study = Study.of(shipped)
    for claim in CLAIMS:
        finding = claim.test(study)
        assert finding.basis
        if finding.verdict == "not measured":
            assert "spaces/" in finding.basis
        for piece in finding.evidence:
            assert piece.estimate.low <= piece.estimate.value <= piece.estimate.high
