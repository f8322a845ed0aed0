from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spikecast.characterize.space import Range, load_space
from spikecast.errors import InputError

SPACES = Path(__file__).parents[2] / "spaces"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "space.yaml"
    path.write_text(text)
    return path


def test_grid_is_every_combination_with_every_seed() -> None:
    trials = load_space(SPACES / "smoke.yaml").trials()
    assert len({trial.key for trial in trials}) == len(trials) == 8
    assert len({trial.config_key for trial in trials}) == 4
    assert {trial.seed for trial in trials} == {0, 1}


def test_first_space_covers_what_it_says() -> None:
    trials = load_space(SPACES / "first.yaml").trials()
    seeds: dict[str, set[int]] = {}
    for trial in trials:
        seeds.setdefault(trial.config_key, set()).add(trial.seed)
    assert len(seeds) == 384
    assert sum(found == {0, 1, 2} for found in seeds.values()) == 24
    assert len({(trial.surrogate, trial.neuron) for trial in trials[:8]}) == 8


def test_sobol_points_stay_in_range_and_a_longer_sequence_begins_alike(tmp_path: Path) -> None:
    text = """
name: s
blocks:
  - sobol:
      points: {points}
      ranges:
        slope: {{low: 0.5, high: 50, log: true}}
        epochs: {{low: 1, high: 9, whole: true}}
        surrogate: [atan, sso]
"""
    few = load_space(write(tmp_path, text.format(points=11))).trials()
    many = load_space(write(tmp_path, text.format(points=40))).trials()
    assert many[:11] == few
    assert all(0.5 <= trial.slope <= 50 and 1 <= trial.epochs <= 9 for trial in many)
    assert {trial.surrogate for trial in many} == {"atan", "stochastic_spike_operator"}
    assert sum(trial.slope < 5 for trial in many) == pytest.approx(20, abs=2)


def test_ranges() -> None:
    middle, near_low, near_high = (np.array([share]) for share in (0.5, 0.12345, 0.9))
    assert Range(low=1, high=100, log=True).numbers.rounded(middle) == 10
    assert Range(low=1, high=4).numbers.rounded(near_low) == 1.37
    assert Range(low=1, high=4, whole=True).numbers.rounded(near_high) == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x\nblocks: []", "blocks"),
        ("name: x\nblocks: [{grid: {slope: [1]}, sobol: {points: 1, ranges: {slope: [1]}}}]", "either a grid or"),
        ("name: x\nblocks: [{}]", "either a grid or"),
        ("name: x\nblocks: [{grid: {slope: [1, -1]}}]", "block 1: slope -1 is not allowed"),
        ("name: x\nblocks: [{grid: {slop: [1]}}]", "did you mean slope"),
        ("name: x\nblocks: [{sobol: {points: 2, ranges: {slope: {low: 3, high: 1}}}}]", "empty"),
        ("name: x\nblocks: [{grid: {slope: [1], seed: [0, 1]}}]", "seed is no choice of a block: give seeds"),
        ("name: x\nblocks: [{grid: {slope: []}}]", "at least 1 item"),
        ("name: x\nblocks: [{sobol: {points: 2, ranges: {slope: []}}}]", "line 2: blocks.0.sobol.ranges.slope"),
        ("name: x\nblocks: [{sobol: {points: 2, ranges: {epochs: {low: 1, high: .inf, whole: true}}}}]", "finite"),
        ("1: x", "is not a space"),
        ("name: 2024-02-30", "is not YAML"),
        ("name: x\nblok: 1", "blocks: field required"),
        ("name: [", "is not YAML"),
        ("hello", "is not a space"),
    ],
)
def test_bad_spaces_are_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as error:
        load_space(write(tmp_path, text)).trials()
    assert "\n" not in str(error.value)


def test_missing_space() -> None:
    with pytest.raises(InputError, match=r"cannot read space nowhere\.yaml"):
        load_space(Path("nowhere.yaml"))
