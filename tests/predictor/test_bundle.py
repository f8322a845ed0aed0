"""Bundles are guarded file by file, and hold nothing that could run."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spikecast.errors import InputError
from spikecast.predictor import Predictor
from spikecast.predictor.bundle import read_bundle
from spikecast.predictor.parts import Parts

SHIPPED = Path(__file__).parents[2] / "models" / "default"
FORMAT2 = Path(__file__).parent / "bundles" / "format2"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "bundle"))


@pytest.mark.parametrize("name", sorted(path.name for path in SHIPPED.iterdir()))
@pytest.mark.parametrize("where", [0.0, 0.5, 0.999])
def test_one_changed_byte_is_found(bundle: Path, name: str, where: float) -> None:
    path = bundle / name
    content = bytearray(path.read_bytes())
    content[int(where * (len(content) - 1))] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match="was changed since the bundle was written"):
        Predictor.load(bundle)


@pytest.mark.parametrize("name", sorted(path.name for path in SHIPPED.iterdir()))
def test_a_missing_file_is_named(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    with pytest.raises(InputError, match=f"lacks {name}"):
        Predictor.load(bundle)


def test_no_bundle_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no predictor bundle at"):
        Predictor.load(tmp_path / "nowhere")


def rewritten(bundle: Path, change: dict[str, Any]) -> Path:
    """Change the manifest as somebody would who also corrects its digest."""
    text = json.dumps(json.loads((bundle / "manifest.json").read_text()) | change)
    (bundle / "manifest.json").write_text(text)
    return guarded(bundle)


def guarded(bundle: Path) -> Path:
    digest = hashlib.sha256((bundle / "manifest.json").read_bytes()).hexdigest()
    (bundle / "manifest.sha256").write_text(digest)
    return bundle


def test_a_newer_format_asks_for_an_upgrade(small: Path) -> None:
    with pytest.raises(InputError, match=r"has format 99, newer than this program reads.*: upgrade spikecast"):
        Predictor.load(rewritten(small, {"format": 99}))


def test_the_first_format_asks_for_a_new_fit(small: Path) -> None:
    with pytest.raises(InputError, match=r"has format 1, which held another kind of model.*: fit again"):
        Predictor.load(rewritten(small, {"format": 1}))


@pytest.mark.parametrize("name", sorted(path.name for path in FORMAT2.parent.iterdir() if path.is_dir()))
def test_bundles_of_older_formats_load_and_predict_as_they_did(name: str) -> None:
    written = FORMAT2.parent / name
    predictor = Predictor.load(written / "bundle")
    for recorded in json.loads((written / "predictions.json").read_text()):
        answer = predictor.predict(recorded["choices"], predictor.parts.hardware).to_dict()
        now, then = flat(json.loads(json.dumps(answer))), flat(recorded["predicted"])
        for name, value in then.items():
            assert now[name] == (value if isinstance(value, str) else pytest.approx(value, rel=1e-9)), name


def flat(nested: Any, path: str = "") -> dict[str, Any]:
    """Every leaf by its path."""
    if not isinstance(nested, dict | list):
        return {path: nested}
    entries = nested.items() if isinstance(nested, dict) else enumerate(nested)
    return {name: leaf for key, value in entries for name, leaf in flat(value, f"{path}.{key}").items()}


def test_other_features_are_refused(bundle: Path) -> None:
    with pytest.raises(InputError, match="fitted on other features"):
        Predictor.load(rewritten(bundle, {"features": ["beta", "colour"]}))


def test_pickled_arrays_never_run(bundle: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"

    class Evil:
        def __reduce__(self) -> tuple[Any, tuple[Path]]:
            return (Path.touch, (marker,))

    np.savez(bundle / "measured.npz", choice_dataset=np.array([Evil()], dtype=object))
    files = json.loads((bundle / "manifest.json").read_text())["files"]
    content = (bundle / "measured.npz").read_bytes()
    files["measured.npz"] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    with pytest.raises(ValueError, match="allow_pickle=False"):
        Predictor.load(rewritten(bundle, {"files": files}))
    assert not marker.exists()


def without(*keys: str) -> Callable[[dict[str, Any]], None]:
    def change(manifest: dict[str, Any]) -> None:
        for key in keys[:-1]:
            manifest = manifest[key]
        del manifest[keys[-1]]

    return change


def with_(value: Any, *keys: str) -> Callable[[dict[str, Any]], None]:
    def change(manifest: dict[str, Any]) -> None:
        for key in keys[:-1]:
            manifest = manifest[key]
        manifest[keys[-1]] = value

    return change


GUARD = {"sha256": "0" * 64, "bytes": 1}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without("format"), "its format is None, not a number"),
        (with_("2", "format"), "its format is '2', not a number"),
        (without("files"), "files: field required"),
        (without("targets", "accuracy", "factor"), "targets.accuracy.factor: field required"),
        (with_("wide", "targets", "accuracy", "factor"), "targets.accuracy.factor: input should be a valid number"),
        (without("targets", "accuracy", "error_file"), "file, error_file and columns go together"),
        (with_("oracle", "targets", "accuracy", "model"), "cross_validation has no model 'oracle'"),
        (with_([], "data"), "data: input should be a valid dictionary"),
        (with_(-1, "hardware", "clock_mhz"), "hardware.clock_mhz: input should be greater than 0"),
        (with_("../outcome.json", "outcome", "file"), "outcome.file: not a plain file name"),
        (with_(GUARD, "files", "../other.npz"), "files.../other.npz: not a plain file name"),
        (with_(GUARD, "files", "/etc/passwd"), "files./etc/passwd: not a plain file name"),
        (with_(GUARD, "files", ".."), "not a plain file name"),
        (with_({"sha256": 1, "bytes": 1}, "files", "measured.npz"), "files.measured.npz.sha256"),
    ],
)
def test_a_manifest_of_another_shape_is_one_line(
    change: Callable[[dict[str, Any]], None], said: str, small: Path
) -> None:
    manifest = json.loads((small / "manifest.json").read_text())
    change(manifest)
    (small / "manifest.json").write_text("{}")
    with pytest.raises(InputError, match=r"manifest\.json is not a predictor bundle's manifest: ") as refused:
        Predictor.load(rewritten(small, manifest))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_bundle_without_a_target_asks_for_a_new_fit(bundle: Path) -> None:
    targets = json.loads((bundle / "manifest.json").read_text())["targets"]
    del targets["energy_nj"]
    with pytest.raises(InputError, match="does not predict energy_nj: fit again"):
        Predictor.load(rewritten(bundle, {"targets": targets}))


def test_a_model_that_nobody_knows_is_named(bundle: Path) -> None:
    targets = json.loads((bundle / "manifest.json").read_text())["targets"]
    targets["accuracy"]["cross_validation"]["models"]["oracle"] = {}
    targets["accuracy"]["model"] = "oracle"
    with pytest.raises(InputError, match=r"model 'oracle' is none of linear, gaussian_process, boosted_trees"):
        Predictor.load(rewritten(bundle, {"targets": targets}))


@pytest.mark.parametrize(
    ("text", "said"),
    [("[1]", "it is not a JSON object"), ("{", "it is not JSON"), ("[" * 100_000, "it is not JSON")],
)
def test_a_manifest_that_is_no_object(text: str, said: str, small: Path) -> None:
    (small / "manifest.json").write_text(text)
    guarded(small)
    with pytest.raises(InputError, match=f"manifest.json is not a predictor bundle's manifest: {said}"):
        Predictor.load(small)


def test_a_size_that_is_not_the_file_s(small: Path) -> None:
    files = json.loads((small / "manifest.json").read_text())["files"]
    files["measured.npz"]["bytes"] += 1
    with pytest.raises(InputError, match=r"measured.npz was changed"):
        Predictor.load(rewritten(small, {"files": files}))


def test_an_added_file_is_named(small: Path) -> None:
    (small / "more.npz").touch()
    with pytest.raises(InputError, match=r"more.npz is no part of the predictor bundle: remove it"):
        Predictor.load(small)


def test_what_a_desktop_leaves_in_a_folder_is_no_part_of_a_bundle(small: Path) -> None:
    (small / ".DS_Store").touch()
    Predictor.load(small)


def test_a_file_that_the_manifest_does_not_list(small: Path) -> None:
    files = json.loads((small / "manifest.json").read_text())["files"]
    del files["measured.npz"]
    (small / "measured.npz").unlink()
    with pytest.raises(InputError, match=r"lists no measured.npz: fit again"):
        Predictor.load(rewritten(small, {"files": files}))


def test_truncated_files_are_named(small: Path) -> None:
    for path in sorted(small.iterdir()):
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        named = "manifest.json" if path.name == "manifest.sha256" else path.name
        with pytest.raises(InputError, match=f"{named} was changed since the bundle was written"):
            Predictor.load(small)
        path.write_bytes(content)


def test_what_is_used_is_what_was_checked(small: Path) -> None:
    content = (small / "measured.npz").read_bytes()
    _, files = read_bundle(small)
    (small / "measured.npz").write_bytes(b"changed after the check")
    assert (files / "measured.npz").read_bytes() == content


def test_held_files_are_read_as_those_of_a_folder_are(small: Path) -> None:
    manifest, files = read_bundle(small)
    held, on_disk = Parts.load(files, manifest), Parts.load(small, manifest)
    assert np.array_equal(held.measured.points, on_disk.measured.points)
    assert held.references.inputs.keys() == on_disk.references.inputs.keys()
    assert held.outcome.classes == on_disk.outcome.classes


def test_shipped_bundle_was_fitted_on_the_shipped_data() -> None:
    data = SHIPPED.parents[1] / "data" / "characterization" / "characterization.parquet"
    manifest = json.loads((SHIPPED / "manifest.json").read_text())
    assert manifest["data"]["sha256"] == hashlib.sha256(data.read_bytes()).hexdigest()
