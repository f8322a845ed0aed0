"""Check: rows describe the hardware that they were timed on."""

from __future__ import annotations

import pandas as pd
from pydantic import ValidationError

from spikecast.accelerator.hardware import Hardware
from spikecast.data_check.finding import Spot


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
