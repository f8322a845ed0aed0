"""Part e: the net 784-500-500-300 on the simulator, on plain NumPy, and on the package sanafe."""

from __future__ import annotations

import importlib.util
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from measuring import Cell, Settings, Tables, interleaved, spread
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from spikecast.accelerator import Layer, Network, Neuron, load_hardware, simulate
from spikecast.architecture import LayerShape

if TYPE_CHECKING:
    from sanafe_chip import SanafeChip

SIZES = (784, 500, 500, 300)
THRESHOLDS = (1.75, 2.25, 2.25)
TIMESTEPS = 15
INPUT_RATE = 98 / 784
#: Samples of a round; sanafe takes some 0.1 s for one.
SAMPLES, SANAFE_SAMPLES = 64, 2


def tables(settings: Settings) -> Tables:
    weights, spikes = random_weights(), random_spikes(SAMPLES)
    reference = dense_spikes(weights, spikes)
    chip = _chip(weights, spikes, settings.rounds)
    sides = [*_ours(weights, spikes, reference), _numpy(weights, spikes, reference)]
    sides += [_sanafe(chip, reference)] if chip else []
    with threadpool_limits(1):
        seconds = interleaved({side.name: side.run for side in sides}, settings.rounds)
    ms = {side.name: seconds[side.name] / side.samples * 1e3 for side in sides}
    rows = [_row(side, ms[side.name], ms["ours"]) for side in sides]
    if not chip:
        rows.append(dict.fromkeys(rows[0], "") | {"simulator": "sanafe: not installed, see README.md"})
    rates = [float(fired.sum(axis=2).mean()) for fired in (spikes, *reference)]
    return {
        f"e. {'-'.join(map(str, SIZES))}, {TIMESTEPS} timesteps, one thread": rows,
        "e. Spikes a timestep": [dict(zip(("input", "fc1", "fc2", "fc3"), rates, strict=True))],
    }


@dataclass(frozen=True)
class Side:
    """One simulator: samples that a run takes, their synaptic events, and the share of spikes equal to NumPy's."""

    name: str
    run: Callable[[], object]
    samples: int
    events: Callable[[], float]
    equal: float


def _row(side: Side, ms: NDArray[np.float64], ms_of_ours: NDArray[np.float64]) -> dict[str, Cell]:
    return {
        "simulator": side.name,
        "ms a sample": spread(ms),
        "synaptic events a sample": round(side.events()),
        "million events/s": spread(side.events() / ms / 1e3),
        "spikes equal to NumPy's": f"{side.equal:.6f}",
        "time / ours": spread(ms / ms_of_ours),
    }


def _ours(
    weights: list[NDArray[np.float32]], spikes: NDArray[np.uint8], reference: list[NDArray[np.bool_]]
) -> list[Side]:
    """All samples in one call, as the simulator is meant to be used, and a call for each."""
    run = partial(simulate, simulated_network(weights), hardware=load_hardware("sparse-core"), threads=1)
    together, single = run(spikes=spikes), run(spikes=spikes[:1])
    return [
        Side(
            "ours",
            partial(run, spikes=spikes),
            len(spikes),
            together.synaptic_operations.mean,
            float((together.output_spikes == reference[-1]).mean()),
        ),
        Side(
            "ours, one sample a call",
            lambda: [run(spikes=sample[np.newaxis]) for sample in spikes],
            len(spikes),
            together.synaptic_operations.mean,
            float((single.output_spikes == reference[-1][:1]).mean()),
        ),
    ]


def _numpy(weights: list[NDArray[np.float32]], spikes: NDArray[np.uint8], reference: list[NDArray[np.bool_]]) -> Side:
    """What a dense product does not skip are no events: those of the spikes are counted, as for the others."""
    events = sum(
        fired.sum() / len(spikes) * layer.shape[1] for fired, layer in zip((spikes, *reference), weights, strict=False)
    )
    return Side("NumPy, dense", partial(dense_spikes, weights, spikes), len(spikes), lambda: float(events), 1.0)


def _sanafe(chip: SanafeChip, reference: list[NDArray[np.bool_]]) -> Side:
    """It counts its events itself; they lack those of the last timesteps, which are still under way at the end."""
    fired = chip.spikes_of_first_sample()
    equal = np.mean([(mine[0] == theirs).mean() for mine, theirs in zip(reference, fired, strict=True)])
    return Side("sanafe", partial(chip.run, SANAFE_SAMPLES), SANAFE_SAMPLES, chip.events_per_sample, float(equal))


def _chip(weights: list[NDArray[np.float32]], spikes: NDArray[np.uint8], rounds: int) -> SanafeChip | None:
    """The network on sanafe's chip, if the package is there."""
    if importlib.util.find_spec("sanafe") is None:
        return None
    from sanafe_chip import SanafeChip

    return SanafeChip(weights, THRESHOLDS, spikes, runs=(rounds + 1) * SANAFE_SAMPLES)


def random_weights() -> list[NDArray[np.float32]]:
    """Multiples of 1/64, none zero: float sums are exact in any order, and every synapse is an event."""
    rng = np.random.default_rng(0)
    weights = [np.round(rng.normal(0, 0.15, pair) * 64) / 64 for pair in itertools.pairwise(SIZES)]
    return [np.where(layer == 0, 1 / 64, layer).astype(np.float32) for layer in weights]


def random_spikes(samples: int) -> NDArray[np.uint8]:
    return (np.random.default_rng(1).random((samples, TIMESTEPS, SIZES[0])) < INPUT_RATE).astype(np.uint8)


def simulated_network(weights: list[NDArray[np.float32]]) -> Network:
    """Neurons that do not leak and lose the threshold with a spike: sanafe's are then the same."""
    layers = []
    for i, (layer, threshold) in enumerate(zip(weights, THRESHOLDS, strict=True)):
        channels, size = (1, (28, 28)) if i == 0 else (1, (1, len(layer)))
        shape = LayerShape(f"fc{i + 1}", "fc", channels, size, layer.shape[1])
        neuron = Neuron("leaky", gain=1.0, leak=1.0, threshold=threshold, reset="subtract")
        layers.append(Layer(shape, layer, np.zeros(layer.shape[1], np.float32), neuron))
    return Network(tuple(layers))


def dense_spikes(weights: list[NDArray[np.float32]], spikes: NDArray[np.uint8]) -> list[NDArray[np.bool_]]:
    """The same in plain NumPy: per layer, bool[samples, timesteps, neurons]."""
    inputs, fired = spikes.astype(np.float32), []
    for layer, threshold in zip(weights, THRESHOLDS, strict=True):
        currents = inputs @ layer
        membrane = np.zeros((len(spikes), layer.shape[1]), np.float32)
        outputs = np.empty(currents.shape, bool)
        for t in range(TIMESTEPS):
            membrane = membrane + currents[:, t] - np.float32(threshold) * (membrane > threshold)
            outputs[:, t] = membrane > threshold
        fired.append(outputs)
        inputs = outputs.astype(np.float32)
    return fired
