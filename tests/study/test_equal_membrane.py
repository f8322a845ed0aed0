"""Leaky and lapicque neurons are paired by what their membranes do."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from spikecast.study.membranes import FEWEST_EXACT, EqualMembranes, equal_membranes
from spikecast.study.tables import configurations

from .tables import row, table

#: beta of a lapicque neuron with gain 0.25, so leak 0.75.
BETA = round(math.exp(-0.25), 4)


def found(*rows: dict[str, object], equal_gradient: bool = False) -> EqualMembranes | None:
    return equal_membranes(configurations(table(*rows)), equal_gradient=equal_gradient)


LEAKY = row(0.9, 1000, neuron="leaky", beta=0.75, threshold=0.8, slope=5)


def lapicque(accuracy: float = 0.92, cycles: float = 500, **choices: object) -> dict[str, object]:
    return row(accuracy, cycles, **{"neuron": "lapicque", "beta": BETA, "threshold": 0.2, "slope": 5} | choices)


def test_an_exact_pair() -> None:
    pairs = found(LEAKY, lapicque())
    assert pairs is not None
    assert pairs.pairs["exact"].tolist() == [True]
    assert pairs.ratio.value == pytest.approx(0.5)
    assert pairs.gain_points.value == pytest.approx(2)
    assert pairs.pairs.loc[0, "leak"] == 0.75


def test_slopes_are_compared_as_they_are_or_as_the_membranes_see_them() -> None:
    steep = lapicque(slope=20)
    assert found(LEAKY, steep) is None
    pairs = found(LEAKY, steep, equal_gradient=True)
    assert pairs is not None
    assert pairs.pairs["exact"].all()
    assert found(LEAKY, lapicque(), equal_gradient=True) is None


def test_the_nearest_stands_in_within_the_tolerance() -> None:
    pairs = found(LEAKY, lapicque(threshold=0.21))
    assert pairs is not None
    assert pairs.pairs["exact"].tolist() == [False]
    assert pairs.pairs.loc[0, "distance"] == pytest.approx(math.log(1.05) / math.log(1.1), abs=0.01)
    assert found(LEAKY, lapicque(threshold=0.23)) is None
    assert found(LEAKY, lapicque(beta=0.65)) is None


@pytest.mark.parametrize(("exact", "counted"), [(FEWEST_EXACT, FEWEST_EXACT), (FEWEST_EXACT - 1, FEWEST_EXACT)])
def test_exact_pairs_stand_alone_if_there_are_enough(exact: int, counted: int) -> None:
    near = [row(neuron="leaky", beta=0.3, threshold=0.8, slope=5), lapicque(beta=0.4966, threshold=0.58)]
    pairs = found(
        *near,
        *(row(neuron="leaky", beta=0.75, threshold=0.8, slope=5, epochs=1 + i) for i in range(exact)),
        *(lapicque(epochs=1 + i) for i in range(exact)),
    )
    assert pairs is not None
    assert len(pairs.pairs) == counted
    assert pairs.pairs["exact"].sum() == exact


def test_none_is_in_two_pairs() -> None:
    pairs = found(LEAKY, lapicque(threshold=0.205), lapicque(threshold=0.21, cycles=700))
    assert pairs is not None
    assert pairs.pairs["latency_lapicque"].tolist() == [500]


def test_all_else_must_be_alike() -> None:
    assert found(LEAKY, lapicque(surrogate="atan")) is None
    assert found(LEAKY, lapicque(epochs=3)) is None


def test_pairs_are_resampled() -> None:
    rows = [
        made
        for i, threshold in enumerate((0.4, 0.6, 0.8, 1.0, 1.2, 1.4))
        for made in (
            row(0.9, 1000, neuron="leaky", beta=0.75, threshold=threshold, slope=5),
            lapicque(0.9, 800 if i % 2 else 900, threshold=round(threshold / 4, 3)),
        )
    ]
    pairs = found(*rows)
    assert pairs is not None
    assert len(pairs.pairs) == 6
    assert pairs.ratio.value == pytest.approx(math.sqrt(0.8 * 0.9))
    assert 0.8 <= pairs.ratio.low < pairs.ratio.value < pairs.ratio.high <= 0.9
    assert pairs.gain_points.high == pytest.approx(0, abs=1e-9)


def test_real_rows(shipped: pd.DataFrame) -> None:
    ok = shipped[shipped["status"] == "ok"]
    pairs = equal_membranes(configurations(ok), equal_gradient=True)
    assert pairs is not None
    assert pairs.pairs["key_leaky"].is_unique
    assert pairs.pairs["key_lapicque"].is_unique
    assert (pairs.pairs["distance"] <= 1).all()
