"""Cores for layers: what a hardware description says, or a budget shared out in proportion to work."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.hardware import BalancedCores, CoresByKind, CoreShare, Hardware
from spikecast.accelerator.trace import SpikeCounts
from spikecast.architecture import LayerShape
from spikecast.errors import InputError

Cores = TypeVar("Cores", int, NDArray[np.int64])


def allocate(trace: SpikeCounts, hardware: Hardware) -> tuple[int, ...]:
    """Cores per layer in mode layerwise, unit size per layer in mode pipeline.

    Raises:
        InputError: the hardware cannot run such layers, or its budget is too small.
    """
    if isinstance(hardware.cores, BalancedCores):
        return proportional_cores(trace, hardware.cores.balanced)
    return fixed_allocation(trace.shapes, hardware)


def fixed_allocation(shapes: Sequence[LayerShape], hardware: Hardware) -> tuple[int, ...]:
    """Cores per layer, or unit size per layer, by a description that does not balance its cores over a trace.

    Raises:
        InputError: the description lists another number of layers, or runs no convolutions and there is one.
    """
    if hardware.mode == "pipeline":
        for shape in shapes:
            if shape.kind == "conv":
                raise InputError(
                    f"{shape.name} is a convolution, and mode pipeline runs fully connected layers only: "
                    "use hardware of mode layerwise"
                )
        assert hardware.unit_size is not None
        return _listed(hardware.unit_size, shapes, hardware)
    cores = hardware.cores
    if isinstance(cores, CoresByKind):
        of_kind = {
            kind: iter(_listed(getattr(cores, kind), [s for s in shapes if s.kind == kind], hardware, f"{kind} "))
            for kind in ("conv", "fc")
        }
        return tuple(next(of_kind[shape.kind]) for shape in shapes)
    assert cores is not None
    assert not isinstance(cores, BalancedCores)
    return _listed(cores, shapes, hardware)


def planned_allocation(shapes: Sequence[LayerShape], hardware: Hardware) -> tuple[int, ...] | None:
    """What a network's layers get before there is a trace; None if it takes one to balance the cores.

    It is the cores of each layer in mode layerwise, the unit size of each in mode pipeline.

    Raises:
        InputError: the hardware cannot run such layers, or its budget is too small.
    """
    if isinstance(hardware.cores, BalancedCores):
        require_a_core_each(shapes, hardware.cores.balanced)
        return None
    return fixed_allocation(shapes, hardware)


def passes(shape: LayerShape, cores: Cores) -> Cores:
    """How often the sparse core goes through a layer's spikes: its output channels, or groups of neurons, over cores.

    A fully connected layer is served in ``neurons // cores + 1`` groups.
    """
    return -(-shape.out_channels // cores) if shape.kind == "conv" else shape.out_channels // cores + 1


def most_useful_cores(shape: LayerShape) -> int:
    """Cores beyond which a layer gets no faster; for a fully connected layer one more than neurons, see ``passes``."""
    return shape.out_channels + (1 if shape.kind == "fc" else 0)


def work_of(trace: SpikeCounts) -> list[float]:
    """Additions per layer, mean over samples."""
    spikes = trace.spikes.mean(axis=0)
    return [float(s) * shape.adds_per_spike for s, shape in zip(spikes, trace.shapes, strict=True)]


def proportional_cores(trace: SpikeCounts, budget: int) -> tuple[int, ...]:
    """The proportional rule: cores in proportion to a layer's work, at least one, none that cannot help.

    Raises:
        InputError: fewer cores than layers.
    """
    useful = useful_budget(trace.shapes, budget)
    return next(itertools.islice(proportional_sequence(trace), useful - len(trace.shapes), None))


def proportional_sequence(trace: SpikeCounts) -> Iterator[tuple[int, ...]]:
    """Endless: the proportional rule's allocations for one core per layer in all, then one core more each time."""
    work = work_of(trace)
    most = [most_useful_cores(shape) for shape in trace.shapes]
    cores = [1] * len(most)
    yield tuple(cores)
    # The next core goes where a core has most to do, which shares them out in proportion.
    waiting = [(-w, layer) for layer, w in enumerate(work) if most[layer] > 1]
    heapq.heapify(waiting)
    while waiting:
        _, layer = heapq.heappop(waiting)
        cores[layer] += 1
        if cores[layer] < most[layer]:
            heapq.heappush(waiting, (-work[layer] / cores[layer], layer))
        yield tuple(cores)
    yield from itertools.repeat(tuple(cores))


def useful_budget(shapes: Sequence[LayerShape], budget: int) -> int:
    """A budget without the cores that can help no layer.

    Raises:
        InputError: fewer cores than layers.
    """
    require_a_core_each(shapes, budget)
    return min(budget, sum(map(most_useful_cores, shapes)))


def require_a_core_each(shapes: Sequence[LayerShape], budget: int) -> None:
    """Check that a budget is enough for one core per layer.

    Raises:
        InputError: it is not.
    """
    if budget < len(shapes):
        raise InputError(f"{budget} cores are not enough for {len(shapes)} layers: give at least one to each")


def _listed(share: CoreShare, shapes: Sequence[LayerShape], hardware: Hardware, kind: str = "") -> tuple[int, ...]:
    if share == "full":
        return tuple(shape.out_channels for shape in shapes)
    if isinstance(share, int):
        return (share,) * len(shapes)
    if len(share) != len(shapes):
        named = ", ".join(shape.name for shape in shapes) or "none"
        raise InputError(
            f"hardware {hardware.name} lists {len(share)} {kind}layers ({', '.join(map(str, share))}), "
            f"the network has {len(shapes)} ({named}): use a list that fits, full, or balanced"
        )
    return tuple(int(cores) for cores in share)
