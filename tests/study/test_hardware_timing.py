"""Two descriptions are one hardware to a study if they take the same time."""

from __future__ import annotations

from spikecast.accelerator import load_hardware
from spikecast.study.study import timing_of


def test_words_and_energy_do_not_tell_hardware_apart() -> None:
    core = load_hardware("sparse-core")
    reworded = core.model_copy(update={"description": "the same", "energy": None, "provenance": {}, "name": "other"})
    assert timing_of(reworded.model_dump_json()) == timing_of(core.model_dump_json())


def test_cores_and_clock_do() -> None:
    core = load_hardware("sparse-core")
    changes: tuple[dict[str, object], ...] = ({"cores": 4}, {"clock_mhz": 200.0}, {"fc_encoder_width": 100})
    found = {timing_of(core.model_copy(update=change).model_dump_json()) for change in ({}, *changes)}
    assert len(found) == 4
