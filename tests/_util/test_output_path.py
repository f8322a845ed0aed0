"""Output that cannot be written is refused before it is computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from spikecast._util.files import require_file_path, require_folder_path
from spikecast.errors import InputError


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "file").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("next", "use a name that ends in .yaml or .yml"),
        ("next.YAML", "use a name that ends in .yaml or .yml"),
        ("folder.yaml", "cannot write a space to .*folder.yaml: it is a folder: use another name"),
        ("nowhere/next.yaml", "there is no folder .*nowhere: make it first"),
        ("file/next.yaml", "there is no folder .*file: make it first"),
    ],
)
def test_files(place: Path, name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        require_file_path(place / name, "a space", ".yaml", ".yml")
    require_file_path(place / "folder.yaml" / "next.yml", "a space", ".yaml", ".yml")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("file", "cannot write figures to .*file: it is a file: use another name"),
        ("nowhere/figures", "there is no folder .*nowhere: make it first"),
    ],
)
def test_folders(place: Path, name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        require_folder_path(place / name, "figures")
    require_folder_path(place / "new", "figures")
    require_folder_path(place / "folder.yaml", "figures")
