"""Pairs at the same accuracy, and what is resampled."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from spikecast.study import matched as matched_module
from spikecast.study.matched import LAPICQUE_FOR_LEAKY, matched, strictest
from spikecast.study.tables import configurations

from .tables import row, table


def made(*rows: dict[str, object]) -> pd.DataFrame:
    return configurations(table(*rows))


def test_pairs_by_hand() -> None:
    rows = made(
        row(0.90, 100, neuron="leaky", beta=0.5),
        row(0.80, 200, neuron="leaky", beta=0.6),
        row(0.91, 50, neuron="lapicque", beta=0.5),
        row(0.895, 200, neuron="lapicque", beta=0.6),
        row(0.82, 10, neuron="lapicque", beta=0.7),
    )
    found = matched(rows, LAPICQUE_FOR_LEAKY)
    # A point apart is a pair, two points are none.
    assert sorted(found.ratio) == pytest.approx([0.5, 2.0])
    assert sorted(found.accuracy) == pytest.approx([0.8975, 0.905])
    assert (found.references, found.others) == (1, 2)
    assert not found.enough
    assert math.isnan(found.typical.value)


def test_what_is_not_free_must_be_alike() -> None:
    rows = made(row(neuron="leaky", slope=5, epochs=3), row(neuron="lapicque", slope=6, epochs=3))
    assert len(matched(rows, LAPICQUE_FOR_LEAKY).ratio) == 0
    assert len(matched(rows, LAPICQUE_FOR_LEAKY, ("slope",)).ratio) == 1
    other = made(row(neuron="leaky", slope=5, epochs=3), row(neuron="lapicque", slope=6, epochs=4))
    assert len(matched(other, LAPICQUE_FOR_LEAKY, ("slope",)).ratio) == 0


def grid(lapicque_cycles: float, slopes: tuple[float, float] = (5, 5)) -> pd.DataFrame:
    """20 configurations of each kind, all as accurate; those of one kind differ in latency by a known spread."""
    spread = np.exp(np.linspace(-0.3, 0.3, 20))
    return made(
        *(row(0.9, 1000 * s, neuron="leaky", beta=0.2 + i / 30, slope=slopes[0]) for i, s in enumerate(spread)),
        *(
            row(0.9, lapicque_cycles * s, neuron="lapicque", beta=0.2 + i / 30, slope=slopes[1])
            for i, s in enumerate(spread)
        ),
    )


def test_the_typical_ratio_and_its_interval_are_those_of_configurations() -> None:
    found = matched(grid(800), LAPICQUE_FOR_LEAKY)
    assert len(found.ratio) == 400
    assert found.typical.value == pytest.approx(0.8)
    # Of two means over 20 each, not of one over 400 pairs.
    error = 1.96 * math.sqrt(2 * np.linspace(-0.3, 0.3, 20).var() / 20)
    assert math.log(found.typical.low / 0.8) == pytest.approx(-error, rel=0.06)
    assert math.log(found.typical.high / 0.8) == pytest.approx(error, rel=0.06)


def test_the_strictest_pairs_that_are_enough() -> None:
    assert strictest(grid(800), LAPICQUE_FOR_LEAKY, ("slope",))[1]
    loose, strict = strictest(grid(800, (5, 6)), LAPICQUE_FOR_LEAKY, ("slope",))
    assert not strict
    assert len(loose.ratio) == 400


def test_few_configurations_are_not_enough_however_many_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matched_module, "FEWEST_OF_A_KIND", 21)
    assert not matched(grid(800), LAPICQUE_FOR_LEAKY).enough
