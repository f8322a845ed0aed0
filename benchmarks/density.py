"""Part b: what one layer costs as its input gets denser: a fixed part, and a part for every spike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from measuring import Cell, Settings, Tables, interleaved, spread
from numpy.typing import NDArray
from steps import listed, run_parts

from spikecast.accelerator import Layer, Network, Neuron, load_hardware, simulate
from spikecast.accelerator.engine import plan_layer
from spikecast.architecture import LayerShape

DENSITIES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
TIMESTEPS = 4
SAMPLES = {"conv": 64, "fc": 256}
SHAPES = {
    "convolution 32 to 64 channels, 3x3, 32x32": LayerShape("conv1", "conv", 32, (32, 32), 64, kernel=3),
    "fully connected 2048 to 512": LayerShape("fc1", "fc", 2048, (1, 1), 512),
}


def tables(settings: Settings) -> Tables:
    by_density: Tables = {}
    fits: list[dict[str, Cell]] = []
    for name, shape in SHAPES.items():
        spikes = np.array([_random_frames(shape, density).sum() / SAMPLES[shape.kind] for density in DENSITIES])
        us = _us_a_sample(shape, settings.rounds)
        lines = {measured: np.polyfit(spikes, np.median(times, axis=1), 1) for measured, times in us.items()}
        by_density[f"b. {name}: cost against input density, {TIMESTEPS} timesteps, one thread"] = [
            {"density": density, "spikes a sample": round(spikes[i])}
            | _cost("simulate", us["simulate"][i], spikes[i], lines["simulate"])
            | _cost("layer", us["layer"][i], spikes[i], lines["layer"])
            for i, density in enumerate(DENSITIES)
        ]
        fits += [{"layer": name, "measured": which, **_fit(spikes, us[which], lines[which])} for which in us]
    return by_density | {"b. Least squares: fixed cost + cost a spike * spikes": fits}


def _us_a_sample(shape: LayerShape, rounds: int) -> dict[str, NDArray[np.float64]]:
    """[densities, rounds], for the whole simulation and for the layer on spikes already listed."""
    layer, hardware = _random_layer(shape), load_hardware("sparse-core")
    network, plan = Network((layer,)), plan_layer(layer)
    calls: dict[str, Callable[[], object]] = {}
    for density in DENSITIES:
        frames = _random_frames(shape, density)
        calls[f"simulate {density}"] = partial(simulate, network, frames, hardware, threads=1)
        calls[f"layer {density}"] = partial(run_parts, plan, listed(frames, shape.in_channels))
    seconds = interleaved(calls, rounds)
    return {
        measured: np.stack([seconds[f"{measured} {density}"] for density in DENSITIES]) / SAMPLES[shape.kind] * 1e6
        for measured in ("simulate", "layer")
    }


def _cost(measured: str, us: NDArray[np.float64], spikes: float, line: NDArray[np.float64]) -> dict[str, Cell]:
    per_spike, fixed = line
    return {
        f"{measured}, us a sample": spread(us),
        f"{measured}, ns a spike": float(np.median(us)) / spikes * 1e3 if spikes else "",
        f"{measured}, share by spikes": f"{per_spike * spikes / (fixed + per_spike * spikes):.0%}",
    }


def _fit(spikes: NDArray[np.float64], us: NDArray[np.float64], line: NDArray[np.float64]) -> dict[str, Cell]:
    per_spike, fixed = line
    medians = np.median(us, axis=1)
    unexplained = ((medians - np.polyval(line, spikes)) ** 2).sum() / ((medians - medians.mean()) ** 2).sum()
    return {
        "fixed, us a sample": float(fixed),
        "ns a spike": float(per_spike * 1e3),
        "R2": f"{1 - unexplained:.4f}",
        "measured on empty frames, us a sample": float(medians[0]),
    }


def _random_layer(shape: LayerShape) -> Layer:
    """Random weights and a threshold out of reach: what leaves the layer costs nothing."""
    kernel = (shape.in_channels, shape.kernel, shape.kernel, shape.out_channels)
    size = kernel if shape.kind == "conv" else (shape.inputs, shape.out_channels)
    weights = np.random.default_rng(0).normal(size=size).astype(np.float32)
    neuron = Neuron("leaky", gain=1.0, leak=0.5, threshold=1e9, reset="subtract")
    return Layer(shape, weights, np.zeros(shape.out_channels, np.float32), neuron)


def _random_frames(shape: LayerShape, density: float) -> NDArray[np.uint8]:
    size = (SAMPLES[shape.kind], TIMESTEPS, shape.in_channels, *shape.in_size)
    return (np.random.default_rng(1).random(size) < density).astype(np.uint8)
