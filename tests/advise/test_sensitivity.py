"""Sweeps of one choice."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from spikecast.advise import sensitivity
from spikecast.errors import InputError
from spikecast.predictor import Predictor


def test_a_slope_goes_over_what_was_measured_with_its_surrogate(shipped: Predictor) -> None:
    sweep = sensitivity(shipped, "slope", {"surrogate": "sso", "neuron": "lapicque"}, points=7)
    slopes = [c.slope for c in shipped.measured.choices if c.surrogate == "stochastic_spike_operator"]
    swept = sweep.table["slope"].to_numpy()
    assert swept == pytest.approx(np.geomspace(min(slopes), max(slopes), 7))
    assert sweep.varied == ["slope"]
    assert set(sweep.table["surrogate"]) == {"stochastic_spike_operator"}
    assert set(sweep.table["neuron"]) == {"lapicque"}


def test_rows_are_what_the_predictor_says(shipped: Predictor) -> None:
    sweep = sensitivity(shipped, "beta", {"neuron": "lapicque"}, low=0.5, high=0.7, points=3)
    assert sweep.table["beta"].tolist() == [0.5, 0.6, 0.7]
    for row in sweep.table.to_dict("records"):
        answer = shipped.predict({"neuron": "lapicque", "beta": row["beta"]})
        assert row["accuracy"] == pytest.approx(answer.accuracy.value)
        assert row["latency_us_high"] == pytest.approx(answer.latency_us.high)
        assert row["in_domain"] == answer.in_domain


def test_the_middle_of_a_logarithmic_sweep_is_the_round_number(shipped: Predictor) -> None:
    sweep = sensitivity(shipped, "learning_rate", low=0.0002, high=0.02, points=3)
    assert sweep.table["learning_rate"].tolist() == [0.0002, 0.002, 0.02]
    assert sweep.table["in_domain"].tolist() == [False, True, False]


def test_outside_is_marked(shipped: Predictor) -> None:
    sweep = sensitivity(shipped, "slope", low=5, high=500, points=3)
    assert sweep.table["slope"].tolist() == pytest.approx([5, 50, 500])
    assert sweep.table["in_domain"].tolist() == [True, True, False]


def test_categories_go_over_those_that_were_measured(shipped: Predictor) -> None:
    sweep = sensitivity(shipped, "neuron")
    assert sweep.table["neuron"].tolist() == sorted({c.neuron for c in shipped.measured.choices})
    assert sweep.varied == ["neuron", "beta", "threshold"]


def test_whole_numbers_come_once(shipped: Predictor) -> None:
    assert sensitivity(shipped, "epochs", low=8, high=11, points=25).table["epochs"].tolist() == [8, 9, 10, 11]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"of": "slop"}, "unknown choice to sweep 'slop': did you mean slope"),
        ({"of": "seed"}, "unknown choice to sweep 'seed'"),
        ({"of": "slope", "choices": {"slope": "3"}}, "slope 3 is given, but slope is swept: leave it out"),
        ({"of": "slope", "choices": {"neuron": "lf"}}, "unknown neuron 'lf'"),
        ({"of": "neuron", "low": 1.0}, "neuron has no ends to sweep between: it goes through alpha, lapicque, leaky"),
        ({"of": "input_size"}, "input_size cannot be swept: only 32 was measured here"),
        ({"of": "gradient_clip", "low": 0.1}, "gradient_clip was measured at 0 alone: say from where to where"),
        ({"of": "beta", "low": 0.7, "high": 0.6}, "beta from 0.7 to 0.6 is no range"),
        ({"of": "beta", "high": 1.2}, "beta 1.2 is not allowed"),
        ({"of": "slope", "low": 0.0}, "slope 0.0 is not allowed"),
        ({"of": "epochs", "low": 8.5}, "epochs 8.5 is not allowed"),
        ({"of": "beta", "choices": {"timesteps": 99}}, "timesteps 99 was never measured"),
        ({"of": "beta", "points": 1}, "1 points are no sweep"),
        ({"of": "beta", "low": 0.1, "choices": {"neuron": "lapicque"}}, "makes a lapicque neuron unstable"),
    ],
)
def test_what_cannot_be_swept(shipped: Predictor, question: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        sensitivity(shipped, **question)
