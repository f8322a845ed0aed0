from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
import snntorch
import torch

from spikecast.architecture import predicted_classes
from spikecast.choices import TrainingChoices
from spikecast.events import BinnedSplit
from spikecast.snn import training as training_module
from spikecast.snn.network import SpikingLayer, SpikingNetwork
from spikecast.snn.training import output_spikes, train


def test_same_choices_give_the_same_weights(small: BinnedSplit) -> None:
    # The stochastic spike operator and dropout draw during training: the hardest case to repeat.
    choices = TrainingChoices(surrogate="sso", dropout=0.2, epochs=1, seed=5)
    first, second = (train(choices, small).network.state_dict() for _ in range(2))
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_another_seed_gives_other_weights(small: BinnedSplit) -> None:
    first, second = (train(TrainingChoices(epochs=1, seed=seed), small).network for seed in (0, 1))
    assert not torch.equal(next(first.parameters()), next(second.parameters()))


def test_training_learns(binned: BinnedSplit) -> None:
    choices = TrainingChoices(surrogate="atan", neuron="lapicque", beta=0.7, threshold=0.5, epochs=3)
    training = train(choices, binned)
    assert training.losses[0] > training.losses[-1]
    answers = output_spikes(training.network, binned.evaluation)
    assert (predicted_classes(answers, 10) == binned.evaluation_labels).mean() > 0.75


def test_training_that_diverges_stops_and_says_so(small: BinnedSplit, monkeypatch: pytest.MonkeyPatch) -> None:
    def infinite(network: SpikingNetwork, frames: torch.Tensor) -> torch.Tensor:
        spikes = torch.full((frames.shape[1], frames.shape[0], 100), float("inf"))
        return spikes * next(network.parameters()).sum()

    monkeypatch.setattr(SpikingNetwork, "forward", infinite)
    training = train(TrainingChoices(epochs=3), small)
    assert training.diverged
    assert len(training.losses) == 1


def test_an_activity_penalty_makes_networks_fire_less(small: BinnedSplit) -> None:
    frames = torch.tensor(small.evaluation)
    rates = []
    for penalty in (0.0, 50.0):
        network = train(TrainingChoices(epochs=4, activity_penalty=penalty), small).network
        with torch.inference_mode():
            spikes, rate = network.with_rate(frames)
            assert torch.equal(spikes, network(frames))
        rates.append(float(rate))
    assert rates[1] < 0.7 * rates[0]


def test_cross_entropy_of_counts_learns(small: BinnedSplit) -> None:
    training = train(TrainingChoices(loss="ce_count", surrogate="atan", epochs=3), small)
    assert training.losses[-1] < 0.8 * training.losses[0]


@pytest.mark.parametrize(("schedule", "second"), [("constant", 0.01), ("cosine", 0.005)])
def test_a_cosine_schedule_makes_steps_smaller(
    schedule: str, second: float, small: BinnedSplit, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = []
    step = torch.optim.Adam.step

    def noted(self: torch.optim.Adam, *arguments: Any) -> Any:
        rates.append(self.param_groups[0]["lr"])
        return step(self, *arguments)

    monkeypatch.setattr(torch.optim.Adam, "step", noted)
    train(TrainingChoices(epochs=2, learning_rate=0.01, learning_rate_schedule=schedule), small)
    steps = len(rates) // 2
    assert rates == pytest.approx([0.01] * steps + [second] * steps)


def test_clipping_bounds_the_gradient(small: BinnedSplit, monkeypatch: pytest.MonkeyPatch) -> None:
    norms = []
    step = training_module.Adam.step

    def noted(self: torch.optim.Adam, *arguments: Any) -> Any:
        parameters = [parameter for group in self.param_groups for parameter in group["params"]]
        norms.append(float(torch.stack([parameter.grad.norm() for parameter in parameters]).norm()))
        return step(self, *arguments)

    monkeypatch.setattr(training_module.Adam, "step", noted)
    train(TrainingChoices(epochs=1, gradient_clip=0.01), small)
    assert norms
    assert max(norms) <= 0.0101


def test_the_epoch_kept_is_the_best_on_held_out_training_recordings(
    small: BinnedSplit, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[np.ndarray] = []
    accuracies: list[float] = []

    def noted(network: SpikingNetwork, frames: np.ndarray) -> np.ndarray:
        seen.append(frames)
        answers = output_spikes(network, frames)
        labels = small.train_labels[held_out]
        accuracies.append(float((predicted_classes(answers, 10) == labels).mean()))
        return answers

    by_class = [np.flatnonzero(small.train_labels == label) for label in range(10)]
    held_out = np.sort(np.concatenate([samples[::8] for samples in by_class if len(samples) >= 8]))
    monkeypatch.setattr(training_module, "output_spikes", noted)
    choices = TrainingChoices(surrogate="atan", learning_rate=0.03, epochs=5, epoch_kept="validated")
    trained = train(choices, small)
    assert all(np.array_equal(frames, small.train[held_out]) for frames in seen)
    assert trained.kept_epoch == 1 + int(np.argmax(accuracies))
    again = predicted_classes(output_spikes(trained.network, small.train[held_out]), 10)
    assert (again == small.train_labels[held_out]).mean() == max(accuracies)
    assert not trained.network.training


def test_the_last_epoch_is_kept_if_asked_for_or_if_nothing_can_be_held_out(small: BinnedSplit) -> None:
    choices = TrainingChoices(epochs=2, architecture="FC20", learning_rate=1e-6)
    assert train(choices.model_copy(update={"epoch_kept": "last"}), small).kept_epoch == 2
    first_seven = np.concatenate([np.flatnonzero(small.train_labels == label)[:7] for label in range(10)])
    few = replace(small, train=small.train[first_seven], train_labels=small.train_labels[first_seven])
    assert train(choices, few).kept_epoch == 2


def test_networks_are_freed(small: BinnedSplit) -> None:
    train(TrainingChoices(epochs=1), small)
    assert snntorch.SpikingNeuron.instances == []


@pytest.mark.parametrize("bits", [4, 8])
def test_weights_have_as_many_levels_as_their_bits_allow(small: BinnedSplit, bits: int) -> None:
    network = train(TrainingChoices(weight_bits=bits, epochs=1), small).network
    for layer in network.layers:
        weight = cast(Any, layer).synapse.weight.detach().flatten(1).numpy()
        for channel in weight:
            scale = np.abs(channel).max() / (2 ** (bits - 1) - 1)
            levels = channel / scale
            assert np.allclose(levels, np.round(levels), atol=1e-3)


def test_dropout_and_batch_norm_stand_where_they_should() -> None:
    network = SpikingNetwork(TrainingChoices(architecture="4C3-4C3-MP2-FC20-FC10", dropout=0.3))
    layers = [cast(SpikingLayer, layer) for layer in network.layers]
    assert [layer.dropout.p for layer in layers] == [0.0, 0.0, 0.3, 0.0]
    assert [isinstance(layer.norm, torch.nn.BatchNorm2d) for layer in layers] == [False, True, False, False]


def test_ties_go_to_the_lowest_class() -> None:
    spikes = np.zeros((2, 3, 6), np.uint8)
    spikes[1, :, 4] = 1
    assert predicted_classes(spikes, 3).tolist() == [0, 2]


def test_networks_of_others_stay_known_to_snntorch() -> None:
    theirs = snntorch.Leaky(beta=0.5, init_hidden=True)
    SpikingNetwork(TrainingChoices(architecture="FC10"))
    assert any(one is theirs for one in snntorch.SpikingNeuron.instances)
