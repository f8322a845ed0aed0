"""YAML files that a pydantic model describes; errors point at the line."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from spikecast.errors import InputError

Model = TypeVar("Model", bound=BaseModel)

#: Characters of a wrong value that are shown.
_LONGEST = 200


def load_yaml(path: Path, kind: str, model: type[Model]) -> Model:
    """Read and check a YAML file; ``kind`` is what errors call it.

    Raises:
        InputError: the file is missing, not YAML, or not what the model describes; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = _content(text)
    except OSError as error:
        raise InputError(f"cannot read {kind} {path}: {error.strerror}") from None
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # Of tags that do not fit their value, the library complains by whatever error comes up.
        raise InputError(f"{kind} {path} is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise InputError(f"{path} is not a {kind}: expected the keys {', '.join(model.model_fields)}")
    try:
        return model(**content)
    except ValidationError as error:
        first = error.errors()[0]
        line, where = _place(text, tuple(first["loc"]))
        message = first["msg"].removeprefix("Value error, ")
        found = "" if first["type"] in ("missing", "value_error") else f", got {repr(first['input'])[:_LONGEST]}"
        raise InputError(
            f"{kind} {path}, line {line}: {where and f'{where}: '}{message[:1].lower()}{message[1:]}{found}"
        ) from None


def _content(text: str) -> Any:
    """What the text describes.

    Raises:
        ValueError: a key is there twice, or aliases repeat parts until they are larger than the text itself: a few
            lines of them fill any memory.
    """
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if _size(node, {}) > len(text):
            raise ValueError("its aliases repeat too much: write it out")
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _size(node: yaml.Node, known: dict[int, float]) -> float:
    """Nodes below this one, with all that aliases repeat; infinite where a part holds itself."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) not in known:
        known[id(node)] = math.inf
        children = node.value
        if isinstance(node, yaml.MappingNode):
            keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
            for key, count in keys.items():
                if count > 1:
                    raise ValueError(f"line {node.start_mark.line + 1}: {key} is there {count} times")
            children = itertools.chain.from_iterable(node.value)
        known[id(node)] = 1 + sum(_size(child, known) for child in children)
    return known[id(node)]


def _place(text: str, location: tuple[str | int, ...]) -> tuple[int, str]:
    """Where pydantic's ``location`` lies in the text: the line, from 1, and its dotted name as the text spells it."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    assert node is not None
    line, names = node.start_mark.line, []
    for part in location:
        keys = {key.value: (key, value) for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
        if str(part) in keys:
            key, node = keys[str(part)]
            line = key.start_mark.line
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line
        elif str(part).startswith("("):
            # The name of an alternative that a model chose, which the text does not have.
            continue
        names.append(str(part))
    return line + 1, ".".join(names)
