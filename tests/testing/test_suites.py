"""The suites bite: a plug-in that is wrong in one thing fails by the test of that thing, and by no other."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import snntorch

from spikecast.events import Recordings, load, load_dataset
from spikecast.snn import neurons
from spikecast.surrogates import ATan

NUMBERS = itertools.count()
HARDWARE = Path(__file__).parents[2] / "src" / "spikecast" / "accelerator" / "hardware_files" / "sparse-core.yaml"


class Outcomes:
    """A plug-in of pytest that notes which tests fail."""

    def __init__(self) -> None:
        self.passed: set[str] = set()
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = re.sub(r"\[.*", "", report.nodeid.rpartition("::")[2])
        if report.failed:
            self.failed.add(name)
        elif report.passed and report.when == "call":
            self.passed.add(name)


def failed(folder: Path, suite: str, only: str = "") -> set[str]:
    """Names of the tests that fail when pytest runs a file with this text; ``only`` as its option -k."""
    # Each file has a name of its own, since Python imports a module of one name once.
    path = folder / f"test_plug_in_{next(NUMBERS)}.py"
    path.write_text(suite, encoding="utf-8")
    outcomes = Outcomes()
    options = ["-q", "-p", "no:cacheprovider", "--import-mode=importlib", "-k", only]
    pytest.main([str(path), f"--rootdir={folder}", *options], plugins=[outcomes])
    assert outcomes.passed | outcomes.failed
    return outcomes.failed


SURROGATE = """
from spikecast.surrogates import ATan
from spikecast.testing import SurrogateSuite

class TestIt(SurrogateSuite):
    kind = ATan
    slopes = (2.0,)

    def networks(self):
        return []
"""


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({}, set()),
        ({"area": 1.01}, {"test_area_is_the_integral"}),
        ({"half_width": property(lambda self: 0.64 / self.slope)}, {"test_half_width"}),
        ({"gradient_at_threshold": property(lambda self: self.slope)}, {"test_gradient_at_threshold"}),
        ({"noise": 0.1}, {"test_noise_is_the_scatter_of_the_gradient"}),
        ({"has_slope": False}, {"test_slope_changes_the_gradient"}),
        ({"aliases": ("fs",)}, {"test_it_is_registered_under_its_name"}),
    ],
    ids=lambda value: "-".join(value),
)
def test_a_wrong_surrogate(
    wrong: dict[str, Any], found: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in wrong.items():
        monkeypatch.setattr(ATan, name, value)
    assert failed(tmp_path, SURROGATE) == found


def test_a_surrogate_whose_gradient_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true = neurons.spike_function
    monkeypatch.setattr(
        "spikecast.testing.surrogates.spike_function",
        lambda surrogate: true(replace(surrogate, slope=1.01 * surrogate.slope)),
    )
    assert "test_the_gradient_alone_is_that_of_the_step" in failed(tmp_path, SURROGATE)


NEURON = """
import snntorch
from spikecast.testing import NeuronSuite

class TestIt(NeuronSuite):
    name = "lapicque"
    reference = snntorch.{}
    fused = True

    def networks(self):
        return []
"""


def test_a_wrong_neuron(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert failed(tmp_path, NEURON.format("Lapicque")) == set()
    found = {"test_gain_and_leak_are_those_of_snntorch", "test_networks_have_snntorchs_neurons"}
    assert failed(tmp_path, NEURON.format("Leaky"), " or ".join(found)) == found

    class Lapicque(snntorch.Lapicque):  # type: ignore[misc]
        """Nearly snnTorch's."""

        def _base_state_function(self, input_: Any) -> Any:
            return super()._base_state_function(input_) * 1.0001

    monkeypatch.setattr(snntorch, "Lapicque", Lapicque)
    bits = "test_spikes_and_membranes_equal_snntorchs"
    assert failed(tmp_path, NEURON.format("Lapicque"), f"{bits} and subtract-fc") == {bits}


DATASET = """
from spikecast.testing import DatasetSuite

class TestIt(DatasetSuite):
    name = "nmnist"

    def label_of(self, name):
        return int(name.split("/")[1])
"""


@pytest.fixture
def recordings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recordings]:
    """N-MNIST to be spoiled: what is written here is what the suite reads."""
    whole = load_dataset("nmnist")
    spoiled = replace(whole, **{name: copy(column) for name, column in vars(whole).items()})
    monkeypatch.setitem(load._COMES_ALONG, "nmnist", lambda: spoiled)
    load._open.cache_clear()
    load._bin.cache_clear()
    yield spoiled
    load._open.cache_clear()
    load._bin.cache_clear()


#: What needs a split, which is refused if a class has no recording on one of its sides.
WITHOUT_A_SPLIT = {
    "test_both_sides_of_the_split_hold_every_class",
    "test_frames_are_those_of_its_recordings",
    "test_rows_can_say_which_recordings_made_them",
}


def test_a_right_data_set(tmp_path: Path) -> None:
    assert failed(tmp_path, DATASET) == set()


def test_a_label_out_of_range(tmp_path: Path, recordings: Recordings) -> None:
    recordings.labels[recordings.labels == 9] = 10
    assert failed(tmp_path, DATASET) == {"test_labels_are_in_range", "test_classes_are_in_order", *WITHOUT_A_SPLIT}


def test_classes_in_another_order(tmp_path: Path, recordings: Recordings) -> None:
    recordings.labels[:] = 9 - recordings.labels
    assert failed(tmp_path, DATASET) == {"test_classes_are_in_order"}


def test_a_time_that_falls(tmp_path: Path, recordings: Recordings) -> None:
    recordings.time_us[1] = recordings.time_us[2] + 1
    assert failed(tmp_path, DATASET) == {"test_times_rise"}


def test_an_event_beside_the_sensor(tmp_path: Path, recordings: Recordings) -> None:
    recordings.x[0] = 34
    assert "test_events_lie_on_the_sensor" in failed(tmp_path, DATASET)


def test_a_class_that_is_for_testing_alone(tmp_path: Path, recordings: Recordings) -> None:
    recordings.official_test[recordings.labels == 3] = True
    assert failed(tmp_path, DATASET) == WITHOUT_A_SPLIT


PROVENANCE = "test_every_figure_says_where_it_comes_from"
DESCRIPTION = """
from pathlib import Path
from spikecast.testing import HardwareSuite

class TestIt(HardwareSuite):
    path = Path(__file__).parent / "mine.yaml"
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("name: sparse-core", "name: mine", set()),
        ("clock_mhz: \"DATE'25, XCVU13P-class FPGA\"", "", {"test_it_is_valid", PROVENANCE}),
        ("XCVU13P-class FPGA", "", {PROVENANCE}),
        ("provenance:", "provenance:\n  color: the designer's taste", {PROVENANCE}),
        ("clock_mhz: 100", "clock_mhz: 0", {"test_it_is_valid"}),
        ("description: Layer-wise", "description: Layer-wise", {"test_it_is_valid", "test_it_is_named_once"}),
    ],
)  # fmt: skip
def test_wrong_hardware(old: str, new: str, found: set[str], tmp_path: Path) -> None:
    text = HARDWARE.read_text(encoding="utf-8")
    assert old in text
    if "test_it_is_named_once" not in found:
        text = text.replace("name: sparse-core", "name: mine").replace(
            "description: Layer", "description: Mine, a layer"
        )
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert failed(tmp_path, DESCRIPTION) == found


def test_what_contributors_are_shown_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (tmp_path / "tiny-core.yaml").write_text(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    shown = [block for block in blocks if "DatasetSuite" in block or "HardwareSuite" in block]
    assert len(shown) == 2
    assert failed(tmp_path, "\n".join(shown)) == set()
