"""Bundles are guarded file by file, and hold nothing that could run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spikecast.errors import InputError
from spikecast.predictor import Predictor

SHIPPED = Path(__file__).parents[2] / "models" / "default"


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
    import hashlib

    text = json.dumps(json.loads((bundle / "manifest.json").read_text()) | change)
    (bundle / "manifest.json").write_text(text)
    (bundle / "manifest.sha256").write_text(hashlib.sha256(text.encode()).hexdigest())
    return bundle


def test_a_newer_format_is_refused(bundle: Path) -> None:
    with pytest.raises(InputError, match="has format 99"):
        Predictor.load(rewritten(bundle, {"format": 99}))


def test_other_features_are_refused(bundle: Path) -> None:
    with pytest.raises(InputError, match="fitted on other features"):
        Predictor.load(rewritten(bundle, {"features": ["beta", "colour"]}))


def test_pickled_arrays_never_run(bundle: Path, tmp_path: Path) -> None:
    import hashlib

    marker = tmp_path / "ran"

    class Evil:
        def __reduce__(self) -> tuple[Any, tuple[Path]]:
            return (Path.touch, (marker,))

    np.savez(bundle / "measured.npz", choice_dataset=np.array([Evil()], dtype=object))
    files = json.loads((bundle / "manifest.json").read_text())["files"]
    files["measured.npz"]["sha256"] = hashlib.sha256((bundle / "measured.npz").read_bytes()).hexdigest()
    with pytest.raises(ValueError, match="allow_pickle=False"):
        Predictor.load(rewritten(bundle, {"files": files}))
    assert not marker.exists()


def test_shipped_bundle_was_fitted_on_the_shipped_data() -> None:
    import hashlib

    data = SHIPPED.parents[1] / "data" / "characterization" / "characterization.parquet"
    manifest = json.loads((SHIPPED / "manifest.json").read_text())
    assert manifest["data"]["sha256"] == hashlib.sha256(data.read_bytes()).hexdigest()
