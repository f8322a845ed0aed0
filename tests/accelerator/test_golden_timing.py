"""Every reference timing of the original hardware models, by equality."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spikecast.accelerator.timing import fc_pipeline, sparse_conv, sparse_fc

GOLDEN = Path(__file__).parents[1] / "golden"


def rows(name: str) -> list[Any]:
    return [pytest.param(row, id=f"{name}-{i}") for i, row in enumerate(json.loads((GOLDEN / name).read_text()))]


@pytest.mark.parametrize("row", rows("rtl_conv_layer.json"))
def test_conv_done_equals_rtl(row: dict[str, Any]) -> None:
    done, drained = sparse_conv(
        row["spikes"],
        frame=row["W"] ** 2,
        out_channels=row["OC"],
        cores=row["EC"],
        kernel=row["K"],
        encoder_width=row["penc"],
    )
    assert done == row["rtl_done"]
    assert drained == row["rtl_new_train_cycles"][-1]


@pytest.mark.parametrize("row", rows("rtl_fc_layer.json"))
def test_fc_done_equals_rtl(row: dict[str, Any]) -> None:
    done = sparse_fc(
        row["spikes_seen_by_encoder"],
        inputs=row["IC"] * row["F"],
        in_channels=row["IC"],
        neurons=row["LAYER"],
        cores=row["EC"],
        encoder_width=row["PENC"],
    )
    assert done == row["rtl_done"]


@pytest.mark.parametrize("row", rows("tlm_fc_pipeline.json"))
def test_pipeline_total_equals_systemc(row: dict[str, Any]) -> None:
    trains = [row["input_spikes"], row["layer0_out_spikes"], row["layer1_out_spikes"]]
    assert fc_pipeline(trains, unit_size=row["unit_size"]) == row["total_cycles"]
