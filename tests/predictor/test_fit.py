from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from spikecast.accelerator import load_hardware
from spikecast.errors import InputError
from spikecast.predictor import Predictor
from spikecast.predictor.fit import Learnable, _fit, fit, fit_parts, one_hardware, questions_of, with_costs
from spikecast.rows import ROWS_FILE, TRACES_FILE, read_rows, read_traces, split_of, write_table

Fitted = tuple[Path, dict[str, Any]]
TARGETS = {"accuracy", "sparsity", "latency_cycles", "energy_nj", "synaptic_operations", "layer_sparsity"}


def with_traces(shipped: Path, folder: Path, rows: pd.DataFrame, traces: pd.DataFrame | None = None) -> Path:
    """A data folder of these rows, and of the shipped traces or others."""
    write_table(folder / ROWS_FILE, rows)
    write_table(folder / TRACES_FILE, read_traces(shipped) if traces is None else traces)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_target_stands_beside_baselines_and_seed_spread(fitted: Fitted) -> None:
    _, manifest = fitted
    assert set(manifest["targets"]) == TARGETS
    for target in manifest["targets"].values():
        validation = target["cross_validation"]
        metric = "mape_percent" if target["scale"] == "log" else "mae"
        best = min(scores[metric] for scores in validation["models"].values())
        allowed = best * 1.02 if target["model"] == "grey_box" else best
        assert validation["models"][target["model"]][metric] <= allowed
        for baseline in validation["baselines"].values():
            assert best < baseline[metric]
    for name in ("accuracy", "sparsity", "latency_cycles"):
        validation = manifest["targets"][name]["cross_validation"]
        assert {"baseline_mean", "baseline_linear", "baseline_nearest"} <= set(validation["baselines"])
        assert "configurations" in validation["seed_spread"]
    assert "baseline_synaptic_operations" in manifest["targets"]["latency_cycles"]["cross_validation"]["baselines"]
    assert set(manifest["targets"]["sparsity"]["cross_validation"]["models"]) >= {"grey_box", "gaussian_process"}


def test_row_order_changes_nothing(fitted: Fitted, few_rows: Path, tmp_path: Path) -> None:
    write_table(tmp_path / ROWS_FILE, read_rows(few_rows).sample(frac=1, random_state=0))
    write_table(tmp_path / TRACES_FILE, read_traces(few_rows).sample(frac=1, random_state=0))
    shuffled = fit(tmp_path, tmp_path / "bundle")
    for name, target in fitted[1]["targets"].items():
        assert shuffled["targets"][name] == target


def test_test_rows_are_never_fitted(fitted: Fitted, few_rows: Path, tmp_path: Path) -> None:
    rows = read_rows(few_rows)
    test = rows["split"] == "test"
    assert test.any()
    assert (rows["config_key"].map(split_of) == rows["split"]).all()
    changes = {"accuracy": 0.5, "latency_cycles": 1e6, "sparsity": 0.5, "sparsity_conv1": 0.5, "spikes_in_conv2": 7.0}
    for name, value in changes.items():
        rows.loc[test, name] = value
    traces = read_traces(few_rows)
    own = traces["key"].isin(rows["key"][test])
    traces.loc[own, "counts"] = traces.loc[own, "counts"].map(lambda counts: counts // 2)
    data = with_traces(few_rows, tmp_path, rows, traces)
    changed = fit(data, tmp_path / "bundle")
    models = [name for name in contents(fitted[0]) if not name.startswith("manifest")]
    assert all(contents(tmp_path / "bundle")[name] == contents(fitted[0])[name] for name in models)
    assert changed["targets"]["accuracy"]["test"] != fitted[1]["targets"]["accuracy"]["test"]


def test_failed_rows_are_left_out(few_rows: Path, fitted: Fitted, tmp_path: Path) -> None:
    rows = read_rows(few_rows)
    broken = rows.head(3).assign(
        status="failed", accuracy=np.nan, sparsity=np.nan, latency_cycles=np.nan, config_key="f" * 16, split="train"
    )
    data = with_traces(few_rows, tmp_path, pd.concat([rows, broken], ignore_index=True))
    manifest = fit(data, tmp_path / "bundle")
    assert manifest["data"]["rows"] == fitted[1]["data"]["rows"]
    assert manifest["data"]["status"]["failed"] == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows.head(10), "at least 20 are needed"),
        (lambda rows: rows.drop(columns=["beta", "status"]), "lacks the columns beta, status"),
        (
            lambda rows: rows.assign(
                hardware_description=[
                    load_hardware("pulse-small").model_dump_json(),
                    *rows["hardware_description"][1:],
                ]
            ),
            "different hardware",
        ),
    ],
)
def test_rows_that_cannot_be_fitted_are_named(few_rows: Path, tmp_path: Path, change: Any, said: str) -> None:
    # The first rows may be test rows or not ok, so every row is made one that counts.
    rows = read_rows(few_rows)
    rows = rows[(rows["status"] == "ok") & (rows["split"] == "train")].reset_index(drop=True)
    data = with_traces(few_rows, tmp_path, change(rows))
    with pytest.raises(InputError, match=said):
        fit(data, tmp_path / "bundle")
    assert sorted(path.name for path in tmp_path.iterdir()) == [ROWS_FILE, TRACES_FILE]


def test_rows_of_hardware_without_an_energy_table(few_rows: Path, tmp_path: Path) -> None:
    bare = load_hardware("sparse-core").model_copy(update={"energy": None})
    rows = read_rows(few_rows).assign(hardware_description=bare.model_dump_json())
    out = tmp_path / "bundle"
    manifest = fit(with_traces(few_rows, tmp_path, rows), out)
    assert set(manifest["targets"]) == TARGETS
    predictor = Predictor.load(out)
    assert predictor.predict(hardware=bare).energy_nj is None
    priced = predictor.predict(hardware="sparse-core").energy_nj
    assert priced is not None
    assert priced.low < priced.value < priced.high


def test_a_regressor_of_latency_leaves_other_hardware_its_own_intervals(
    fitted: Fitted, few_rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_spikes = Predictor.load(fitted[0])
    assert fitted[1]["targets"]["latency_cycles"]["model"] == "grey_box"

    def best_regressor(errors: dict[str, float]) -> str:
        return min(errors.keys() - {"grey_box"}, key=errors.__getitem__, default="grey_box")

    monkeypatch.setattr("spikecast.predictor.fit.assembly._best", best_regressor)
    fit(few_rows, tmp_path / "bundle")
    regressor = Predictor.load(tmp_path / "bundle")
    assert "latency_cycles" in regressor.parts.black_boxes
    elsewhere = by_spikes.predict(hardware="pulse-small").latency_cycles
    assert regressor.predict(hardware="pulse-small").latency_cycles == elsewhere
    assert regressor.predict().latency_cycles != by_spikes.predict().latency_cycles


def test_same_rows_give_the_same_bundle_whatever_the_processes_and_whatever_lay_there(
    fitted: Fitted, few_rows: Path, tmp_path: Path
) -> None:
    out = tmp_path / "bundle"
    shutil.copytree(fitted[0], out)
    (out / "stale.txt").write_text("old")
    fit(few_rows, out, jobs=2)
    assert contents(out) == contents(fitted[0])
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_a_bundle_replaces_nothing_but_a_bundle(few_rows: Path, tmp_path: Path) -> None:
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "chapter1.tex").write_text("precious")
    with pytest.raises(InputError, match="is not a predictor bundle"):
        fit(few_rows, other)
    assert (other / "chapter1.tex").read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis"]


def test_a_fit_that_breaks_leaves_nothing(few_rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_arguments: object) -> None:
        raise RuntimeError("solver")

    monkeypatch.setattr(_fit, "all_scores", breaks)
    with pytest.raises(RuntimeError, match="solver"):
        fit(few_rows, tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


def test_networks_that_never_train_on_a_data_set_are_outcomes_alone(repository: Path, few_rows: Path) -> None:
    shipped = repository / "data" / "characterization"
    all_rows = read_rows(shipped)
    silent = all_rows[(all_rows["dataset"] == "digits-saccade") & (all_rows["status"] == "silent")].head(3)
    few = read_rows(few_rows)
    # A diverged network has no trace: nothing is known of what would enter it.
    diverged = few.head(1).assign(key="0" * 16, config_key="0" * 16, timesteps=9, status="diverged")
    rows = pd.concat([few, silent, diverged], ignore_index=True)
    parts, _ = fit_parts(Learnable.of(rows, read_traces(shipped)), one_hardware(rows))
    assert {name for name, *_ in parts.references.inputs} == {"nmnist", "digits-saccade"}
    assert set(parts.measured.questions.columns["timesteps"].tolist()) == {4, *silent["timesteps"].tolist()}


def test_ok_rows_without_a_trace_are_named(few_rows: Path, tmp_path: Path) -> None:
    rows, traces = read_rows(few_rows), read_traces(few_rows)
    key = rows.loc[(rows["status"] == "ok") & (rows["split"] == "train"), "key"].iloc[0]
    with_traces(few_rows, tmp_path, rows, traces[traces["key"] != key])
    with pytest.raises(InputError, match=f"1 networks that ended ok have no trace, first {key}"):
        fit(tmp_path, tmp_path / "bundle")


def test_too_few_ok_rows_are_refused(few_rows: Path) -> None:
    rows = read_rows(few_rows).sort_values("key", ignore_index=True)
    rows.loc[rows.index > 5, "status"] = "collapsed"
    with pytest.raises(InputError, match="too few to learn from: characterize more"):
        Learnable.of(rows, read_traces(few_rows))


def test_static_power_is_drawn_for_the_measured_cycles(predictor_of_few: Predictor, few_rows: Path) -> None:
    rows = read_rows(few_rows)
    rows = rows[rows["status"] == "ok"].head(4).reset_index(drop=True)
    questions, references = questions_of(rows), predictor_of_few.parts.references
    plain = load_hardware("sparse-core")
    drawing = plain.model_copy(update={"energy": plain.energy.model_copy(update={"static_mw": 2.0})})
    without, with_power = (
        with_costs(rows, questions, references, hardware)["energy_nj"] for hardware in (plain, drawing)
    )
    assert (with_power - without).to_numpy() == pytest.approx(2.0 * rows["latency_cycles"].to_numpy() / plain.clock_mhz)


@pytest.fixture(scope="module")
def predictor_of_few(fitted: Fitted) -> Predictor:
    return Predictor.load(fitted[0])
