"""The event-driven accelerator: exact spikes, exact cycles."""

from typing import TYPE_CHECKING

from spikecast.lazy import lazy_names

if TYPE_CHECKING:
    from spikecast.accelerator import timing
    from spikecast.accelerator.balance import Balance, balance_cores
    from spikecast.accelerator.energy import Energy, energy_of
    from spikecast.accelerator.hardware import Hardware, load_hardware, shipped_hardware
    from spikecast.accelerator.latency import Latency, time_trace
    from spikecast.accelerator.network import Layer, Network, Neuron, Recurrent
    from spikecast.accelerator.network_file import load_network, save_network
    from spikecast.accelerator.neurobench import neurobench_results
    from spikecast.accelerator.nir_file import load_nir
    from spikecast.accelerator.quantisation import quantised
    from spikecast.accelerator.simulation import SimulationResult, simulate
    from spikecast.accelerator.summary import spread, summarise
    from spikecast.accelerator.trace import Trace
    from spikecast.accelerator.trace_file import load_trace, save_trace

_HOMES = {
    "Balance": "balance",
    "balance_cores": "balance",
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
    "Recurrent": "network",
    "load_network": "network_file",
    "save_network": "network_file",
    "load_nir": "nir_file",
    "neurobench_results": "neurobench",
    "quantised": "quantisation",
    "SimulationResult": "simulation",
    "simulate": "simulation",
    "spread": "summary",
    "summarise": "summary",
    "Trace": "trace",
    "load_trace": "trace_file",
    "save_trace": "trace_file",
}
__all__ = [
    "Balance",
    "Energy",
    "Hardware",
    "Latency",
    "Layer",
    "Network",
    "Neuron",
    "Recurrent",
    "SimulationResult",
    "Trace",
    "balance_cores",
    "energy_of",
    "load_hardware",
    "load_network",
    "load_nir",
    "load_trace",
    "neurobench_results",
    "quantised",
    "save_network",
    "save_trace",
    "shipped_hardware",
    "simulate",
    "spread",
    "summarise",
    "time_trace",
    "timing",
]
__getattr__ = lazy_names(
    __name__, {name: f"{__name__}.{module}" for name, module in _HOMES.items()}, modules={"timing"}
)
