"""A large network on the accelerator and in torch; the suites of surrogates and neurons compare small ones."""

from __future__ import annotations

import torch

from spikecast.accelerator import load_hardware, simulate
from spikecast.choices import TrainingChoices
from spikecast.events import BinnedSplit
from spikecast.snn._export import export
from spikecast.snn.network import SpikingNetwork
from spikecast.snn.training import output_spikes


def test_vgg9_of_the_source_study_runs_alike_on_both_sides(small: BinnedSplit) -> None:
    torch.manual_seed(0)
    network = SpikingNetwork(TrainingChoices(architecture="vgg9", threshold=0.05)).eval()
    frames = small.evaluation[:4]
    result = simulate(export(network), frames, load_hardware("sparse-core"))
    assert (result.output_spikes == output_spikes(network, frames)).mean() > 0.9995
    assert result.layers["layer"].tolist() == [f"conv{i}" for i in range(1, 8)] + ["fc1", "fc2"]
    assert result.layers["spikes_in"].min() > 0
