"""Folders that take each other's place."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from spikecast._util import files
from spikecast._util.files import exchange, swap_in


def folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "file").write_text(text)
    return path


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.iterdir())


@pytest.fixture(params=["exchange", "two renames"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "two renames":
        monkeypatch.setattr(files, "exchange", lambda *_: False)


@pytest.mark.usefixtures("either_way")
def test_the_new_folder_replaces_the_old(tmp_path: Path) -> None:
    new, place = folder(tmp_path / "new", "new"), folder(tmp_path / "place", "old")
    (place / "deeper").mkdir()
    swap_in(new, place)
    assert (place / "file").read_text() == "new"
    assert names(place) == ["file"]
    assert names(tmp_path) == ["place"]


def test_a_folder_is_there_at_any_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, place = folder(tmp_path / "new", "new"), folder(tmp_path / "place", "old")
    if not exchange(new, place):
        pytest.skip("this file system cannot exchange folders")
    rename = Path.rename

    def watched(self: Path, target: Path) -> Path:
        try:
            return rename(self, target)
        finally:
            assert (place / "file").exists()

    monkeypatch.setattr(Path, "rename", watched)
    swap_in(new, place)
    assert names(tmp_path) == ["place"]


def test_nothing_or_an_empty_folder_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place in ("absent", "empty"):
        swap_in(folder(tmp_path / "new", place), tmp_path / place)
        assert (tmp_path / place / "file").read_text() == place
    assert names(tmp_path) == ["absent", "empty"]


def test_exchange_needs_both(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", "1")
    with pytest.raises(FileNotFoundError, match="one"):
        exchange(one, tmp_path / "absent")
    assert names(one) == ["file"]


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_without_exchange_is_told_from_a_failure(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Library:
        def __init__(self, *_: object, **__: object) -> None: ...

        def renameat2(self, *_: object) -> int:
            files.ctypes.set_errno(number)
            return -1

    monkeypatch.setattr(files.ctypes, "CDLL", Library)
    new, place = folder(tmp_path / "new", "new"), folder(tmp_path / "place", "old")
    assert not exchange(new, place)
    swap_in(new, place)
    assert (place / "file").read_text() == "new"


def test_a_system_without_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.ctypes, "CDLL", lambda *_, **__: object())
    assert not exchange(tmp_path, tmp_path)


def test_a_failed_second_rename_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, place = folder(tmp_path / "new", "new"), folder(tmp_path / "place", "old")
    monkeypatch.setattr(files, "exchange", lambda *_: False)
    rename = Path.rename

    def stubborn(self: Path, target: Path) -> Path:
        if self == new and not target.exists():
            raise PermissionError(errno.EACCES, "no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    with pytest.raises(PermissionError):
        swap_in(new, place)
    assert (place / "file").read_text() == "old"
    assert (new / "file").read_text() == "new"


def test_all_is_on_disk_before_it_can_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, place = folder(tmp_path / "new", "new"), folder(tmp_path / "place", "old")
    synced, fsync = [], os.fsync

    def watched(handle: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        synced.append((kind, (place / "file").read_text()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    swap_in(new, place)
    assert synced == [("file", "old"), ("folder", "old"), ("folder", "new")]
