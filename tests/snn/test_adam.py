"""An Adam of its own saves the time that torch's compiler takes to load, and changes nothing else."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from spikecast.choices import TrainingChoices
from spikecast.events import BinnedSplit
from spikecast.snn import training as training_module
from spikecast.snn.training import train

TINY = TrainingChoices(architecture="FC20", epochs=2, batch_size=10)

TRAINS = """
import sys
from spikecast.choices import TrainingChoices
from spikecast.events import load_binned
from spikecast.snn.training import train
train(TrainingChoices(architecture="FC10", input_size=8, timesteps=1, epochs=1), load_binned("nmnist", 1, 8))
print(*sys.modules)
"""


@pytest.mark.parametrize("others", [{}, {"gradient_clip": 0.5, "learning_rate_schedule": "cosine"}])
def test_weights_are_those_of_torchs_adam(
    small: BinnedSplit, others: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(small, train=small.train[:40], train_labels=small.train_labels[:40])
    choices = TINY.model_copy(update=others)
    own = train(choices, few).network.state_dict()
    monkeypatch.setattr(training_module, "Adam", torch.optim.Adam)
    theirs = train(choices, few).network.state_dict()
    assert all(torch.equal(own[name], theirs[name]) for name in theirs)


def test_what_trains_does_not_load_the_compiler() -> None:
    trained = subprocess.run([sys.executable, "-c", TRAINS], capture_output=True, text=True, check=True)
    loaded = set(trained.stdout.split())
    assert "torch.optim" in loaded
    assert not loaded & {"torch._dynamo", "torch._inductor"}
