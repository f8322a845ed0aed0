"""Conformance suites for plug-ins: subclass one in a test file, and pytest runs its tests on your kind.

Needs the extra ``testing``; suites of surrogates and neurons need ``train`` too.
"""

import lazy_loader as lazy
import pytest

# A failing assertion of a suite shows its values; to be said before any suite is imported.
_SUITES = ("datasets", "hardware", "networks", "neurons", "surrogates")
pytest.register_assert_rewrite(*(f"{__name__}.{name}" for name in _SUITES))

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
