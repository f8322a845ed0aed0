"""Check: networks that saw the same recordings received the same spikes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from spikecast.data_check.finding import Spot
from spikecast.data_check.measured_trace import MeasuredTrace


def inputs(traces: Iterable[MeasuredTrace]) -> Iterator[Spot]:
    """The first layer's counts are equal in all rows of equal data set, timesteps, input size and samples.

    Where they are not, the rarest are wrong. Spikes of the layer's own that come back to it are left out.
    """
    alike: dict[tuple[str, int, int, bytes], list[MeasuredTrace]] = defaultdict(list)
    for trace in traces:
        choices = trace.record.choices
        alike[choices.dataset, choices.timesteps, choices.input_size, trace.samples.tobytes()].append(trace)
    for group in alike.values():
        counts = [trace.counts[0][:, :, : trace.record.layers[0].in_channels].tobytes() for trace in group]
        ((usual, _),) = Counter(counts).most_common(1)
        for trace, own in zip(group, counts, strict=True):
            if own != usual:
                choices = trace.record.choices
                yield Spot(
                    "input spikes must be equal in rows of equal data set, timesteps, input_size and samples",
                    trace.record.key,
                    f"unlike most on {choices.dataset}, {choices.timesteps} timesteps, {choices.input_size} pixels",
                )
