"""Hardware descriptions: what ships, and what is refused, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from spikecast.accelerator import Hardware, load_hardware, shipped_hardware
from spikecast.errors import InputError
from spikecast.rows import read_rows
from spikecast.testing import HardwareSuite

SHIPPED = Path(__file__).parents[2] / "src" / "spikecast" / "accelerator" / "hardware_files"


def test_the_four_descriptions_ship() -> None:
    assert shipped_hardware() == ("fc-pipeline", "pulse-small", "sparse-core", "sparse-core-vgg9")
    assert load_hardware("pulse-small").cores == (32, 16, 8, 8)
    published = load_hardware("sparse-core-vgg9").model_dump()["cores"]
    assert published == {"conv": (64, 28, 48, 54, 120, 126, 140), "fc": (56, 50)}
    assert load_hardware("fc-pipeline").mode == "pipeline"


class Shipped(HardwareSuite):
    """What descriptions that ship must do beyond any."""

    def test_it_prices_operations(self) -> None:
        assert "energy.memory_access_pj" in self.hardware.figures


class TestSparseCore(Shipped):
    path = SHIPPED / "sparse-core.yaml"


class TestPulseSmall(Shipped):
    path = SHIPPED / "pulse-small.yaml"


class TestSparseCoreVgg9(Shipped):
    path = SHIPPED / "sparse-core-vgg9.yaml"
    architecture = "vgg9"


class TestFcPipeline(Shipped):
    path = SHIPPED / "fc-pipeline.yaml"
    architecture = "FC128-FC64-FC100"


def test_every_description_has_its_suite() -> None:
    assert {suite.path.stem for suite in Shipped.__subclasses__()} == set(shipped_hardware())


def test_descriptions_in_older_rows_are_still_read(repository: Path) -> None:
    rows = read_rows(repository / "data" / "characterization")
    (description,) = set(rows.loc[rows["epoch_kept"] == "last", "hardware_description"])
    hardware = Hardware.model_validate_json(description)
    assert hardware.timing == load_hardware("sparse-core").timing
    assert hardware.energy is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fc: 50", "fc: 0", "line 8: cores.fc: cores 0 are not allowed: use full, a number from 1 to 1000000, or a"),
        ("fc: 50", "fc: [3, x]", "line 8: cores.fc: cores [3, 'x'] are not allowed"),
        ("fc: 50", "fc: true", "line 8: cores.fc: cores True are not allowed"),
        ("  conv: full", "  konv: full", "cores.conv: field required"),
        ("  conv: full\n  fc: 50", "  balanced: -4", "line 7: cores.balanced: input should be greater than or equal"),
        ("cores:\n  conv: full\n  fc: 50", "cores: half", "line 6: cores: cores 'half' are not allowed"),
        ("cores:\n  conv: full\n  fc: 50", "cores: [1, 2, 0]", "line 6: cores: cores [1, 2, 0] are not allowed"),
        ("mode: layerwise", "mode: layer", "line 4: mode: input should be 'layerwise' or 'pipeline', got 'layer'"),
        ("clock_mhz: 100", "clock_mhz: .inf", "line 5: clock_mhz: input should be"),
        ("clock_mhz: 100", "clock_mhz: 100\nunit_size: 3", "line 6: unit_size: mode layerwise has none: leave it out"),
        ("fc_encoder_width: 200\n", "", "fc_encoder_width: mode layerwise needs it"),
        ("static_mw: 0", "static_mw: .nan", "line 15: energy.static_mw: input should be a finite number, got nan"),
        ("memory_access_pj: 10", "memory_access_pj: -3", "line 14: energy.memory_access_pj: input should be greater"),
        ("memory_access_pj: 10", "memory_access_pj: 1e9", "line 14: energy.memory_access_pj: input should be less"),
        ('  clock_mhz: "', '  clock: "', "line 16: provenance: clock_mhz is missing: say where the figure comes from"),
        ("name: sparse-core\n", "name: sparse-core\ncolor: red\n", "line 3: color: extra inputs are not permitted"),
    ],
)
def test_errors_name_the_line(old: str, new: str, said: str, tmp_path: Path) -> None:
    text = (SHIPPED / "sparse-core.yaml").read_text()
    assert old in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError) as error:
        load_hardware(path)
    assert said in str(error.value)
    assert str(error.value).startswith(f"hardware description {path}, line ")


def test_a_pipeline_has_no_cores(tmp_path: Path) -> None:
    text = (SHIPPED / "fc-pipeline.yaml").read_text()
    for old, new, said in (
        ("unit_size: 2", "unit_size: 2\ncores: full", "cores: mode pipeline has none: leave it out"),
        ("unit_size: 2", "unit_size: [2, 0]", "unit_size: unit size [2, 0] is not allowed"),
        ("unit_size: 2", "", "unit_size: mode pipeline needs it"),
    ):
        (tmp_path / "mine.yaml").write_text(text.replace(old, new, 1))
        with pytest.raises(InputError) as error:
            load_hardware(tmp_path / "mine.yaml")
        assert said in str(error.value)


def test_words_energy_and_clock_do_not_change_the_timing() -> None:
    core = load_hardware("sparse-core")
    reworded = {"description": "the same", "energy": None, "provenance": {}, "name": "other", "clock_mhz": 200.0}
    assert core.model_copy(update=reworded).timing == core.timing


def test_cores_and_encoders_do() -> None:
    core = load_hardware("sparse-core")
    changes: tuple[dict[str, object], ...] = ({"cores": 4}, {"fc_encoder_width": 100}, {"conv_encoder_width": 100})
    assert all(core.model_copy(update=change).timing != core.timing for change in changes)
