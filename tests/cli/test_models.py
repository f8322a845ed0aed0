"""``spikecast models`` as a user runs it."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from .conftest import Run, refused

REPOSITORY = Path(__file__).parents[2]
SHIPPED = REPOSITORY / "models" / "default"
SMALL = REPOSITORY / "tests" / "predictor" / "bundles" / "format2" / "bundle"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A small bundle in a folder of bundles."""
    return Path(shutil.copytree(SMALL, tmp_path / "bundles" / "mine"))


def changed(bundle: Path, change: Any) -> dict[str, Any]:
    """Change the manifest as another program would have written it."""
    manifest: dict[str, Any] = json.loads((bundle / "manifest.json").read_text())
    change(manifest)
    text = json.dumps(manifest)
    (bundle / "manifest.json").write_text(text)
    (bundle / "manifest.sha256").write_text(hashlib.sha256(text.encode()).hexdigest())
    return manifest


def test_list_shows_what_ships_and_what_lies_in_folders(run: Run, bundle: Path) -> None:
    out = run("models", "list", bundle.parent, "--json").out
    shipped, mine = json.loads(out)
    manifest = json.loads((SMALL / "manifest.json").read_text())
    assert (shipped["name"], shipped["folder"]) == ("default", str(SHIPPED))
    assert mine["name"] == str(bundle)
    assert mine["intact"] is True
    assert mine["bytes"] == sum((SMALL / name).stat().st_size for name in manifest["files"])
    assert (mine["rows"], mine["targets"]) == (manifest["data"]["rows"], list(manifest["targets"]))
    assert list(mine["scores"]["latency_cycles"]) == ["mape_percent"]
    code, text, _ = run("models", "list", bundle)
    assert code == 0
    assert text.count(" intact") == 2
    assert f"{mine['scores']['latency_cycles']['mape_percent']:.4g}" in text
    assert max(map(len, text.splitlines())) <= 80


def test_list_tells_an_unusable_bundle_from_an_intact_one(run: Run, bundle: Path) -> None:
    (bundle / "measured.npz").write_bytes(b"")
    out = run("models", "list", bundle, "--json").out
    assert json.loads(out)[1]["problem"].startswith(f"{bundle / 'measured.npz'} was changed")
    code, text, _ = run("models", "list", bundle)
    assert code == 0
    assert "UNUSABLE" in text
    assert f"{bundle / 'measured.npz'} was changed since the bundle was written" in text
    (bundle / "manifest.json").unlink()
    text = run("models", "list", bundle).out
    assert "lacks manifest.json" in text


def test_list_knows_a_bundle_of_a_later_program(run: Run, bundle: Path) -> None:
    changed(bundle, lambda manifest: manifest.update(format=99))
    code, text, _ = run("models", "list", bundle)
    assert code == 0
    assert "UNUSABLE" in text
    assert "has format 99, newer than this program reads (2, 3): upgrade spikecast" in text


def test_show_is_the_whole_card(run: Run, bundle: Path) -> None:
    manifest = json.loads((SMALL / "manifest.json").read_text())
    out = run("models", "show", bundle, "--json").out
    assert json.loads(out) == {"name": str(bundle), "folder": str(bundle), **manifest}
    text = run("models", "show", bundle).out
    assert manifest["data"]["sha256"][:12] in text
    assert f"{manifest['data']['status']['ok']} ok" in text
    assert "further entries" not in text
    assert "hardware sparse-core, 100 MHz" in text
    assert all(f"{target}, cross-validated by configuration" in text for target in manifest["targets"])
    assert "gaussian process (shipped)" in text
    assert "baseline nearest" in text
    assert "seed-to-seed spread" in text
    assert f"interval_coverage {manifest['targets']['sparsity']['test']['interval_coverage']:.4g}" in text
    assert all(name in text for name in manifest["files"])
    assert max(map(len, text.splitlines()[1:])) <= 80


def test_show_without_a_name_is_what_predict_uses(run: Run) -> None:
    out = run("models", "show", "--json").out
    assert json.loads(out)["folder"] == str(SHIPPED)


def test_metrics_of_later_programs_are_shown_as_they_are(run: Run, bundle: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        target = manifest["targets"]["sparsity"]
        target["cross_validation"]["models"][target["model"]]["pinball"] = 0.125
        target["test"]["crps"] = 0.375
        manifest["targets"]["glamour"] = target
        manifest["trials"] = {"hours": 3}
        manifest["data"]["vintage"] = "late"
        target["bias"] = 0.625

    changed(bundle, change)
    text = run("models", "show", bundle).out
    assert "pinball" in text
    assert "0.125" in text
    assert "crps 0.375" in text
    assert "glamour, cross-validated" in text
    further = text[text.index("further entries") :].split()
    for name, value in (("trials.hours", "3"), ("data.vintage", "late"), ("targets.sparsity.bias", "0.625")):
        assert further[further.index(name) + 1] == value
    text = run("models", "diff", SMALL, bundle).out
    assert "trials.hours" in text
    assert "model of glamour" in text
    text = run("models", "list", bundle).out
    assert "glamour" in text


def test_diff_sets_both_side_by_side(run: Run, bundle: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["data"]["rows"] += 5
        manifest["data"]["sha256"] = "f" * 64
        manifest["versions"]["numpy"] = "1.0"
        manifest["roles"] = manifest["roles"][1:]
        manifest["targets"]["accuracy"]["cross_validation"]["models"]["gaussian_process"]["mae"] += 0.5
        del manifest["targets"]["energy_nj"]

    before, after = json.loads((SMALL / "manifest.json").read_text()), changed(bundle, change)
    out = run("models", "diff", SMALL, bundle, "--json").out
    found = json.loads(out)
    assert (found["a"], found["b"]) == (str(SMALL), str(bundle))
    assert set(found["changed"]) == {"data.rows", "data.sha256", "versions.numpy", "roles", "model of energy_nj"}
    assert found["changed"]["data.rows"] == {"a": before["data"]["rows"], "b": after["data"]["rows"]}
    assert found["changed"]["model of energy_nj"] == {"a": "grey_box", "b": None}
    assert found["cross_validation"]["accuracy"]["mae"]["difference"] == pytest.approx(0.5)
    assert found["cross_validation"]["energy_nj"]["r2"]["difference"] is None
    assert found["test"]["sparsity"]["rows"]["difference"] == 0
    text = run("models", "diff", SMALL, bundle).out
    assert "+0.5" in text
    assert "the data are not the same" in text
    assert max(map(len, text.splitlines()[2:])) <= 80


def test_diff_of_one_model_with_itself(run: Run) -> None:
    text = run("models", "diff", "default", SHIPPED).out
    assert "same data, versions and models" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "defalt"], "unknown model 'defalt': did you mean default? allowed: default, or a bundle's folder"),
        (["diff", "default", "none"], "unknown model 'none'"),
        (["list", "none"], "no predictor bundle in none: make one with spikecast fit --out none"),
        (["show", "."], "predictor bundle . lacks manifest.json"),
        (["shwo"], "No such command 'shwo'"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str], said: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in refused(run, "models", *arguments)


def test_a_damaged_model_is_not_shown(run: Run, bundle: Path) -> None:
    (bundle / "outcome.json").write_text("{}")
    assert "outcome.json was changed since the bundle was written" in refused(run, "models", "show", bundle)
