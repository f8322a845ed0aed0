"""How griffe, which reads code without running it, is to read this repository; ``mkdocs.yml`` names this file.

- A package's public names are those that its ``__init__.pyi`` imports. griffe looks for ``__all__``, which lazy_loader
  makes when a package is imported.
- What a constant is stands behind ``#:`` in front of it, and what a pydantic field is in its ``description``.
- A line ``x, y: what they are`` of a docstring's Args or Attributes stands for one line each.
- Lines behind ``>>>`` are a program.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import griffe

#: Indent, names, and their text with its further lines, which are indented more.
_SHARED = re.compile(r"^( +)(\w+(?:, \w+)+): (.*(?:\n\1 +.*)*)", re.MULTILINE)
_EXAMPLE = re.compile(r"^>>> .*(?:\n\S.*)*", re.MULTILINE)
_BOUNDS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}


class Faces(griffe.Extension):
    """Gives griffe what it does not find by itself."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Called once, when a whole package is read."""
        for thing in _all_in(pkg):
            if isinstance(thing, griffe.Module) and thing.is_init_module:
                thing.exports = [
                    name
                    for name, member in thing.members.items()
                    if isinstance(member, griffe.Alias) and member.target_path.startswith(f"{pkg.path}.")
                ]
            if isinstance(thing, griffe.Attribute) and thing.docstring is None:
                _describe(thing)
            if thing.docstring:
                text = _SHARED.sub(_one_line_each, thing.docstring.value)
                thing.docstring.value = _EXAMPLE.sub(r"```pycon\n\g<0>\n```", text)


def _all_in(thing: griffe.Object) -> Iterator[griffe.Object]:
    yield thing
    for member in list(thing.members.values()):
        if isinstance(member, griffe.Object):
            yield from _all_in(member)


def _describe(attribute: griffe.Attribute) -> None:
    """Make a docstring of what the source says of a constant or field; a field's value is its default."""
    text, value = _comment_above(attribute), attribute.value
    if isinstance(value, griffe.ExprCall) and str(value.function) == "Field":
        named = {a.name: str(a.value) for a in value.arguments if isinstance(a, griffe.ExprKeyword)}
        given = [a for a in value.arguments if not isinstance(a, griffe.ExprKeyword)]
        attribute.value = given[0] if given else None
        attribute.labels.clear()
        if "description" in named:
            bounds = " and ".join(f"{sign} {named[bound]}" for bound, sign in _BOUNDS.items() if bound in named)
            text = ast.literal_eval(named["description"]) + (f" ({bounds})" if bounds else "")
    if text:
        attribute.docstring = griffe.Docstring(text, parent=attribute)


def _comment_above(attribute: griffe.Attribute) -> str:
    lines, last = attribute.lines_collection[attribute.filepath], (attribute.lineno or 1) - 1
    first = last
    while first > 0 and lines[first - 1].strip().startswith("#:"):
        first -= 1
    return " ".join(line.strip().removeprefix("#:").strip() for line in lines[first:last])


def _one_line_each(found: re.Match[str]) -> str:
    indent, names, text = found.groups()
    return "\n".join(f"{indent}{name}: {text}" for name in names.split(", "))
