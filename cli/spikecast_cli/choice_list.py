"""Choices written as ``name=value``."""

from __future__ import annotations

from collections.abc import Iterable

from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.names import unknown_name


def parse_choices(texts: Iterable[str], source: str) -> dict[str, str]:
    """Choices by name from texts such as ``neuron=lif,beta=0.5``; values are checked where they are used.

    Args:
        source: the option or argument that they come from, for errors.

    Raises:
        InputError: a part is not ``name=value``, or a name is unknown, comes twice or is the seed.
    """
    choices: dict[str, str] = {}
    for part in (part.strip() for text in texts for part in text.split(",")):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        name = name.replace("-", "_")
        if not (name and equals and value):
            raise InputError(f"{source} {part!r} is no choice: write name=value, such as neuron=lif,beta=0.5")
        if name not in TrainingChoices.model_fields:
            raise unknown_name("choice", name, TrainingChoices.model_fields)
        if name == "seed":
            raise InputError(f"{source} gives a seed, {value}: a prediction is for any seed, leave it out")
        if name in choices:
            raise InputError(f"{source} gives {name} twice, {choices[name]} and {value}: give it once")
        choices[name] = value
    return choices
