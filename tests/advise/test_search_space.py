"""The search space: what was measured and what lies between, and nothing else."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from spikecast.advise.axes import measured_values
from spikecast.advise.search_space import SearchSpace
from spikecast.choices import CHOICES, TrainingChoices
from spikecast.errors import InputError
from spikecast.predictor.questions import Questions

CONFIGURATIONS = (
    *(
        TrainingChoices(surrogate="atan", slope=s, beta=b, reset=r)
        for s, b, r in ((1, 0.2, "zero"), (9, 0.8, "subtract"))
    ),
    *(
        TrainingChoices(surrogate="fs", slope=s, neuron="alpha", beta=b, alpha=a)
        for s, b, a in ((2, 0.1, 0.3), (4, 0.7, 0.9))
    ),
    TrainingChoices(surrogate="ste", timesteps=8, beta=0.9),
)
MEASURED = Questions.of(CONFIGURATIONS).columns


def sampled(**fixed: object) -> pd.DataFrame:
    space = SearchSpace.of(MEASURED, fixed)
    return pd.concat([space.everywhere(256, seed=0), space.around(space.everywhere(8, seed=1), 0.1, 256, seed=2)])


def test_every_point_is_possible_and_between_what_was_measured_alike() -> None:
    points = sampled()
    for row in points.to_dict("records"):
        choices = TrainingChoices(**{str(name): value for name, value in row.items()})
        for name in CHOICES:
            values = measured_values(name, MEASURED, choices)
            assert min(values) <= row[name] <= max(values), name
    assert set(zip(points["surrogate"], points["neuron"], strict=True)) == {
        ("atan", "leaky"),
        ("fast_sigmoid", "alpha"),
        ("straight_through_estimator", "leaky"),
    }
    assert set(points["timesteps"]) == {4}
    assert set(points["reset"]) == {"zero", "subtract"}


def test_points_around_a_center_are_near_it() -> None:
    space = SearchSpace.of(MEASURED, {"surrogate": "atan"})
    centre = pd.DataFrame([TrainingChoices(surrogate="atan", slope=3, beta=0.35).model_dump()])
    near = space.around(centre, 0.1, 64, seed=0)
    assert len(near) == 64
    # A tenth of the betas 0.2 to 0.9 of leaky neurons, and of the slopes 1 to 9 in logarithm; three digits are kept.
    assert near["beta"].between(0.279, 0.421).all()
    assert near["slope"].between(2.4, 3.75).all()
    assert near["beta"].nunique() > 32


def test_what_is_fixed_stays() -> None:
    points = sampled(beta=0.5, neuron="lif", reset="zero", timesteps="8")
    assert set(points["beta"]) == {0.5}
    assert set(points["neuron"]) == {"leaky"}
    assert set(points["reset"]) == {"zero"}
    assert set(points["timesteps"]) == {8}


def test_pairs_for_which_a_fixed_choice_is_impossible_are_left_out() -> None:
    assert set(sampled(alpha=0.8)["neuron"]) == {"alpha"}
    assert set(sampled(slope=3)["surrogate"]) == {"atan", "fast_sigmoid"}


def test_measured_configurations_of_the_space_are_in_it() -> None:
    space = SearchSpace.of(MEASURED, {"beta": 0.2})
    assert space.measured.to_dict("records") == [CONFIGURATIONS[0].model_dump(exclude={"seed"})]
    assert SearchSpace.of(MEASURED, {"timesteps": 8}).measured.index.tolist() == [4]


@pytest.mark.parametrize(
    ("fixed", "said"),
    [
        ({"beta": 2}, "beta 2 is not allowed"),
        ({"surrogate": "atn"}, "unknown surrogate 'atn': did you mean atan"),
        (
            {"surrogate": "sre"},
            "surrogate spike_rate_escape was never measured: this model knows atan, fast_sigmoid, straight",
        ),
        ({"neuron": "lapicque"}, "neuron lapicque was never measured: this model knows alpha, leaky"),
        (
            {"surrogate": "fs", "neuron": "lif"},
            "fast_sigmoid with neuron leaky was never measured: this model knows it with alpha",
        ),
    ],
)
def test_impossible_spaces(fixed: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        SearchSpace.of(MEASURED, fixed)
