"""Check: columns that name a layer fit the row's architecture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spikecast.data_check.columns import layer_of
from spikecast.data_check.finding import Spot
from spikecast.data_check.record import Record


def layers(records: Iterable[Record]) -> Iterator[Spot]:
    """Columns of layers that the network lacks are empty; whether the others must be filled is up to the status."""
    for record in records:
        fitting = {None, *(shape.name for shape in record.layers)}
        filled = [name for name in record.values if layer_of(name) not in fitting and record.has(name)]
        if filled:
            yield Spot(
                "columns of layers that the network lacks must be empty",
                record.key,
                f"{', '.join(filled)} of {record.choices.architecture}",
            )
