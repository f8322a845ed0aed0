"""The event-driven engine against a plain dense computation of the same network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

from spikecast.accelerator import Layer, Network, Neuron, load_hardware, simulate, time_trace
from spikecast.accelerator.engine import run_layer
from spikecast.accelerator.spike_lists import from_frames
from spikecast.architecture import layer_shapes
from spikecast.errors import InputError


def dense(layer: Layer, frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pooled output [samples, timesteps, ...] and spikes fired [samples, timesteps], in float64."""
    shape, neuron = layer.shape, layer.neuron
    outputs, fired = [], []
    for sample in frames:
        before: np.ndarray | float = 0.0
        for frame in sample:
            current = currents(layer, frame.reshape(shape.in_channels, *shape.in_size))
            reset = np.asarray(before) > neuron.threshold
            if neuron.model == "leaky":
                kept = np.where(reset & (neuron.reset == "zero"), 0.0, before)
                membrane = neuron.leak * kept + current
            else:
                membrane = neuron.gain * current + neuron.leak * np.asarray(before)
                membrane = np.where(reset & (neuron.reset == "zero"), 0.0, membrane)
            membrane = membrane - reset * (neuron.threshold if neuron.reset == "subtract" else 0.0)
            spikes = membrane > neuron.threshold
            fired.append(spikes.sum())
            outputs.append(pooled(spikes, shape.pool) if shape.kind == "conv" else spikes)
            before = membrane
    leading = frames.shape[:2]
    return np.array(outputs).reshape(*leading, -1), np.array(fired).reshape(leading)


def currents(layer: Layer, frame: np.ndarray) -> np.ndarray:
    if layer.shape.kind == "fc":
        return frame.reshape(-1) @ layer.weights.astype(float) + layer.bias
    maps = [
        sum(correlate2d(frame[c], layer.weights[c, :, :, k], mode="same") for c in range(len(frame)))
        for k in range(layer.shape.out_channels)
    ]
    return np.stack(maps) + layer.bias[:, np.newaxis, np.newaxis]


def pooled(spikes: np.ndarray, width: int) -> np.ndarray:
    channels, height, breadth = (spikes.shape[0], spikes.shape[1] // width, spikes.shape[2] // width)
    cut = spikes[:, : height * width, : breadth * width]
    return cut.reshape(channels, height, width, breadth, width).any(axis=(2, 4))


def random_network(architecture: str, size: int, neuron: Neuron, random: np.random.Generator) -> Network:
    layers = []
    for shape in layer_shapes(architecture, 2, size):
        inputs = (shape.in_channels, shape.kernel, shape.kernel) if shape.kind == "conv" else (shape.inputs,)
        # Multiples of 1/64 add up exactly in float32, so both sides must agree on every spike.
        weights = random.integers(-40, 41, (*inputs, shape.out_channels)) / 64
        bias = random.integers(-20, 21, shape.out_channels) / 64
        layers.append(Layer(shape, weights.astype(np.float32), bias.astype(np.float32), neuron))
    return Network(tuple(layers))


neurons = st.builds(
    Neuron,
    st.sampled_from(["leaky", "lapicque"]),
    st.sampled_from([0.5, 0.75, 1.25]),
    st.sampled_from([-0.25, 0.0, 0.5, 0.75]),
    st.sampled_from([0.25, 0.5, 1.5]),
    st.sampled_from(["subtract", "zero"]),
)


@settings(max_examples=40)
@given(
    neurons,
    st.sampled_from(["3C3-MP2-4C5-FC7", "4C1-3C3-MP3-FC12-FC5", "FC9-FC4", "2C7-MP2-FC3"]),
    st.integers(6, 13),
    st.integers(0, 2**32 - 1),
    st.floats(0, 1),
)
def test_every_layer_equals_the_dense_computation(
    neuron: Neuron, architecture: str, size: int, seed: int, density: float
) -> None:
    random = np.random.default_rng(seed)
    network = random_network(architecture, size, neuron, random)
    frames = (random.random((2, 3, 2, size, size)) < density).astype(np.uint8)
    for layer in network.layers:
        lists = from_frames(frames)
        out, fired = run_layer(layer, lists)
        expected, expected_fired = dense(layer, frames)
        assert np.array_equal(out.dense(expected.shape[2]), expected)
        assert np.array_equal(fired, expected_fired)
        frames = expected.astype(np.uint8)


@settings(max_examples=20)
@given(st.permutations(range(4)), st.integers(0, 2**32 - 1))
def test_samples_do_not_touch_each_other(order: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    neuron = Neuron("leaky", 1.0, 0.5, 0.5, "subtract")
    network = random_network("3C3-MP2-FC5", 8, neuron, random)
    frames = (random.random((4, 3, 2, 8, 8)) < 0.3).astype(np.uint8)
    hardware = load_hardware("sparse-core")
    straight, shuffled = simulate(network, frames, hardware), simulate(network, frames[order], hardware)
    assert np.array_equal(straight.output_spikes[order], shuffled.output_spikes)
    assert np.array_equal(straight.latency_cycles[order], shuffled.latency_cycles)
    for first, second in zip(straight.trace.counts, shuffled.trace.counts, strict=True):
        assert np.array_equal(first[order], second)


def test_trace_is_what_enters_every_layer_and_decides_the_cycles() -> None:
    random = np.random.default_rng(1)
    network = random_network("3C3-MP2-4C3-FC5", 9, Neuron("leaky", 1.0, 0.5, 0.5, "zero"), random)
    frames = (random.random((3, 4, 2, 9, 9)) < 0.3).astype(np.uint8)
    hardware = load_hardware("sparse-core")
    result = simulate(network, frames, hardware)
    assert np.array_equal(result.trace.counts[0], frames.sum(axis=(3, 4)))
    middle, _ = dense(network.layers[0], frames)
    assert np.array_equal(result.trace.counts[1], middle.reshape(3, 4, 3, 16).sum(axis=3))
    again = time_trace(result.trace, hardware)
    assert np.array_equal(again.cycles, result.latency_cycles)
    assert np.array_equal(result.latency_us, result.latency_cycles / 100)
    assert result.layers["done_cycles"].sum() == pytest.approx(result.latency_cycles.mean())


def test_sparsity_counts_neurons_before_the_pool() -> None:
    shape = layer_shapes("1C1-MP2-FC1", 2, 8)[0]
    always = Layer(
        shape, np.zeros((2, 1, 1, 1), np.float32), np.ones(1, np.float32), Neuron("leaky", 1, 0, 0.5, "zero")
    )
    never = Layer(
        layer_shapes("1C1-MP2-FC1", 2, 8)[1],
        np.zeros((16, 1), np.float32),
        np.zeros(1, np.float32),
        Neuron("leaky", 1, 0, 0.5, "zero"),
    )
    result = simulate(Network((always, never)), np.zeros((1, 2, 2, 8, 8), np.uint8), load_hardware("sparse-core"))
    assert result.fired.tolist() == [[128, 0]]
    assert result.layers["sparsity"].tolist() == [0.0, 1.0]
    assert result.sparsity == pytest.approx(1 / 65)
    assert result.trace.counts[1].sum() == 2 * 16


def test_spikes_that_do_not_fit_are_refused() -> None:
    network = random_network("FC5", 8, Neuron("leaky", 1.0, 0.5, 0.5, "zero"), np.random.default_rng(0))
    hardware = load_hardware("sparse-core")
    with pytest.raises(InputError, match="do not fit the network"):
        simulate(network, np.zeros((1, 2, 2, 7, 7)), hardware)
    with pytest.raises(InputError, match="must be 0 or 1"):
        simulate(network, np.full((1, 2, 2, 8, 8), 2), hardware)
