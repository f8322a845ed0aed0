"""Part a: the event-driven simulator against torch on the same trained networks, and where its time goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from measuring import Cell, Settings, Tables, interleaved, spread
from networks import compared_choices, trained
from numpy.typing import NDArray
from steps import listed, run_parts
from torch_loop import fastest_step_loop, in_batches

from spikecast.accelerator import Network, load_hardware, simulate, time_trace
from spikecast.accelerator.engine import plan_layer
from spikecast.architecture import predicted_classes
from spikecast.choices import TrainingChoices
from spikecast.events import load_binned
from spikecast.snn._export import export
from spikecast.snn.network import SpikingNetwork

#: vgg9 takes torch some ten times as long a sample as csnn-s.
VGG9_SAMPLES = 60


def tables(settings: Settings) -> Tables:
    compared = compared_choices()
    if settings.quick:
        compared = dict(list(compared.items())[:1])
    speeds, networks, places = [], [], []
    for name, choices in compared.items():
        binned = load_binned(choices.dataset, choices.timesteps, choices.input_size)
        count = VGG9_SAMPLES if name == "vgg9" or settings.quick else len(binned.evaluation)
        frames, labels = binned.evaluation[:count], binned.evaluation_labels[:count]
        network = trained(choices, settings.cache)
        speeds.append({"network": name, **_speed(network, frames, settings.rounds)})
        networks.append({"network": name, **_description(network, frames, labels, choices)})
        places += [{"network": name, **row} for row in _places(export(network), frames, settings.rounds)]
    return {
        "a. Simulator against snnTorch's step loop, samples/s, one thread each": speeds,
        "a. The networks": networks,
        "a. Where the simulator's time goes, one thread": places,
    }


def _speed(network: SpikingNetwork, frames: NDArray[np.uint8], rounds: int) -> dict[str, Cell]:
    """Samples/s of both sides, their ratio, and the share of output spikes that agree."""
    folded, hardware, tensor = export(network), load_hardware("sparse-core"), torch.tensor(frames)
    batch, torch_run = fastest_step_loop(network, tensor, [min(batch, len(frames)) for batch in (1, 32, 100)])
    seconds = interleaved(
        {
            "ours": partial(simulate, folded, frames, hardware, threads=1),
            "torch": torch_run,
            "layerwise": partial(in_batches, network, tensor, 32),
            "all cores": partial(simulate, folded, frames, hardware),
        },
        rounds,
    )
    rates = {name: len(frames) / times for name, times in seconds.items()}
    same = simulate(folded, frames, hardware, threads=1).output_spikes == torch_run().numpy()
    return {
        "ours": spread(rates["ours"]),
        "torch": spread(rates["torch"]),
        "ours / torch": spread(rates["ours"] / rates["torch"]),
        "torch's best batch": batch,
        "torch, all timesteps of a layer at once": spread(rates["layerwise"]),
        "ours, all cores": spread(rates["all cores"]),
        "equal output spikes": f"{same.mean():.6f}",
    }


def _description(
    network: SpikingNetwork, frames: NDArray[np.uint8], labels: NDArray[np.uint8], choices: TrainingChoices
) -> dict[str, Cell]:
    result = simulate(export(network), frames, load_hardware("sparse-core"), threads=1)
    classes = predicted_classes(result.output_spikes, choices.dataset_info.classes)
    return {
        "choices": f"{choices.surrogate} {choices.slope:g}, {choices.neuron} {choices.beta:g}, "
        f"threshold {choices.threshold:g}, {choices.epochs} epochs",
        "samples": len(frames),
        "accuracy": float((classes == labels).mean()),
        "sparsity": f"{result.sparsity:.3f}",
        "synaptic operations a sample": round(result.synaptic_operations.mean()),
    }


def _places(network: Network, frames: NDArray[np.uint8], rounds: int) -> list[dict[str, Cell]]:
    """What each step of ``simulate`` takes when it runs alone, and what is left of the whole."""
    hardware = load_hardware("sparse-core")
    result = simulate(network, frames, hardware, threads=1)
    plans = [plan_layer(layer) for layer in network.layers]
    channels = network.layers[0].shape.in_channels
    calls: dict[str, Callable[[], object]] = {
        "everything": partial(simulate, network, frames, hardware, threads=1),
        "plan the layers": lambda: [plan_layer(layer) for layer in network.layers],
        "list the input spikes": partial(listed, frames, channels),
        "timing laws": partial(time_trace, result.trace, hardware),
    }
    lists = listed(frames, channels)
    for plan in plans:
        calls[plan.layer.shape.name] = partial(run_parts, plan, lists)
        lists = [output.spikes for output in run_parts(plan, lists)]
    seconds = {name: float(np.median(times)) for name, times in interleaved(calls, rounds).items()}
    whole = seconds.pop("everything")
    seconds["all else"] = whole - sum(seconds.values())
    spikes = dict(zip((plan.layer.shape.name for plan in plans), result.trace.spikes.mean(axis=0), strict=True))
    operations = dict(zip(spikes, result.layer_operations.mean(axis=0), strict=True))
    return [
        {
            "step": step,
            "us a sample": taken / len(frames) * 1e6,
            "share": f"{taken / whole:.1%}",
            "spikes in, a sample": round(spikes[step]) if step in spikes else "",
            "additions a sample": round(operations[step]) if step in spikes else "",
            "ns a spike": taken / len(frames) / spikes[step] * 1e9 if step in spikes else "",
            "ns an addition": taken / len(frames) / operations[step] * 1e9 if step in spikes else "",
        }
        for step, taken in seconds.items()
    ]
