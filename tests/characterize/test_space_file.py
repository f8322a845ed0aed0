"""A space that was written holds the same trials when it is read."""

from __future__ import annotations

from pathlib import Path

from spikecast.characterize.space import load_space, write_space
from spikecast.choices import TrainingChoices

TRIALS = [
    TrainingChoices(surrogate="sre", slope=1 / 3, learning_rate=1e-5, seed=7),
    TrainingChoices(neuron="alpha", alpha=0.95, beta=0.1, weight_bits=4, reset="zero"),
    TrainingChoices(surrogate="ste", architecture="4C3-MP2-FC20", input_size=16, threshold=1e-3),
    TrainingChoices(surrogate="ste", architecture="4C3-MP2-FC20", input_size=16, threshold=1e-3, seed=1),
]


def test_the_trials_come_back_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "next.yaml"
    path.write_text("what was there before")
    write_space(path, "on", "colons: and 'quotes'", TRIALS)
    space = load_space(path)
    assert (space.name, space.description) == ("on", "colons: and 'quotes'")
    assert space.trials() == TRIALS
    assert list(tmp_path.iterdir()) == [path]
