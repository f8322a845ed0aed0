"""Energy: parts counted by hand, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from spikecast.accelerator import Hardware, Trace, energy_of, load_hardware, time_trace
from spikecast.accelerator.energy import PARTS
from spikecast.architecture import LayerShape

from .networks import traces

HARDWARE = load_hardware("sparse-core")
CONV = LayerShape("conv1", "conv", 2, (4, 4), 6, kernel=3)
FC = LayerShape("fc1", "fc", 6, (4, 4), 10)
#: Seven spikes into the convolution, five into the fully connected layer, in two timesteps.
TRACE = Trace(
    (CONV, FC),
    (np.array([[[3, 0], [4, 0]]]), np.array([[[5, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]]])),
)


def parts(trace: Trace, **table: float) -> dict[str, float]:
    """Energy in pJ with 4 conv and 3 fc cores, everything free but ``table``."""
    free = dict.fromkeys(type(HARDWARE.energy).model_fields, 0.0)  # type: ignore[union-attr]
    hardware = Hardware(
        **HARDWARE.model_dump(exclude={"cores", "energy"}), cores={"conv": 4, "fc": 3}, energy=free | table
    )
    energy = energy_of(trace, time_trace(trace, hardware), hardware)
    return {part: float(nj[0]) * 1000 for part, nj in energy.parts_nj.items()}


def test_every_part_by_hand() -> None:
    adds = 7 * 9 * 6 + 5 * 10
    neurons = (6 * 16 + 10) * 2
    assert parts(TRACE, float_add_pj=1)["synaptic_adds"] == pytest.approx(adds)
    assert parts(TRACE, integer_add_pj=1)["synaptic_adds"] == 0
    memory = parts(TRACE, memory_access_pj=64)
    assert memory["weight_memory"] == pytest.approx(adds * 32)
    assert memory["state_memory"] == pytest.approx(64 * (7 * 9 * 6 + neurons))
    # Two passes of the convolution, 10 // 3 + 1 = 4 groups of neurons.
    conv_bits = 2 * 2 * 2 * 16 + 2 * 2 * 16 * 7
    fc_bits = 2 * 6 * 16 + 16 * 5 * (1 + 4)
    assert memory["compression"] == pytest.approx(conv_bits + fc_bits)
    assert parts(TRACE, float_multiply_pj=1)["neuron_updates"] == pytest.approx(neurons)
    assert parts(TRACE, float_add_pj=1)["neuron_updates"] == pytest.approx(2 * neurons)


def test_spikes_that_come_back_are_read_too() -> None:
    back = LayerShape("fc1", "fc", 6, (4, 4), 10, recurrent=True)
    alone = Trace((back,), (np.zeros((1, 2, 7), np.int64),))
    forward = Trace((FC,), (np.zeros((1, 2, 6), np.int64),))
    more = parts(alone, memory_access_pj=64)["compression"] - parts(forward, memory_access_pj=64)["compression"]
    # Ten neurons, one bit each in two timesteps.
    assert more == pytest.approx(2 * 10)


def test_static_energy_is_power_times_latency() -> None:
    hardware = Hardware(
        **HARDWARE.model_dump(exclude={"energy"}), energy=HARDWARE.model_dump()["energy"] | {"static_mw": 3.0}
    )
    latency = time_trace(TRACE, hardware)
    static = energy_of(TRACE, latency, hardware).parts_nj["static"]
    assert static == pytest.approx(3.0 * latency.cycles / 100)


def test_narrow_weights_cost_less() -> None:
    latency = time_trace(TRACE, HARDWARE)
    energies = [
        energy_of(Trace(TRACE.shapes, TRACE.counts, bits), latency, HARDWARE).total_nj[0] for bits in (4, 8, 32)
    ]
    assert energies == sorted(energies)
    assert energies[0] < energies[2]


@given(traces, st.integers(0, 3))
def test_one_more_spike_costs_more(trace: Trace, layer: int) -> None:
    layer %= len(trace.shapes)
    counts = [c.copy() for c in trace.counts]
    if counts[layer][0, 0, 0] == trace.shapes[layer].frame:
        return
    counts[layer][0, 0, 0] += 1
    more = Trace(trace.shapes, tuple(counts))
    before, after = (energy_of(t, time_trace(t, HARDWARE), HARDWARE).total_nj for t in (trace, more))
    assert after[0] > before[0]
    assert np.array_equal(after[1:], before[1:])


def test_without_a_table_energy_is_unknown_not_zero() -> None:
    bare = HARDWARE.model_copy(update={"energy": None})
    energy = energy_of(TRACE, time_trace(TRACE, bare), bare)
    assert np.isnan(energy.total_nj).all()
    assert set(energy.parts_nj) == set(PARTS)
