"""Cycles of the fully connected pipeline: layers work on successive timesteps at once.

Between neighbors lies a buffer for one timestep's spikes, free again only when the consumer has finished its
timestep. The law is that of the published SystemC model (JETCAS'23) of three layers, cycle for cycle, with its
two-phase handshake between the second and the third layer. For other depths no reference exists: every
handshake then takes one cycle.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikecast._util.compiled import compiled
from spikecast.accelerator.timing.spike_counts import positive, spike_counts
from spikecast.errors import InputError

#: Depth of the published model, the only one with a reference.
EXACT_DEPTH = 3
_NEVER = -(2**62)


def fc_pipeline(spikes: Sequence[ArrayLike], *, unit_size: Sequence[int]) -> int:
    """Cycles of the whole pipeline for one sample.

    Args:
        spikes: one int[timesteps] per layer, spikes that enter it in each timestep.
        unit_size: per layer, neurons that one accumulate unit serves one after another.

    Returns:
        The cycle at which the last layer ends. Exact for three layers, generalized for any other depth.

    Raises:
        InputError: lengths do not fit, or a count or size is impossible.
    """
    if len(spikes) != len(unit_size) or len(spikes) == 0:
        raise InputError(f"{len(spikes)} spike trains for {len(unit_size)} unit sizes: give one of each per layer")
    counts = [spike_counts(train, dimensions=1, largest=2**31) for train in spikes]
    if len({len(train) for train in counts}) != 1:
        raise InputError("spike trains differ in their timesteps: give every layer the same number")
    total, _ = fc_pipeline_samples(np.stack(counts)[np.newaxis], unit_size=unit_size)
    return int(total[0])


def fc_pipeline_samples(
    counts: NDArray[np.int64], *, unit_size: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cycles of the whole pipeline for many samples.

    Args:
        counts: int64[samples, layers, timesteps], spikes that enter.
        unit_size: per layer, neurons that one accumulate unit serves one after another.

    Returns:
        int64[samples], the cycle at which the last layer ends, and int64[samples, layers, timesteps, 2]: when each
        layer began to work on a timestep's spikes, and when it finished.
    """
    for size in unit_size:
        positive(unit_size=size)
    work = counts * spike_cycles(np.asarray(unit_size, np.int64))[:, np.newaxis]
    return _run(work, len(unit_size) == EXACT_DEPTH)


def spike_cycles(unit_size: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cycles that a layer spends on each of its spikes, by the neurons that one of its units serves."""
    return 4 * unit_size + 2


@compiled
def _run(work: NDArray[np.int64], exact: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """``work[sample, layer, timestep]``: cycles that a layer spends on a timestep's spikes."""
    samples, depth, timesteps = work.shape
    total = np.empty(samples, np.int64)
    phases = np.empty((samples, depth, timesteps, 2), np.int64)
    for sample in range(samples):
        finished = np.full(depth, _NEVER)  # per layer, the cycle at which it finished its latest timestep
        front_free = 0
        for t in range(timesteps):
            before = finished.copy()
            emitted = front_free + 1 + work[sample, 0, t]
            if depth > 1:
                emitted = max(emitted, before[1] + 1)
            finished[0] = emitted + 2
            phases[sample, 0, t] = front_free + 1, finished[0]
            front_free = finished[0] + 2
            # From the cycle at which the first layer has ended for good; before, no cycle is that late.
            front_end = front_free if t == timesteps - 1 else -_NEVER
            for layer in range(1, depth):
                # The first layer hands its list over in the cycle it finishes, without a flag.
                offered = finished[layer - 1]
                if layer > 1:
                    offered += _to_consumer(offered, exact, front_end)
                taken = max(offered, before[layer] + 2) + 1
                worked = taken + 1 + work[sample, layer, t]
                if layer < depth - 1 and before[layer + 1] > _NEVER:
                    worked = max(worked, before[layer + 1] + _to_producer(before[layer + 1], exact, front_end))
                finished[layer] = worked + 2
                phases[sample, layer, t] = taken + 1, finished[layer]
        total[sample] = finished[-1] + 1
    return total, phases


@compiled
def _to_consumer(written: int, exact: bool, front_end: int) -> int:
    """Cycles until the next layer sees a flag."""
    if not exact:
        return 1
    return 0 if written % 2 == 0 or _settled(written, front_end) else 1


@compiled
def _to_producer(written: int, exact: bool, front_end: int) -> int:
    """Cycles until the layer before sees a flag."""
    if not exact:
        return 1
    return 0 if written % 2 == 1 and not _settled(written, front_end) else 1


@compiled
def _settled(written: int, front_end: int) -> bool:
    """Whether the first layer had ended, on an even cycle, when the flag was written."""
    return front_end % 2 == 0 and written >= front_end
