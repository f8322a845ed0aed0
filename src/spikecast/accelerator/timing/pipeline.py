"""Cycles of the fully connected pipeline: layers work on successive timesteps at once.

Between neighbours lies a buffer for one timestep's spikes, free again only when the consumer has finished its
timestep. The law is that of the published SystemC model (JETCAS'23) of three layers, cycle for cycle, with its
two-phase handshake between the second and the third layer. For other depths no reference exists: every
handshake then takes one cycle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from spikecast.accelerator.timing.counts import positive, spike_counts
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
        The cycle at which the last layer ends. Exact for three layers, generalised for any other depth.

    Raises:
        InputError: lengths do not fit, or a count or size is impossible.
    """
    if len(spikes) != len(unit_size) or not spikes:
        raise InputError(f"{len(spikes)} spike trains for {len(unit_size)} unit sizes: give one of each per layer")
    counts = [spike_counts(train, dimensions=1, largest=2**31) for train in spikes]
    if len({len(train) for train in counts}) != 1:
        raise InputError("spike trains differ in their timesteps: give every layer the same number")
    for size in unit_size:
        positive(unit_size=size)
    cycles = [[int(s) * (4 * size + 2) for s in train] for train, size in zip(counts, unit_size, strict=True)]
    return _run(cycles)


@dataclass(frozen=True)
class _Handshake:
    """Cycles until a flag written by one layer is seen by its neighbour.

    ``front_end`` is the cycle at which the first layer has ended, None while it has not.
    """

    exact: bool
    front_end: int | None

    def _settled(self, written: int) -> bool:
        return self.front_end is not None and self.front_end % 2 == 0 and written >= self.front_end

    def to_consumer(self, written: int) -> int:
        if not self.exact:
            return 1
        return 0 if written % 2 == 0 or self._settled(written) else 1

    def to_producer(self, written: int) -> int:
        if not self.exact:
            return 1
        return 0 if written % 2 == 1 and not self._settled(written) else 1


def _run(cycles: list[list[int]]) -> int:
    """``cycles[layer][timestep]``: what a layer spends on a timestep's spikes."""
    depth, timesteps = len(cycles), len(cycles[0])
    finished = [_NEVER] * depth  # per layer, the cycle at which it finished its latest timestep
    front_free = 0
    for t in range(timesteps):
        before = list(finished)
        emitted = front_free + 1 + cycles[0][t]
        if depth > 1:
            emitted = max(emitted, before[1] + 1)
        finished[0] = emitted + 2
        front_free = finished[0] + 2
        handshake = _Handshake(depth == EXACT_DEPTH, front_free if t == timesteps - 1 else None)
        for layer in range(1, depth):
            # The first layer hands its list over in the cycle it finishes, without a flag.
            offered = finished[layer - 1]
            if layer > 1:
                offered += handshake.to_consumer(offered)
            taken = max(offered, before[layer] + 2) + 1
            worked = taken + 1 + cycles[layer][t]
            if layer < depth - 1 and before[layer + 1] > _NEVER:
                worked = max(worked, before[layer + 1] + handshake.to_producer(before[layer + 1]))
            finished[layer] = worked + 2
    return finished[-1] + 1
