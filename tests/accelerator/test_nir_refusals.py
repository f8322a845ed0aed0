"""What of a NIR file is refused, and by which name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import nir
import numpy as np
import pytest

from spikecast.accelerator.nir import load_nir
from spikecast.errors import InputError

from .nir_graphs import affine, chain, conv, cuba, lif, written


def recurrent() -> nir.NIRGraph:
    nodes = {
        "input": nir.Input(np.array([4])),
        "lif": lif((4,)),
        "w": nir.Linear(np.eye(4)),
        "output": nir.Output(np.array([4])),
    }
    return nir.NIRGraph(nodes, [("input", "lif"), ("lif", "w"), ("w", "lif"), ("lif", "output")])


def edges(*pairs: tuple[str, str]) -> nir.NIRGraph:
    """Two layers, with edges of their own."""
    graph = chain((4,), nir.Linear(np.eye(4)), lif((4,)), nir.Linear(np.eye(4)), lif((4,)))
    graph.edges = list(pairs)
    return graph


def neuron(node: nir.NIRNode) -> nir.NIRGraph:
    return chain((6,), affine(6, 2), node)


def two(**changed: np.ndarray) -> nir.NIRGraph:
    node = lif((2,))
    for name, value in changed.items():
        setattr(node, name, value)
    return neuron(node)


def conv_of(**changed: Any) -> nir.NIRGraph:
    return chain((2, 8, 8), conv(4, 2, 8, **changed), lif((1,)))


ONE = np.ones(2, np.float32)
WEIGHTS = np.ones((4, 2, 3, 3), np.float32)
FRACTIONS = "makes other numbers of spikes than 0 or 1, and NIR has no max-pool: give the live snnTorch network"
NOT_THERE = (
    "is not on the accelerator: allowed: one chain of Conv2d, Linear or Affine, each with LIF or CubaLIF behind it"
)
REFUSED: dict[str, tuple[Callable[[], nir.NIRGraph], str]] = {
    # Nodes.
    "IF": (lambda: neuron(nir.IF(ONE, ONE)), f"IF 1 {NOT_THERE}"),
    "LI": (lambda: neuron(nir.LI(ONE, ONE, ONE)), f"LI 1 {NOT_THERE}"),
    "I": (lambda: neuron(nir.I(ONE)), f"I 1 {NOT_THERE}"),
    "CubaLI": (lambda: neuron(nir.CubaLI(ONE, ONE, ONE, ONE)), f"CubaLI 1 {NOT_THERE}"),
    "Threshold": (lambda: neuron(nir.Threshold(ONE)), f"Threshold 1 {NOT_THERE}"),
    "Delay": (lambda: neuron(nir.Delay(ONE)), f"Delay 1 {NOT_THERE}"),
    "Scale": (lambda: neuron(nir.Scale(ONE)), f"Scale 1 {NOT_THERE}"),
    "Conv1d": (
        lambda: chain((2, 8), nir.Conv1d(8, np.ones((4, 2, 3)), 1, 1, 1, 1, np.zeros(4)), lif((1,))),
        f"Conv1d 0 {NOT_THERE}",
    ),
    "AvgPool2d": (
        lambda: chain((2, 8, 8), conv(4, 2, 8), lif((1,)), nir.AvgPool2d(*(np.array([2, 2]),) * 3)),
        f"AvgPool2d 2 {FRACTIONS}",
    ),
    "SumPool2d": (
        lambda: chain((2, 8, 8), conv(4, 2, 8), lif((1,)), nir.SumPool2d(*(np.array([2, 2]),) * 3)),
        f"SumPool2d 2 {FRACTIONS}",
    ),
    "subgraph": (
        lambda: chain((6,), affine(6, 4), recurrent()),
        "NIRGraph 1 is a graph of its own, as recurrent neurons are written: allowed: one chain",
    ),
    # Edges.
    "recurrent": (
        lambda: edges(("input", "0"), ("0", "1"), ("1", "2"), ("2", "1"), ("1", "output")),
        "LIF 1 leads to 2 nodes (Linear 2, Output output), in a branch or back to itself: allowed: one chain",
    ),
    "sum": (
        lambda: edges(("input", "0"), ("0", "1"), ("1", "2"), ("2", "3"), ("3", "output"), ("0", "3")),
        "Linear 0 leads to 2 nodes (LIF 1, LIF 3)",
    ),
    "two ways in": (
        lambda: edges(("input", "0"), ("0", "1"), ("2", "3"), ("1", "output"), ("3", "output")),
        "Output output follows 2 nodes (LIF 1, LIF 3)",
    ),
    "apart": (
        lambda: edges(("input", "0"), ("0", "1"), ("1", "output"), ("2", "3")),
        "Linear 2, LIF 3 is not on one way from Input to Output",
    ),
    "a ring": (
        lambda: edges(("input", "output"), ("0", "1"), ("1", "2"), ("2", "3"), ("3", "0")),
        "Linear 0, LIF 1, Linear 2, LIF 3 is not on one way from Input to Output",
    ),
    "an edge to nowhere": (
        lambda: edges(("input", "0"), ("0", "9")),
        "edges end at 9, which is no node: the file",
    ),
    # Order and sizes.
    "no neurons": (lambda: chain((6,), affine(6, 2)), "Affine 0 leads to Output without neurons: allowed: one chain"),
    "nothing": (lambda: chain((6,)), "Input input leads to Output without neurons"),
    "no neurons between": (
        lambda: chain((6,), affine(6, 2), affine(2, 2), lif((2,))),
        "Affine 0 leads to Affine 1 without neurons between them",
    ),
    "no synapses": (lambda: chain((6,), lif((6,))), "LIF 0 has no synapses in front of it"),
    "batched input": (
        lambda: chain((1, 6), affine(6, 2), lif((2,))),
        "Input input has shape [1, 6]: allowed: [inputs] or [channels, height, width]",
    ),
    "other inputs": (
        lambda: chain((7,), affine(6, 2), lif((2,))),
        "Affine 0 has weights of shape [2, 6], and 7 inputs enter it",
    ),
    "unflattened": (
        lambda: chain((2, 8, 8), affine(128, 2), lif((2,))),
        "Affine 0 gets frames of [2, 8, 8]: put a Flatten in front of it",
    ),
    "other channels": (
        lambda: chain((3, 8, 8), conv(4, 2, 8), lif((1,))),
        "Conv2d 0 has weights of shape [4, 2, 3, 3], and frames of [3, 8, 8] enter it: the file",
    ),
    "flat frames": (
        lambda: chain((2, 8, 8), nir.Flatten(np.array([2, 8, 8]), 0), conv(4, 2, 8), lif((1,))),
        "Conv2d 1 has weights of shape [4, 2, 3, 3], and flat frames of [2, 8, 8] enter it",
    ),
    "other maps": (lambda: conv_of(input_shape=(9, 9)), "Conv2d 0 takes maps of (9, 9), and maps of (8, 8) enter it"),
    "too small maps": (
        lambda: chain((2, 2, 2), conv(4, 2, 2, padding=0), lif((1,))),
        "Conv2d 0 has a kernel wider than the frames of [2, 2, 2] that enter it",
    ),
    "other neurons": (
        lambda: chain((6,), affine(6, 2), lif((3,))),
        "LIF 1 has 3 neurons, and Affine 0 leads to 2",
    ),
    # Settings.
    "even kernel": (
        lambda: conv_of(weight=WEIGHTS[..., :2, :2]),
        "Conv2d 0 has kernel_size (2, 2): allowed on the",
    ),
    "oblong kernel": (
        lambda: conv_of(weight=WEIGHTS[..., :1]),
        "Conv2d 0 has kernel_size (3, 1): allowed on the",
    ),
    "stride": (lambda: conv_of(stride=3), "Conv2d 0 has stride (3, 3): allowed on the accelerator: 1 or 2"),
    "same with a stride": (lambda: conv_of(stride=2, padding="same"), "Conv2d 0 has stride (2, 2): allowed on the acc"),
    "padding": (lambda: conv_of(padding=(0, 1)), "Conv2d 0 has padding (0, 1): allowed on the accelerator: the same"),
    "dilation": (lambda: conv_of(dilation=2), "Conv2d 0 has dilation (2, 2): allowed on the accelerator: 1"),
    "groups": (lambda: conv_of(groups=2), "Conv2d 0 has groups 2: allowed on the accelerator: 1"),
    "gain": (
        lambda: neuron(lif((2,), r=1.0)),
        "LIF 1 has r * 0.0001 / tau = 0.1, and the accelerator's currents have a gain of 1, as snnTorch's Leaky",
    ),
    "gain of the membrane": (lambda: neuron(cuba((2,), r=1.0)), "CubaLIF 1 has r * 0.0001 / tau_mem = 0.1"),
    "gain of the synapse": (lambda: neuron(cuba((2,), w_in=1.0)), "CubaLIF 1 has w_in * 0.0001 / tau_syn = 0.2"),
    "no time": (lambda: neuron(lif((2,), tau=0.0)), "LIF 1 has r * 0.0001 / tau = nan"),
    "short": (
        lambda: neuron(lif((2,), tau=5e-5, r=0.5)),
        "LIF 1 has tau 5e-05, shorter than the time step 0.0001",
    ),
    "leak voltage": (lambda: neuron(lif((2,), v_leak=0.5)), "LIF 1 has v_leak 0.5: allowed on the accelerator: 0"),
    "reset voltage": (lambda: neuron(lif((2,), v_reset=-1)), "LIF 1 has v_reset -1: allowed on the accelerator: 0"),
    "several thresholds": (
        lambda: two(v_threshold=np.array([1.0, 2.0])),
        "LIF 1 has 2 different values of v_threshold: the accelerator has one a layer",
    ),
    "several time constants": (lambda: two(tau=np.array([1.0, 2.0])), "LIF 1 has 2 different values of tau"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name: str, tmp_path: Path) -> None:
    make, message = REFUSED[name]
    path = written(tmp_path, make())
    with pytest.raises(InputError) as refused:
        load_nir(path, reset="zero")
    assert str(refused.value).startswith(f"{path}: {message}")
    assert "\n" not in str(refused.value)


def test_no_time_step_makes_a_neuron_without_memory(tmp_path: Path) -> None:
    """As sinabs, Norse and SpikingJelly write them: r is 1, so that only tau itself would give a gain of 1."""
    path = written(tmp_path, neuron(lif((2,), tau=10.0, r=1.0)))
    for time_step, message in (
        (1.0, "r * 1 / tau = 0.1, and"),
        (10.0, "tau 10, which is the time step: that would be a"),
    ):
        with pytest.raises(
            InputError, match=f"LIF 1 has {re.escape(message)}.*Norse, sinabs and SpikingJelly write such"
        ):
            load_nir(path, reset="subtract", time_step=time_step)


def test_the_reset_must_be_given(tmp_path: Path) -> None:
    path = written(tmp_path, neuron(lif((2,))))
    with pytest.raises(InputError, match=r"does not hold what a spike does .* --reset subtract, zero or none$"):
        load_nir(path, reset=None)
    with pytest.raises(InputError, match=r"^reset 'soft': allowed: subtract, zero, none$"):
        load_nir(path, reset="soft")


def test_files_that_are_no_nir_files(tmp_path: Path) -> None:
    text, other, single = tmp_path / "text.nir", tmp_path / "other.h5", tmp_path / "single.nir"
    text.write_text("not at all")
    with h5py.File(other, "w") as file:
        file["values"] = 1
    nir.write(single, affine(6, 2))
    for path in (text, other, single):
        with pytest.raises(InputError, match=f"^{path}: not a NIR graph .*: give a file as nir.write writes it$"):
            load_nir(path, reset="zero")
    for path in (tmp_path / "missing.nir", tmp_path):
        with pytest.raises(InputError, match=f"^{path}: no such file: give a NIR file, as nir.write writes it$"):
            load_nir(path, reset="zero")
