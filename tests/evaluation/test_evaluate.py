"""What is said of a predictor follows from its answers and the measured rows alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from spikecast.accelerator import Hardware, load_hardware, time_trace
from spikecast.errors import InputError
from spikecast.evaluation import _evaluate, evaluate, evaluate_split, learning
from spikecast.evaluation._evaluate import ALLOCATIONS, unseen_hardware
from spikecast.evaluation.learning import Fit, few_shot, learning_curve
from spikecast.evaluation.splits import BEYOND, LEAVE_OUT, by_key, hard_splits
from spikecast.predictor import Predictor
from spikecast.predictor.fit import Learnable, all_scores, fit_parts, judged, one_hardware
from spikecast.predictor.parts import Parts
from spikecast.rows import (
    CHOICE_COLUMNS,
    ROWS_FILE,
    TRACES_FILE,
    choices_of,
    read_rows,
    read_traces,
    trace_of,
    write_table,
)


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor.load()


@pytest.fixture(scope="module")
def rows(few_rows: Path) -> pd.DataFrame:
    return read_rows(few_rows)


@pytest.fixture(scope="module")
def found(predictor: Predictor, few_rows: Path) -> dict[str, Any]:
    return evaluate(predictor, few_rows)


def fitter(data: Path, rows: pd.DataFrame) -> Fit:
    """Fits on some of the rows of a data folder."""
    return lambda some: fit_parts(Learnable.of(by_key(some), read_traces(data)), one_hardware(rows))[0]


def test_every_test_row_is_a_point(found: dict[str, Any], rows: pd.DataFrame, predictor: Predictor) -> None:
    test = rows[(rows["split"] == "test") & (rows["status"] == "ok")].set_index("key")
    assert found["rows"] == len(test) > 5
    points = pd.DataFrame(found["targets"]["latency_cycles"]["points"]).set_index("key")
    assert points["measured"].to_dict() == pytest.approx(test["latency_cycles"].to_dict())
    asked = predictor.predict_frame(test[[name for name in CHOICE_COLUMNS if name != "seed"]])
    assert points["predicted"].to_dict() == pytest.approx(asked["latency_cycles"].to_dict())


def test_scores_are_those_of_the_points(found: dict[str, Any]) -> None:
    for name, target in found["targets"].items():
        points = pd.DataFrame(target["points"])
        inside = (points["low"] <= points["measured"]) & (points["measured"] <= points["high"])
        assert target["interval_coverage"] == pytest.approx(inside.mean())
        if "mape_percent" in target:
            assert target["mape_percent"] == pytest.approx(
                100 * (points["predicted"] / points["measured"] - 1).abs().mean()
            )
        else:
            assert target["mae"] == pytest.approx((points["predicted"] - points["measured"]).abs().mean()), name


def test_coverage_by_kind_adds_up(found: dict[str, Any]) -> None:
    for by_value in found["coverage"].values():
        assert sum(group["rows"] for group in by_value.values()) == found["rows"]
        covered = sum(group["rows"] * group["latency_cycles"] for group in by_value.values())
        assert covered == pytest.approx(found["rows"] * found["targets"]["latency_cycles"]["interval_coverage"])


def test_networks_are_judged_by_themselves(found: dict[str, Any], rows: pd.DataFrame) -> None:
    assert sum(network["rows"] for network in found["networks"]) == found["rows"]
    points = pd.DataFrame(found["targets"]["latency_cycles"]["points"]).set_index("key")
    for network in found["networks"]:
        there = rows[(rows["dataset"] == network["dataset"]) & (rows["architecture"] == network["architecture"])]
        own = points[points.index.isin(there["key"])]
        assert network["rows"] == len(own)
        error = 100 * (own["predicted"] / own["measured"] - 1).abs().mean()
        assert network["targets"]["latency_cycles"]["mape_percent"] == pytest.approx(error)


def test_rows_that_a_model_knows_nothing_of_are_counted_not_judged(few_rows: Path, tmp_path: Path) -> None:
    rows = read_rows(few_rows)
    rows.loc[rows["split"] == "test", "dataset"] = "mnist-dvs-scale8"
    rows.loc[rows.index[rows["split"] == "test"][:8], "dataset"] = "nmnist"
    write_table(tmp_path / ROWS_FILE, rows)
    write_table(tmp_path / TRACES_FILE, read_traces(few_rows))
    found = evaluate(Predictor.load(), tmp_path)
    assert found["refused"] > 0
    assert {network["dataset"] for network in found["networks"]} == {"nmnist"}


def test_a_trained_predictor_beats_the_baselines(found: dict[str, Any]) -> None:
    latency = found["targets"]["latency_cycles"]
    assert set(latency["baselines"]) == {
        "baseline_mean",
        "baseline_linear",
        "baseline_nearest",
        "baseline_synaptic_operations",
    }
    assert latency["mape_percent"] < min(latency["baselines"][name]["mape_percent"] for name in latency["baselines"])


def test_unseen_hardware_is_judged_by_measured_traces(
    found: dict[str, Any], predictor: Predictor, rows: pd.DataFrame, few_rows: Path
) -> None:
    assert len(found["hardware"]) == 5
    hardware = predictor.parts.hardware.model_copy(update={"name": "one", "cores": 1})
    test = rows[(rows["split"] == "test") & (rows["status"] == "ok")]
    traces = read_traces(few_rows)
    measured = [
        time_trace(trace_of(traces, choices_of(row)), hardware).cycles.mean() for row in test.to_dict("records")
    ]
    predicted = predictor.predict_frame(test[[name for name in CHOICE_COLUMNS if name != "seed"]], hardware)
    error = 100 * np.abs(predicted["latency_cycles"].to_numpy() / measured - 1).mean()
    assert found["hardware"]["1 core a layer"]["mape_percent"] == pytest.approx(error)


@pytest.mark.parametrize("split", LEAVE_OUT)
def test_what_is_left_out_is_never_fitted(split: str) -> None:
    rows = read_rows(Path(__file__).parents[2] / "data" / "characterization")
    choice = LEAVE_OUT[split]
    if rows[choice].nunique() == 1:
        with pytest.raises(InputError, match=f"needs rows of several {choice}s"):
            hard_splits(rows, split)
        return
    parts = list(hard_splits(rows, split))
    assert [part.name for part in parts] == [f"{choice} {value}" for value in sorted(rows[choice].unique())]
    for part in parts:
        assert not set(rows[choice][part.fitted]) & set(rows[choice][part.asked])
        assert (part.fitted ^ part.asked).all()


@pytest.mark.parametrize("split", BEYOND)
def test_beyond_lies_outside_of_what_is_fitted(split: str) -> None:
    rows = read_rows(Path(__file__).parents[2] / "data" / "characterization")
    highest, lowest = hard_splits(rows, split)
    choice = BEYOND[split]
    # Slopes are held against those of their surrogate, thresholds against all.
    for _, group in rows.groupby("surrogate") if choice == "slope" else [(None, rows)]:
        number = group.index.to_numpy()
        fitted, asked = group[choice][highest.fitted[number]], group[choice][highest.asked[number]]
        assert asked.empty or fitted.max() < asked.min()
        fitted, asked = group[choice][lowest.fitted[number]], group[choice][lowest.asked[number]]
        assert asked.empty or asked.max() < fitted.min()
    assert 0.05 < highest.asked.mean() < 0.16
    assert 0.05 < lowest.asked.mean() < 0.2


def test_a_split_asks_only_about_what_it_left_out(predictor: Predictor, few_rows: Path, rows: pd.DataFrame) -> None:
    parts = list(evaluate_split(predictor, few_rows, "leave-neuron-out"))
    assert [part["left_out"] for part in parts] == ["neuron lapicque", "neuron leaky"]
    for part, neuron in zip(parts, ("lapicque", "leaky"), strict=True):
        asked = rows[(rows["neuron"] == neuron) & (rows["status"] == "ok")]
        assert part["targets"]["latency_cycles"]["rows"] == len(asked)
        assert part["fitted_rows"] == (rows["neuron"] != neuron).sum()


def test_parts_are_fitted_as_the_model_was(
    predictor: Predictor, few_rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = {"accuracy": {"model": "linear"}, "latency_cycles": {"model": "grey_box"}}
    fitted: list[tuple[Parts, dict[str, Any]]] = []

    def noted(*arguments: Any, **options: Any) -> tuple[Parts, dict[str, Any]]:
        fitted.append(fit_parts(*arguments, **options))
        return fitted[-1]

    monkeypatch.setattr(learning, "fit_parts", noted)
    next(evaluate_split(Predictor(predictor.parts, {"targets": targets}), few_rows, "leave-neuron-out"))
    (parts, validation), *_ = fitted
    assert {name: box.model.name for name, box in parts.black_boxes.items()} == {"accuracy": "linear"}
    models = {name: set(entry["cross_validation"]["models"]) for name, entry in validation["targets"].items()}
    assert models["accuracy"] == {"linear"}
    assert models["latency_cycles"] == models["sparsity"] == {"grey_box"}


def test_a_learning_curve_ends_with_all_rows(few_rows: Path, rows: pd.DataFrame) -> None:
    train, test = (rows[rows["split"] == name] for name in ("train", "test"))
    curve = list(learning_curve(fitter(few_rows, rows), train, test, sizes=(30, 500)))
    assert [part["fitted_rows"] for part in curve] == [30, len(train)]
    assert len({part["targets"]["accuracy"]["rows"] for part in curve}) == 1


def test_an_unknown_split_is_named(few_rows: Path) -> None:
    with pytest.raises(InputError, match="split 'sideways' is not known: allowed: leave-surrogate-out"):
        evaluate_split(Predictor.load(), few_rows, "sideways")


def test_splits_without_test_rows_say_so(few_rows: Path, rows: pd.DataFrame, tmp_path: Path) -> None:
    write_table(tmp_path / ROWS_FILE, rows[rows["split"] == "train"])
    write_table(tmp_path / TRACES_FILE, read_traces(few_rows))
    for split in ("learning", "suggested"):
        with pytest.raises(InputError, match=f"holds no test rows that ended ok, which split {split} asks about"):
            evaluate_split(Predictor.load(), tmp_path, split)


def test_shots_and_questions_share_no_configuration(
    few_rows: Path, rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[pd.DataFrame] = []
    asked: list[pd.DataFrame] = []

    def noted_fit(some: pd.DataFrame) -> Parts:
        fitted.append(some)
        return fitter(few_rows, rows)(some)

    def noted_judged(parts: Parts, some: pd.DataFrame) -> Any:
        asked.append(some)
        return judged(parts, some)

    monkeypatch.setattr(learning, "judged", noted_judged)
    unseen = (rows["neuron"] == "lapicque").to_numpy()
    found = list(few_shot(noted_fit, rows, unseen))
    assert [part["shots"] for part in found][:3] == [0, 5, 10]
    for part, before, after in zip(found, fitted, asked, strict=True):
        assert len(before) == (~unseen).sum() + part["shots"]
        assert set(after["neuron"]) == {"lapicque"}
        assert not set(before["config_key"]) & set(after["config_key"])


def test_allocations_that_cannot_run_a_network_are_left_out(predictor: Predictor, few_rows: Path) -> None:
    hardware = load_hardware("sparse-core")
    described = hardware.provenance | {"cores.conv": "by hand", "cores.fc": "by hand"}
    described.pop("cores", None)
    by_kind = Hardware.model_validate(
        hardware.model_dump() | {"cores": {"conv": [16, 32], "fc": 50}, "provenance": described}
    )
    tested = judged(predictor.parts, read_rows(few_rows).head(5))
    found = unseen_hardware(predictor.parts, by_kind, tested.rows, read_traces(few_rows))
    assert set(found) == set(ALLOCATIONS)
    impossible = {"3 cores in all": {"cores": {"balanced": 3}}, "2 cores a layer": {"cores": 2}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_evaluate, "ALLOCATIONS", impossible)
        assert set(unseen_hardware(predictor.parts, hardware, tested.rows, read_traces(few_rows))) == {
            "2 cores a layer"
        }


@pytest.mark.parametrize("timesteps", [None, 50])
def test_nothing_is_said_of_no_rows(predictor: Predictor, rows: pd.DataFrame, timesteps: int | None) -> None:
    """None at all, or none that the model can be asked about."""
    asked = rows.head(0) if timesteps is None else rows[rows["status"] == "ok"].head(5).assign(timesteps=timesteps)
    tested = judged(predictor.parts, asked)
    assert len(tested.rows) == 0
    assert tested.refused == len(asked)
    assert all_scores(tested) == {}


def test_few_shots_need_several_kinds(predictor: Predictor, few_rows: Path) -> None:
    with pytest.raises(InputError, match="few-shot needs rows of several datasets or architectures"):
        list(evaluate_split(predictor, few_rows, "few-shot"))


def test_rows_are_judged_on_the_hardware_that_timed_them(predictor: Predictor, few_rows: Path, tmp_path: Path) -> None:
    rows, traces = read_rows(few_rows), read_traces(few_rows)
    slower = load_hardware("sparse-core").model_copy(update={"name": "slower", "cores": 2})
    cycles = {
        row["key"]: time_trace(trace_of(traces, choices_of(row)), slower).cycles.mean()
        for row in rows.to_dict("records")
    }
    moved = rows.assign(
        latency_cycles=rows["key"].map(cycles), hardware="slower", hardware_description=slower.model_dump_json()
    )
    write_table(tmp_path / ROWS_FILE, moved)
    write_table(tmp_path / TRACES_FILE, traces)
    assert evaluate(predictor, tmp_path)["targets"]["latency_cycles"]["mape_percent"] < 15
