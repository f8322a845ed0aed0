from . import timing as timing
from ._timeline import UNSEEN as UNSEEN, timeline as timeline
from .allocation import allocate as allocate, planned_allocation as planned_allocation
from .balance import Balance as Balance, balance_cores as balance_cores
from .energy import Energy as Energy, energy_of as energy_of, energy_of_spikes as energy_of_spikes
from .files import (
    TRACE as TRACE,
    load_network as load_network,
    load_trace as load_trace,
    network_from as network_from,
    read_npz as read_npz,
    save_network as save_network,
    save_trace as save_trace,
    trace_from as trace_from,
)
from .hardware import (
    DEFAULT_HARDWARE as DEFAULT_HARDWARE,
    BalancedCores as BalancedCores,
    Hardware as Hardware,
    load_hardware as load_hardware,
    shipped_hardware as shipped_hardware,
)
from .latency import Latency as Latency, time_trace as time_trace
from .network import (
    RESETS as RESETS,
    Layer as Layer,
    Network as Network,
    Neuron as Neuron,
    NeuronModel as NeuronModel,
    Recurrent as Recurrent,
    conv_limits as conv_limits,
)
from .neurobench import neurobench_results as neurobench_results
from .nir import load_nir as load_nir
from .quantization import quantized as quantized
from .simulation import CHUNK as CHUNK, SimulationResult as SimulationResult, simulate as simulate
from .spike_lists import SpikeLists as SpikeLists, from_frames as from_frames
from .summary import layer_report as layer_report, spread as spread, summarize as summarize
from .trace import SpikeCounts as SpikeCounts, Trace as Trace, most_spikes as most_spikes
