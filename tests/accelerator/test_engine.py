"""The event-driven engine against a plain dense computation of the same network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.signal import correlate2d

from spikecast.accelerator import Layer, Network, Neuron, Recurrent, load_hardware, simulate, time_trace
from spikecast.accelerator.engine import plan_layer, run_layer
from spikecast.accelerator.spike_lists import from_frames
from spikecast.architecture import LayerShape, layer_shapes
from spikecast.errors import InputError


def dense(layer: Layer, frames: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pooled output [samples, timesteps, ...], spikes fired [samples] and membranes, in float64."""
    shape = layer.shape
    outputs, fired, membranes = [], np.zeros(len(frames), int), []
    for i, sample in enumerate(frames):
        state = State()
        for frame in sample:
            current = currents(layer, frame.reshape(shape.in_channels, *shape.in_size))
            spikes = step(layer.neuron, state, current)
            fired[i] += spikes.sum()
            outputs.append(pooled(spikes, shape.pool))
            membranes.append(state.membrane)
    shape_of = lambda parts: np.array(parts).reshape(*frames.shape[:2], *np.shape(parts[0]))  # noqa: E731
    return shape_of(outputs), fired, shape_of(membranes)


class State:
    """Membrane and synaptic traces, zero at first."""

    membrane: np.ndarray | float = 0.0
    first: np.ndarray | float = 0.0
    second: np.ndarray | float = 0.0


def step(neuron: Neuron, state: State, current: np.ndarray) -> np.ndarray:
    """One timestep of ``Neuron``'s equations: the spikes, and the new state."""
    before = np.broadcast_to(state.membrane, current.shape)
    fires = np.greater_equal if neuron.fires_at_threshold else np.greater
    spiked = fires(before, neuron.threshold)
    if neuron.model == "leaky":
        kept = np.where(spiked & (neuron.reset == "zero"), 0.0, before)
        after = neuron.leak * kept + neuron.gain * current
    elif neuron.model == "lapicque":
        after = neuron.gain * current + neuron.leak * before
    elif neuron.model == "synaptic":
        state.first = neuron.alpha * state.first + current
        after = neuron.leak * before + state.first
    else:
        inhibitory = np.broadcast_to(state.second, current.shape)
        state.first = neuron.alpha * state.first + current
        state.second = neuron.leak * inhibitory - current
        after = neuron.gain * (state.first + state.second)
        if neuron.reset == "subtract":
            state.first = state.first - spiked * neuron.threshold
            state.second = np.where(spiked, 0.0, state.second)
            after = after + spiked * inhibitory
        elif neuron.reset == "zero":
            state.first, state.second = np.where(spiked, 0.0, state.first), np.where(spiked, 0.0, state.second)
    if neuron.reset == "subtract" and neuron.model != "alpha":
        after = after - spiked * neuron.threshold
    if neuron.reset == "zero" and neuron.model != "leaky":
        after = np.where(spiked, 0.0, after)
    state.membrane = after
    fired: np.ndarray = fires(after, neuron.threshold)
    return fired


def currents(layer: Layer, frame: np.ndarray) -> np.ndarray:
    weights = layer.weights.astype(float) * (1.0 if layer.scale is None else layer.scale.astype(float))
    if layer.shape.kind == "fc":
        return (frame.reshape(-1) @ weights + layer.bias)[:, np.newaxis, np.newaxis]
    stride, margin = layer.shape.stride, layer.shape.margin
    padded = np.pad(frame.astype(float), ((0, 0), (margin, margin), (margin, margin)))
    maps = [
        sum(correlate2d(padded[c], weights[c, :, :, k], mode="valid")[::stride, ::stride] for c in range(len(frame)))
        for k in range(layer.shape.out_channels)
    ]
    return np.stack(maps) + layer.bias[:, np.newaxis, np.newaxis]


def pooled(spikes: np.ndarray, width: int) -> np.ndarray:
    channels, height, breadth = (spikes.shape[0], spikes.shape[1] // width, spikes.shape[2] // width)
    cut = spikes[:, : height * width, : breadth * width]
    return cut.reshape(channels, height, width, breadth, width).any(axis=(2, 4))


def random_network(architecture: str, size: int, neuron: Neuron, random: np.random.Generator) -> Network:
    return Network(tuple(random_layer(shape, neuron, random) for shape in layer_shapes(architecture, 2, size)))


def random_layer(shape: LayerShape, neuron: Neuron, random: np.random.Generator, integers: bool = False) -> Layer:
    inputs = (shape.in_channels, shape.kernel, shape.kernel) if shape.kind == "conv" else (shape.inputs,)
    # Multiples of 1/64 add up exactly in float32, so both sides must agree on every spike and every bit.
    steps = random.integers(-40, 41, (*inputs, shape.out_channels))
    bias = (random.integers(-20, 21, shape.out_channels) / 64).astype(np.float32)
    if not integers:
        return Layer(shape, (steps / 64).astype(np.float32), bias, neuron)
    scale = 2.0 ** -random.integers(4, 7, shape.out_channels)
    return Layer(shape, steps.astype(np.int8), bias, neuron, scale=scale.astype(np.float32))


neurons = st.builds(
    Neuron,
    st.sampled_from(["leaky", "lapicque", "synaptic", "alpha"]),
    st.sampled_from([0.5, 0.75, 1.25]),
    st.sampled_from([-0.25, 0.0, 0.5, 0.75]),
    st.sampled_from([0.25, 0.5, 1.5]),
    st.sampled_from(["subtract", "zero", "none"]),
    st.sampled_from([0.25, 0.5]),
    st.booleans(),
)
frames_of_any_density = st.tuples(st.integers(0, 2**32 - 1), st.floats(0, 1))


@settings(max_examples=60)
@given(
    neurons,
    st.sampled_from(["3C3-MP2-4C5-FC7", "4C1-3C3-MP3-FC12-FC5", "FC9-FC4", "2C7-MP2-FC3"]),
    st.integers(6, 13),
    frames_of_any_density,
)
def test_every_layer_equals_the_dense_computation(
    neuron: Neuron, architecture: str, size: int, seed_and_density: tuple[int, float]
) -> None:
    random = np.random.default_rng(seed_and_density[0])
    network = random_network(architecture, size, neuron, random)
    frames = (random.random((2, 3, 2, size, size)) < seed_and_density[1]).astype(np.uint8)
    for layer in network.layers:
        frames = assert_equals_dense(layer, frames)


@settings(max_examples=60)
@given(
    neurons,
    st.sampled_from([1, 3, 5]),
    st.integers(0, 4),
    st.sampled_from([1, 2]),
    st.sampled_from([1, 2, 3]),
    st.tuples(st.integers(6, 11), st.integers(6, 11)),
    st.booleans(),
    frames_of_any_density,
)
def test_any_kernel_padding_and_stride(
    neuron: Neuron,
    kernel: int,
    padding: int,
    stride: int,
    pool: int,
    size: tuple[int, int],
    integers: bool,
    seed_and_density: tuple[int, float],
) -> None:
    random = np.random.default_rng(seed_and_density[0])
    shape = LayerShape("conv1", "conv", 3, size, 5, kernel, pool, stride, padding)
    frames = (random.random((2, 3, 3, *size)) < seed_and_density[1]).astype(np.uint8)
    assert_equals_dense(random_layer(shape, neuron, random, integers), frames)


def assert_equals_dense(layer: Layer, frames: np.ndarray) -> np.ndarray:
    """Compare one layer with the dense computation; returns what leaves it."""
    output = run_layer(
        plan_layer(layer), from_frames(frames, layer.shape.in_channels), membranes=True, near_threshold=True
    )
    expected, fired, membranes = dense(layer, frames)
    assert np.array_equal(output.spikes.dense(layer.shape.out_channels, layer.shape.out_size), expected)
    assert np.array_equal(output.fired, fired)
    assert output.membranes is not None
    assert np.array_equal(output.membranes, membranes.astype(np.float32))
    near = np.abs(membranes - layer.neuron.threshold) <= 1e-6 * max(1, abs(layer.neuron.threshold))
    assert np.array_equal(output.near_threshold, near.reshape(len(near), -1).sum(axis=1))
    counts = frames.reshape(*frames.shape[:2], layer.shape.in_channels, -1).sum(axis=3)
    assert np.array_equal(output.counts, counts)
    ones = replace(
        layer,
        weights=(layer.weights != 0).astype(np.float32),
        scale=None,
        bias=np.zeros_like(layer.bias),
    )
    reached = [sum(currents(ones, f.reshape(-1, *layer.shape.in_size)).sum() for f in sample) for sample in frames]
    assert output.synaptic_operations.tolist() == reached
    return expected.astype(np.uint8)


@settings(max_examples=20)
@given(st.permutations(range(4)), st.integers(0, 2**32 - 1))
def test_samples_do_not_touch_each_other(order: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    neuron = Neuron("leaky", 1.0, 0.5, 0.5, "subtract")
    network = random_network("3C3-MP2-FC5", 8, neuron, random)
    frames = (random.random((4, 3, 2, 8, 8)) < 0.3).astype(np.uint8)
    hardware = load_hardware("sparse-core")
    straight = simulate(network, frames, hardware, threads=1)
    shuffled = simulate(network, frames[order], hardware, threads=2)
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
    middle, _, _ = dense(network.layers[0], frames)
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


def test_sums_in_another_order_are_counted_where_they_may_decide() -> None:
    """Ten weights of 0.1 make a threshold of 1 but for rounding, so the order of the additions decides."""
    shape, neuron = LayerShape("fc1", "fc", 1, (1, 10), 1), Neuron("leaky", 1, 0, 1.0, "zero")
    layer = Layer(shape, np.full((10, 1), 0.1, np.float32), np.zeros(1, np.float32), neuron)
    frames = np.ones((2, 3, 10), np.uint8)
    frames[1] = 0
    result = simulate(Network((layer,)), frames, near_threshold=True)
    assert result.near_threshold is not None
    assert result.near_threshold.tolist() == [[3], [0]]
    assert simulate(Network((layer,)), frames).near_threshold is None


def test_spikes_that_do_not_fit_are_refused() -> None:
    network = random_network("FC5", 8, Neuron("leaky", 1.0, 0.5, 0.5, "zero"), np.random.default_rng(0))
    hardware = load_hardware("sparse-core")
    with pytest.raises(InputError, match="do not fit the network"):
        simulate(network, np.zeros((1, 2, 2, 7, 7)), hardware)
    with pytest.raises(InputError, match="must be 0 or 1"):
        simulate(network, np.full((1, 2, 2, 8, 8), 2), hardware)
    with pytest.raises(InputError, match="must be numbers, 0 or 1: got <U1"):
        simulate(network, np.full((1, 2, 2, 8, 8), "1"), hardware)
    with pytest.raises(InputError, match="spikes of unequal lengths"):
        simulate(network, [[[0, 1]], [[0], [1]]], hardware)
    with pytest.raises(InputError, match="0 threads cannot run anything"):
        simulate(network, np.zeros((1, 2, 2, 8, 8)), hardware, threads=0)


def test_frames_with_channels_last_are_refused() -> None:
    layer = Layer(
        LayerShape("conv1", "conv", 2, (8, 8), 3, kernel=3),
        np.ones((2, 3, 3, 3), np.float32),
        np.zeros(3, np.float32),
        Neuron("leaky", 1, 0.5, 0.5, "zero"),
    )
    with pytest.raises(InputError, match=r"expected \[samples, timesteps, 2, 8, 8\]"):
        simulate(Network((layer,)), np.zeros((1, 2, 8, 8, 2), np.uint8))


def test_networks_by_hand_are_checked() -> None:
    shape, weights, bias = LayerShape("fc1", "fc", 1, (1, 4), 3), np.ones((4, 3), np.float32), np.zeros(3, np.float32)
    neuron = Neuron("leaky", 1, 0.5, 0.5, "zero")
    with pytest.raises(InputError, match="unknown neuron reset 'substract': did you mean subtract"):
        Neuron("leaky", 1, 0.5, 0.5, "substract")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="unknown neuron model 'lif'"):
        Neuron("lif", 1, 0.5, 0.5, "zero")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="a network needs a layer"):
        Network(())
    with pytest.raises(InputError, match="neuron threshold nan: give a finite number"):
        Neuron("leaky", 1, 0.5, float("nan"), "zero")
    for bits in (8, 16, -8):
        with pytest.raises(InputError, match=f"weight_bits {bits} does not fit the weights"):
            Network((Layer(shape, weights, bias, neuron),), weight_bits=bits)
    with pytest.raises(InputError, match="fc1: bias is float64: use float32"):
        Layer(shape, weights, bias.astype(float), neuron)
    with pytest.raises(InputError, match="fc1: weights are float64: use float32, or int8 with a scale"):
        Layer(shape, weights.astype(float), bias, neuron, scale=np.ones(3, np.float32))
    with pytest.raises(InputError, match="fc1: weights with values that are not finite"):
        Layer(shape, np.where(weights > 0, np.float32(np.nan), weights), bias, neuron)
    returning = replace(shape, recurrent=True)
    with pytest.raises(InputError, match="rleaky neurons go together"):
        Layer(returning, weights, bias, neuron, recurrent=Recurrent(np.ones((3, 3), np.float32), bias))
    own = Recurrent(np.ones((2, 2), np.float32), bias)
    with pytest.raises(InputError, match=r"recurrent weights of shape \(2, 2\): expected \(3, 3\)"):
        Layer(returning, weights, bias, replace(neuron, model="rleaky"), recurrent=own)
