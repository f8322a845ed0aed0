"""NIR graphs as snnTorch writes them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import nir
import numpy as np

TIME_STEP = 1e-4


def lif(shape: tuple[int, ...], beta: float = 0.9, **changed: float) -> nir.LIF:
    """As snnTorch writes a Leaky."""
    tau = TIME_STEP / (1 - np.float32(beta))
    values = {"tau": tau, "r": tau / TIME_STEP, "v_leak": 0.0, "v_threshold": 0.5, "v_reset": 0.0, **changed}
    return nir.LIF(**{name: np.full(shape, value, np.float32) for name, value in values.items()})


def cuba(shape: tuple[int, ...], alpha: float = 0.8, beta: float = 0.9, **changed: float) -> nir.CubaLIF:
    """As snnTorch writes a Synaptic."""
    tau_mem, tau_syn = (TIME_STEP / (1 - np.float32(decay)) for decay in (beta, alpha))
    values = {"tau_mem": tau_mem, "tau_syn": tau_syn, "r": tau_mem / TIME_STEP, "w_in": tau_syn / TIME_STEP}
    values |= {"v_leak": 0.0, "v_threshold": 0.5, "v_reset": 0.0, **changed}
    return nir.CubaLIF(**{name: np.full(shape, value, np.float32) for name, value in values.items()})


def affine(inputs: int, neurons: int, seed: int = 0) -> nir.Affine:
    random = np.random.default_rng(seed)
    weights = random.normal(0, 1 / np.sqrt(inputs), (neurons, inputs))
    return nir.Affine(weights.astype(np.float32), random.normal(0, 0.1, neurons).astype(np.float32))


def conv(outputs: int, inputs: int, side: int, **changed: Any) -> nir.Conv2d:
    weights = np.random.default_rng(outputs).normal(0, 0.3, (outputs, inputs, 3, 3)).astype(np.float32)
    settings = {"input_shape": (side, side), "weight": weights, "stride": 1, "padding": 1, "dilation": 1, "groups": 1}
    return nir.Conv2d(**{**settings, "bias": np.full(outputs, 0.1, np.float32), **changed})


def chain(shape: tuple[int, ...], *nodes: nir.NIRNode) -> nir.NIRGraph:
    """The nodes in a row, named by their place."""
    named = {"input": nir.Input(np.array(shape)), **{str(i): node for i, node in enumerate(nodes)}}
    named["output"] = nir.Output(np.array([1]))
    names = list(named)
    return nir.NIRGraph(named, list(pairwise(names)), type_check=False)


def written(tmp_path: Path, graph: nir.NIRGraph) -> Path:
    path = tmp_path / "network.nir"
    nir.write(path, graph)
    return path
