"""Check: the timing laws give the recorded cycles again, cycle for cycle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from spikecast.accelerator.hardware import BalancedCores, Hardware
from spikecast.accelerator.latency import time_trace
from spikecast.accelerator.trace import Trace
from spikecast.architecture import LayerShape
from spikecast.data_check.finding import Spot
from spikecast.data_check.measured_trace import MeasuredTrace
from spikecast.errors import InputError

#: Networks timed in one go: enough to make Python's share small, few enough to need no memory to speak of.
_BATCH = 64


def retime(traces: Iterable[MeasuredTrace], hardware: Mapping[str, Hardware]) -> tuple[int, list[Spot]]:
    """How many samples were timed again, and the rows whose counts are impossible or take other cycles.

    Networks of equal layers on equal hardware are timed together. A budget of cores that is balanced over all
    evaluated samples cannot be shared out again from those that were kept: such rows are not timed.
    """
    alike: dict[tuple[str, tuple[LayerShape, ...], int], list[MeasuredTrace]] = defaultdict(list)
    for trace in traces:
        alike[str(trace.record.values["hardware_description"]), trace.record.layers, trace.counts[0].shape[1]].append(
            trace
        )
    timed, spots = 0, []
    for (description, layers, _), group in alike.items():
        target = hardware.get(description)
        if target is None or isinstance(target.cores, BalancedCores):
            continue
        for start in range(0, len(group), _BATCH):
            possible, impossible = _possible(layers, group[start : start + _BATCH])
            timed += sum(len(trace.samples) for trace in possible)
            spots += [*impossible, *_mistimed(layers, possible, target)]
    return timed, spots


def _possible(
    layers: tuple[LayerShape, ...], group: Sequence[MeasuredTrace]
) -> tuple[Sequence[MeasuredTrace], list[Spot]]:
    """Those whose counts can occur; they are told apart one by one only where some cannot."""
    try:
        _joined(layers, group)
    except InputError as error:
        if len(group) == 1:
            return [], [Spot("counts must be possible", group[0].record.key, str(error))]
        single = [_possible(layers, [trace]) for trace in group]
        return [trace for possible, _ in single for trace in possible], [spot for _, spots in single for spot in spots]
    return group, []


def _joined(layers: tuple[LayerShape, ...], group: Sequence[MeasuredTrace]) -> Trace:
    """The samples of several networks, as if of one: cycles depend on the counts alone."""
    return Trace(layers, tuple(np.concatenate(counts) for counts in zip(*(t.counts for t in group), strict=True)))


def _mistimed(layers: tuple[LayerShape, ...], group: Sequence[MeasuredTrace], hardware: Hardware) -> Iterator[Spot]:
    if not group:
        return
    try:
        done = time_trace(_joined(layers, group), hardware).done
    except InputError as error:
        for trace in group:
            yield Spot("hardware must be able to run the network", trace.record.key, str(error))
        return
    ends = np.cumsum([len(trace.samples) for trace in group])[:-1]
    for trace, expected in zip(group, np.split(done, ends), strict=True):
        if not np.array_equal(trace.done, expected):
            sample, layer = np.argwhere(trace.done != expected)[0]
            yield Spot(
                "done_cycles must be those of the counts on the row's hardware",
                trace.record.key,
                f"{layers[layer].name}, sample {trace.samples[sample]}: "
                f"{trace.done[sample, layer]}, not {expected[sample, layer]}",
            )
