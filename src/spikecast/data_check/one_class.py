"""Check: networks that answer one class for all samples are as accurate as that class is frequent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from spikecast.data_check.finding import Spot
from spikecast.data_check.record import Record


def one_class(records: Iterable[Record]) -> Iterator[Spot]:
    """Silent networks answer the first class, collapsed ones any.

    So on the same samples silent ones agree in their accuracy, and the different accuracies of both are shares of
    different classes: no more of them than classes, together 1 at most. Where they are not, the rarest are wrong.
    """
    alike: dict[tuple[str, int], list[Record]] = defaultdict(list)
    for record in records:
        if record.complete and record.status in ("silent", "collapsed"):
            alike[record.choices.dataset, int(record.values["evaluated_samples"])].append(record)
    for (_, samples), group in alike.items():
        silent = [record for record in group if record.status == "silent"]
        frequent = _by_frequency(silent, samples)[:1]
        yield from _others("silent rows must be equally accurate on equal samples", silent, frequent, samples)
        collapsed = [record for record in group if record.status == "collapsed"]
        shares = list(frequent)
        for right in _by_frequency(collapsed, samples):
            fits = len(shares) < collapsed[0].choices.dataset_info.classes and sum(shares) + right <= samples
            if right not in shares and fits:
                shares.append(right)
        yield from _others(
            "collapsed rows must be as accurate as one class is frequent: shares of classes add up to 1 at most",
            collapsed,
            shares,
            samples,
        )


def _right(record: Record, samples: int) -> int:
    """Samples that the network answers right."""
    return round(float(record.values["accuracy"]) * samples)


def _by_frequency(group: list[Record], samples: int) -> list[int]:
    return [right for right, _ in Counter(_right(record, samples) for record in group).most_common()]


def _others(problem: str, group: list[Record], allowed: list[int], samples: int) -> Iterator[Spot]:
    for record in group:
        if _right(record, samples) not in allowed:
            listed = ", ".join(f"{right / samples:.4f}" for right in sorted(allowed))
            yield Spot(problem, record.key, f"{record.values['accuracy']:.4f}; the others: {listed}")
