"""Spaces made by a program, as files that ``load_space`` reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.whole_file import whole_file


def write_space(path: Path, name: str, description: str, trials: Sequence[TrainingChoices]) -> None:
    """Write a space of exactly these trials, in their order, as a whole or not at all.

    Every choice is spelled out, so that the trials stay the same should a default change.

    Raises:
        InputError: the file cannot be written.
    """
    blocks = [{"fixed": one.model_dump(exclude={"seed"}), "grid": {}, "seeds": [one.seed]} for one in trials]
    content = {"name": name, "description": description, "blocks": blocks}
    text = yaml.safe_dump(content, sort_keys=False, default_flow_style=None, width=120, allow_unicode=True)
    try:
        with whole_file(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write a space to {path}: {error.strerror}: use another path") from None
