"""Old spellings of public names: they go on working, with a warning that says the new one."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any


def with_old_names(package: str, attribute: Callable[[str], Any], renamed: Mapping[str, str]) -> Callable[[str], Any]:
    """A module ``__getattr__`` that knows old names, too.

    Args:
        package: its name, for the warning.
        attribute: the package's own ``__getattr__``, which knows the new names.
        renamed: old name -> new name.

    Returns:
        What gives the attribute of a name, with a DeprecationWarning where the name is an old one.
    """

    def of_either_name(name: str) -> Any:
        if name not in renamed:
            return attribute(name)
        warnings.warn(
            f"{package}.{name} is now {package}.{renamed[name]}: use that name", DeprecationWarning, stacklevel=2
        )
        return attribute(renamed[name])

    return of_either_name
