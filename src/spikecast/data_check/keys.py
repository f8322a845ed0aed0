"""Check: keys and split are those of the choices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spikecast.data_check.finding import Spot
from spikecast.data_check.record import Record
from spikecast.rows import split_of


def keys(records: Iterable[Record]) -> Iterator[Spot]:
    """Choices are spelled out; ``key``, ``config_key`` and ``split`` follow from them."""
    for record in records:
        choices = record.choices
        for name, value in choices.model_dump().items():
            if record.values[name] != value:
                yield Spot(f"{name} must be spelled out", record.key, f"{record.values[name]!r} stands for {value!r}")
        expected = {"key": choices.key, "config_key": choices.config_key}
        wrong = {name: value for name, value in expected.items() if record.values[name] != value}
        for name, value in wrong.items():
            yield Spot(f"{name} must be that of the choices", record.key, f"{record.values[name]}, not {value}")
        split = split_of(choices.config_key)
        if "config_key" not in wrong and record.values["split"] != split:
            yield Spot(
                "split must be that of config_key, so that seeds of a configuration stay together",
                record.key,
                f"{record.values['split']}, not {split}",
            )
