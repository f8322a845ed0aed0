"""A row with what follows from it: choices, layers and hardware; and checks that the row agrees with them."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from pydantic import ValidationError

from spikecast.accelerator.hardware import Hardware
from spikecast.architecture import LayerShape
from spikecast.choices import TrainingChoices
from spikecast.data_check.finding import Spot
from spikecast.data_check.schema import LAYER_MEASURES, MEASURED, layer_of
from spikecast.errors import InputError
from spikecast.rows import RECORDINGS_COLUMNS, choices_of, recordings_differ, recordings_of, split_of

#: Statuses of networks that were trained to the end and simulated.
SIMULATED = ("ok", "silent", "collapsed")


@dataclass(frozen=True)
class Record:
    """One row.

    Attributes:
        values: the row, by column; NaN or None where it has no value.
        choices: its training choices.
        layers: shapes of its network's layers.
    """

    values: dict[str, Any]
    choices: TrainingChoices
    layers: tuple[LayerShape, ...]

    @property
    def key(self) -> str:
        """The key as recorded."""
        return str(self.values["key"])

    @property
    def status(self) -> str:
        """The status as recorded."""
        return str(self.values["status"])

    @property
    def simulated(self) -> bool:
        """Whether its network was trained to the end and simulated."""
        return self.status in SIMULATED

    def has(self, column: str) -> bool:
        """Whether there is a value in the column."""
        return not pd.isna(self.values.get(column))

    def of_layers(self, measure: str) -> list[float]:
        """What was measured of every layer, in order."""
        return [float(self.values[f"{measure}_{shape.name}"]) for shape in self.layers]

    @property
    def measured_columns(self) -> list[str]:
        """Columns that a simulated network fills."""
        return [*MEASURED, *(f"{measure}_{shape.name}" for measure in LAYER_MEASURES for shape in self.layers)]

    @cached_property
    def lacking(self) -> list[str]:
        """Columns, of those that a simulated network fills, in which there is no finite number."""
        return [name for name in self.measured_columns if not math.isfinite(self.values.get(name, math.nan))]

    @cached_property
    def complete(self) -> bool:
        """Whether its network was simulated and every number of that is there, of one sample or more."""
        return self.simulated and not self.lacking and self.values["evaluated_samples"] >= 1


def read_records(rows: pd.DataFrame) -> tuple[list[Record], list[Spot]]:
    """The rows whose training choices are valid, and what is wrong with the others: no other check can judge them."""
    records, spots = [], []
    for values in rows.to_dict("records"):
        try:
            choices = choices_of(values)
            records.append(Record({str(name): value for name, value in values.items()}, choices, choices.layers))
        except InputError as error:
            spots.append(Spot("training choices must be allowed", str(values["key"]), str(error)))
    return records, spots


def read_hardware(rows: pd.DataFrame) -> tuple[dict[str, Hardware], list[Spot]]:
    """The valid hardware descriptions by their JSON, and which rows have none or another hardware's name."""
    texts = [str(text) for text in rows["hardware_description"]]
    read = {text: _hardware(text) for text in set(texts)}
    spots = []
    for key, name, text in zip(rows["key"], rows["hardware"], texts, strict=True):
        described = read[text]
        if isinstance(described, str):
            spots.append(Spot("hardware_description must be a hardware description as JSON", str(key), described))
        elif described.name != name:
            spots.append(
                Spot("hardware must be the name in hardware_description", str(key), f"{name}, not {described.name}")
            )
    return {text: described for text, described in read.items() if isinstance(described, Hardware)}, spots


def _hardware(text: str) -> Hardware | str:
    """A description, or why it is none."""
    try:
        return Hardware.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        return ": ".join([*map(str, first["loc"]), first["msg"]])


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


def recordings(records: Iterable[Record]) -> Iterator[Spot]:
    """Rows of a data set were made from the same recordings; where they were not, the rarest are wrong.

    Rows that older versions made do not say: they are left out.
    """
    alike: dict[str, list[tuple[Record, tuple[str, ...]]]] = defaultdict(list)
    for record in records:
        made_from = recordings_of(record.values)
        if made_from is not None:
            alike[record.choices.dataset].append((record, made_from))
            yield from _sides(record)
        elif said := [name for name in RECORDINGS_COLUMNS if record.has(name)]:
            yield Spot("rows must say all of their recordings or nothing", record.key, f"{', '.join(said)} alone")
    for dataset, group in alike.items():
        ((usual, _),) = Counter(made_from for _, made_from in group).most_common(1)
        for record, made_from in group:
            if differ := recordings_differ(made_from, usual):
                yield Spot(f"rows of {dataset} must be made from the same recordings", record.key, differ)


def _sides(record: Record) -> Iterator[Spot]:
    if not record.complete:
        return
    trained, evaluated, together = (
        record.values[name] for name in ("data_trained", "evaluated_samples", "data_recordings")
    )
    if trained + evaluated != together:
        yield Spot(
            "data_trained and evaluated_samples must be data_recordings together",
            record.key,
            f"{trained:.0f} and {evaluated:.0f}, not {together:.0f}",
        )
