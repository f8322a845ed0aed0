"""Public names of a package, imported when they are first used: so that a prediction loads only what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from importlib import import_module
from typing import Any


def lazy_names(package: str, homes: Mapping[str, str], modules: Set[str]) -> Callable[[str], Any]:
    """A module ``__getattr__`` for ``package``.

    Args:
        package: name of the package.
        homes: public name -> module that defines it.
        modules: submodules that are public themselves.
    """

    def attribute(name: str) -> Any:
        if name in modules:
            return import_module(f"{package}.{name}")
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    return attribute
