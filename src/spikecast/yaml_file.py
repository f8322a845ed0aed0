"""YAML files that a pydantic model describes."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from spikecast.errors import InputError

Model = TypeVar("Model", bound=BaseModel)


def load_yaml(path: Path, kind: str, model: type[Model]) -> Model:
    """Read and check a YAML file; ``kind`` is what errors call it.

    Raises:
        InputError: the file is missing, not YAML, or not what the model describes.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read {kind} {path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{kind} {path} is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise InputError(f"{path} is not a {kind}: expected the keys {', '.join(model.model_fields)}")
    try:
        return model(**content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        found = "" if first["type"] == "missing" else f", got {first['input']!r}"
        raise InputError(f"{kind} {path}: {where}: {first['msg'][:1].lower()}{first['msg'][1:]}{found}") from None
