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


def conv(row: dict[str, Any], **changes: Any) -> tuple[int, int]:
    arguments = {
        "spikes": row["spikes"],
        "frame": row["W"] ** 2,
        "out_channels": row["OC"],
        "cores": row["EC"],
        "kernel": row["K"],
        "encoder_width": row["penc"],
    }
    spikes = (arguments | changes).pop("spikes")
    return sparse_conv(spikes, **{k: v for k, v in (arguments | changes).items() if k != "spikes"})


def test_there_are_all_reference_rows() -> None:
    counts = [len(rows(f"{name}.json")) for name in ("rtl_conv_layer", "rtl_fc_layer", "tlm_fc_pipeline")]
    assert counts == [37, 8, 8]


@pytest.mark.parametrize("row", rows("rtl_conv_layer.json"))
def test_conv_done_equals_rtl(row: dict[str, Any]) -> None:
    assert conv(row)[0] == row["rtl_done"]


@pytest.mark.parametrize("row", rows("rtl_conv_layer.json"))
def test_every_sweep_of_the_first_pass_ends_as_in_rtl(row: dict[str, Any]) -> None:
    # Without any spike the RTL reports its first sweep only, so the list may be shorter than the timesteps.
    for timesteps, ready in enumerate(row["rtl_new_train_cycles"][: row["T"]], start=1):
        assert conv(row, spikes=row["spikes"][:timesteps], out_channels=row["EC"])[1] == ready


@pytest.mark.parametrize("row", rows("rtl_conv_layer.json"))
def test_conv_drained_equals_rtl(row: dict[str, Any]) -> None:
    passes = -(-row["OC"] // row["EC"])
    if len(row["rtl_new_train_cycles"]) == passes * row["T"]:
        assert conv(row)[1] == row["rtl_new_train_cycles"][-1]
    else:
        assert not any(map(any, row["spikes"]))


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
