"""The event-driven accelerator: exact spikes, exact cycles."""

from spikecast.accelerator import timing
from spikecast.accelerator.hardware import Hardware, load_hardware, shipped_hardware
from spikecast.accelerator.latency import Latency, time_trace
from spikecast.accelerator.network import Layer, Network, Neuron
from spikecast.accelerator.simulate import SimulationResult, simulate
from spikecast.accelerator.trace import Trace

__all__ = [
    "Hardware",
    "Latency",
    "Layer",
    "Network",
    "Neuron",
    "SimulationResult",
    "Trace",
    "load_hardware",
    "shipped_hardware",
    "simulate",
    "time_trace",
    "timing",
]
