"""Old spellings of public names."""

from __future__ import annotations

import pytest

from spikecast import accelerator
from spikecast._util.renamed import with_old_names


@pytest.mark.parametrize(("old", "new"), [("quantised", "quantized"), ("summarise", "summarize")])
def test_old_spellings_work_and_say_the_new_one(old: str, new: str) -> None:
    with pytest.warns(DeprecationWarning, match=f"{old} is now spikecast.accelerator.{new}: use that name") as warned:
        assert getattr(accelerator, old) is getattr(accelerator, new)
    assert warned[0].filename == __file__
    assert old not in accelerator.__all__


def test_importing_an_old_spelling_works() -> None:
    with pytest.warns(DeprecationWarning, match="quantized"):
        exec("from spikecast.accelerator import quantised")


def test_unknown_names_are_the_packages_own_error() -> None:
    def attribute(name: str) -> str:
        raise AttributeError(f"no {name}")

    with pytest.raises(AttributeError, match="no sumarise"):
        with_old_names("p", attribute, {"summarise": "summarize"})("sumarise")
    with pytest.raises(AttributeError):
        _ = accelerator.sumarise  # type: ignore[attr-defined]
