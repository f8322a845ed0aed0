"""The event-driven accelerator: exact spikes, exact cycles."""

from typing import TYPE_CHECKING

from spikecast.lazy import lazy_names

if TYPE_CHECKING:
    from spikecast.accelerator import timing
    from spikecast.accelerator.hardware import Hardware, load_hardware, shipped_hardware
    from spikecast.accelerator.latency import Latency, time_trace
    from spikecast.accelerator.network import Layer, Network, Neuron
    from spikecast.accelerator.simulation import SimulationResult, simulate
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

_HOMES = {
    "Energy": "energy",
    "energy_of": "energy",
    "Hardware": "hardware",
    "load_hardware": "hardware",
    "shipped_hardware": "hardware",
    "Latency": "latency",
    "time_trace": "latency",
    "Layer": "network",
    "Network": "network",
    "Neuron": "network",
    "SimulationResult": "simulation",
    "simulate": "simulation",
    "Trace": "trace",
}
__getattr__ = lazy_names(
    __name__, {name: f"{__name__}.{module}" for name, module in _HOMES.items()}, modules={"timing"}
)
