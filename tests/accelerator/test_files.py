"""Networks and traces on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spikecast.accelerator import (
    Layer,
    Network,
    Neuron,
    Recurrent,
    load_hardware,
    load_network,
    load_trace,
    quantized,
    save_network,
    save_trace,
    simulate,
)
from spikecast.accelerator.files import write_npz
from spikecast.architecture import LayerShape, layer_shapes
from spikecast.errors import InputError

RANDOM = np.random.default_rng(0)
HARDWARE = load_hardware("sparse-core")


def floats(*shape: int) -> np.ndarray:
    return RANDOM.normal(size=shape).astype(np.float32)


def network() -> Network:
    conv, fc = layer_shapes("3C3-MP2-FC5", 2, 8)
    last = LayerShape("fc2", "fc", 1, (1, 5), 4, recurrent=True)
    return Network(
        (
            Layer(conv, floats(2, 3, 3, 3), floats(3), Neuron("leaky", 1, 0.5, 0.4, "subtract")),
            Layer(fc, floats(48, 5), floats(5), Neuron("alpha", 2.5, 0.5, 0.3, "zero", 0.75)),
            Layer(
                last,
                floats(5, 4),
                floats(4),
                Neuron("rleaky", 1, 0.5, 0.2, "none"),
                recurrent=Recurrent(floats(4, 4), floats(4)),
            ),
        )
    )


def test_who_fires_at_the_threshold_is_kept_and_older_files_stay_as_they_are(tmp_path: Path) -> None:
    layer = network().layers[0]
    for fires in (False, True):
        changed = replace(layer, neuron=replace(layer.neuron, fires_at_threshold=fires))
        save_network(Network((changed,)), tmp_path / "network.npz")
        assert load_network(tmp_path / "network.npz").layers[0].neuron == changed.neuron
        with np.load(tmp_path / "network.npz") as file:
            assert ("fires_at_threshold" in str(file["description"])) == fires


FC_SHAPE = {"name": "fc1", "kind": "fc", "in_channels": 1, "in_size": [1, 4], "out_channels": 2}
FRAMES = (RANDOM.random((5, 3, 2, 8, 8)) < 0.3).astype(np.uint8)


@pytest.mark.parametrize("bits", [32, 8, 4])
def test_a_network_comes_back_as_it_was(bits: int, tmp_path: Path) -> None:
    original = network() if bits == 32 else quantized(network(), bits)
    save_network(original, tmp_path / "network.npz", {"dataset": "nmnist"})
    again = load_network(tmp_path / "network.npz")
    assert again.shapes == original.shapes
    assert again.weight_bits == bits
    for before, after in zip(original.layers, again.layers, strict=True):
        assert after.neuron == before.neuron
        assert after.weights.dtype == (np.float32 if bits == 32 else np.int8)
        assert np.array_equal(after.weights, before.weights)
    first, second = simulate(original, FRAMES, HARDWARE), simulate(again, FRAMES, HARDWARE)
    assert first.output_spikes.any()
    assert np.array_equal(first.output_spikes, second.output_spikes)


def test_a_trace_comes_back_as_it_was(tmp_path: Path) -> None:
    result = simulate(quantized(network(), 8), FRAMES, HARDWARE)
    save_trace(result.trace, tmp_path / "trace.npz")
    again = load_trace(tmp_path / "trace.npz")
    assert again.shapes == result.trace.shapes
    assert again.weight_bits == 8
    assert all(np.array_equal(a, b) for a, b in zip(again.counts, result.trace.counts, strict=True))


def test_files_that_are_something_else_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.npz"
    with pytest.raises(InputError, match=r"no file .*file\.npz"):
        load_network(path)
    path.write_bytes(b"not an archive")
    with pytest.raises(InputError, match="is not a whole spikecast network or trace"):
        load_trace(path)
    np.savez(path, numbers=np.arange(3))
    with pytest.raises(InputError, match="is not a whole spikecast network or trace"):
        load_trace(path)
    for description in (np.array({"kind": "trace"}, dtype=object), np.array("[1]"), np.array('{"format": 1}')):
        np.savez(path, description=description)
        with pytest.raises(InputError, match="is not a whole spikecast network or trace"):
            load_trace(path)
    save_network(network(), path)
    with pytest.raises(InputError, match="holds a network, not a trace"):
        load_trace(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match="is not a whole spikecast network or trace"):
        load_network(path)
    write_npz(path, "network", {"weight_bits": 32, "layers": [{"shape": {"in_size": [1, 1]}}]}, {})
    with pytest.raises(InputError, match="is not a whole network"):
        load_network(path)
    for shape in ({"in_size": [1]}, {"in_size": 1}, []):
        for kind in ("network", "trace"):
            write_npz(path, kind, {"weight_bits": "x", "layers": [shape and {**FC_SHAPE, **shape}]}, {})
            with pytest.raises(InputError, match=f"is not a whole {kind}"):
                (load_network if kind == "network" else load_trace)(path)
    with pytest.raises(InputError, match="cannot write network"):
        save_network(network(), tmp_path / "missing" / "file.npz")


def test_parts_that_do_not_fit_are_refused() -> None:
    layers = network().layers
    with pytest.raises(InputError, match="fc2 takes 5 inputs, which is not what conv1 gives"):
        Network((layers[0], layers[2]))
    shape, neuron = layers[1].shape, layers[1].neuron
    with pytest.raises(InputError, match=r"fc1: weights of shape \(47, 5\): expected \(48, 5\)"):
        Layer(shape, floats(47, 5), floats(5), neuron)
    with pytest.raises(InputError, match="fc1: weights are int8: use float32, or int8 with a scale"):
        Layer(shape, np.zeros((48, 5), np.int8), floats(5), neuron)
    with pytest.raises(InputError, match="fc2: recurrent synapses, a recurrent shape and rleaky neurons go together"):
        Layer(layers[2].shape, layers[2].weights, layers[2].bias, layers[2].neuron)


def test_post_training_quantization_rounds_to_the_nearest_step() -> None:
    for bits, limit in ((4, 7), (8, 127)):
        original = network()
        for before, after in zip(original.layers, quantized(original, bits).layers, strict=True):
            assert after.scale is not None
            assert np.abs(after.weights).max() == limit
            assert (np.abs(after.weights * after.scale - before.weights) <= after.scale / 2 * 1.0001).all()
            steps = after.bias / after.scale
            assert steps == pytest.approx(np.rint(steps), abs=1e-3)
    layer = network().layers[0]
    without = replace(layer, weights=np.where(np.arange(len(layer.bias)) == 0, 0, layer.weights).astype(np.float32))
    after = quantized(Network((without,)), 4).layers[0]
    assert not after.weights[..., 0].any()
    assert after.bias[0] == layer.bias[0]
    with pytest.raises(InputError, match="weight bits 5 are not allowed: use 4 or 8"):
        quantized(network(), 5)
    with pytest.raises(InputError, match="have 8 bits already: quantize a float network"):
        quantized(quantized(network(), 8), 4)
