"""Run by part d in a fresh process: prints, as JSON, seconds of the import and of the first and later calls."""

import time

started = time.perf_counter()
from spikecast.accelerator import Layer, Network, Neuron, load_hardware, simulate  # noqa: E402

imported = time.perf_counter()

import json  # noqa: E402
import statistics  # noqa: E402

import numpy as np  # noqa: E402

from spikecast.architecture import layer_shapes  # noqa: E402


def tiny_network() -> Network:
    layers = []
    for shape in layer_shapes("4C3-MP2-FC10", in_channels=2, input_size=8):
        size = (shape.in_channels, 3, 3, shape.out_channels) if shape.kind == "conv" else (shape.inputs, 10)
        neuron = Neuron("leaky", gain=1.0, leak=0.5, threshold=1.0, reset="subtract")
        layers.append(Layer(shape, np.ones(size, np.float32), np.zeros(shape.out_channels, np.float32), neuron))
    return Network(tuple(layers))


def seconds_of_a_call() -> float:
    start = time.perf_counter()
    simulate(network, frames, hardware, threads=1)
    return time.perf_counter() - start


network, hardware = tiny_network(), load_hardware("sparse-core")
frames = np.ones((2, 3, 2, 8, 8), np.uint8)
first = seconds_of_a_call()
later = statistics.median(seconds_of_a_call() for _ in range(20))
process = time.perf_counter() - started
print(json.dumps({"import": imported - started, "first": first, "later": later, "process": process}))
