"""Two descriptions are one hardware to a study if they take the same time."""

from __future__ import annotations

import pytest

from spikecast.accelerator import load_hardware
from spikecast.errors import InputError
from spikecast.study.study import Study
from tests.study.tables import row, table

CORE = load_hardware("sparse-core")


def hardware_of(*descriptions: object) -> int:
    rows = table(*(row(seed=seed) | {"hardware_description": text} for seed, text in enumerate(descriptions)))
    return int(Study.of(rows).rows["hardware_description"].nunique())


def test_words_and_energy_do_not_tell_hardware_apart() -> None:
    words = {"description": "the same", "name": "other", "provenance": dict.fromkeys(CORE.provenance, "elsewhere")}
    reworded = CORE.model_copy(update=words | {"energy": None})
    assert hardware_of(CORE.model_dump_json(), reworded.model_dump_json()) == 1


def test_cores_and_clock_do() -> None:
    changes: tuple[dict[str, object], ...] = ({}, {"cores": 4}, {"clock_mhz": 200.0}, {"fc_encoder_width": 100})
    assert hardware_of(*(CORE.model_copy(update=change).model_dump_json() for change in changes)) == 4


@pytest.mark.parametrize("text", ["", "[1]", None])
def test_what_is_no_description_is_refused(text: object) -> None:
    with pytest.raises(InputError, match="no description: see spikecast data check"):
        hardware_of(text)
