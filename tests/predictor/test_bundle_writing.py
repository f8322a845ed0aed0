"""Bundles are replaced as a whole, whoever reads, writes or dies meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from spikecast._util.files import exchange
from spikecast.errors import InputError
from spikecast.predictor import bundle as on_disk
from spikecast.predictor.bundle import discard, read_bundle, staging_folder, write_bundle

FORMAT2 = Path(__file__).parent / "bundles" / "format2"


def staged_copy(source: Path, out: Path, turn: int) -> tuple[Path, dict[str, Any]]:
    """A copy of a bundle, ready to be written, that says its turn in a file and in the manifest."""
    manifest = json.loads((source / "manifest.json").read_text())
    staged = staging_folder(out)
    for name in manifest.pop("files"):
        shutil.copy(source / name, staged)
    (staged / "turn.txt").write_text(str(turn))
    return staged, manifest | {"turn": turn}


def test_a_bundle_that_is_replaced_while_it_is_read(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, turns = on_disk._read, iter([1, 2])

    def slow(folder: Path, handle: int, name: str) -> bytes:
        if name == "measured.npz" and (turn := next(turns, None)):
            write_bundle(small, *staged_copy(FORMAT2 / "bundle", small, turn))
        return read(folder, handle, name)

    monkeypatch.setattr(on_disk, "_read", slow)
    manifest, files = read_bundle(small)
    assert manifest["turn"] == 2
    assert (files / "turn.txt").read_bytes() == b"2"


#: Starts a writer ten times, and kills it whatever it is doing, but not before it has written once.
WRITERS = """
import sys
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from random import uniform
from time import sleep
sys.path.insert(0, sys.argv[1])
from test_bundle_writing import FORMAT2, staged_copy, turn_of, write_bundle
out = Path(sys.argv[2])

def write_forever(first):
    for turn in count(first):
        write_bundle(out, *staged_copy(FORMAT2 / "bundle", out, turn))

for start in range(1, 11):
    writer = get_context("fork").Process(target=write_forever, args=(1000 * start,), daemon=True)
    writer.start()
    while turn_of(out) < 1000 * start:
        sleep(0.001)
    sleep(uniform(0.0, 0.2))
    writer.kill()
    writer.join()
    turn_of(out)
"""


def test_writers_may_be_killed_at_any_moment(small: Path, tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    if not exchange(tmp_path / "one", tmp_path / "other"):
        pytest.skip("this file system cannot exchange folders")
    write_bundle(small, *staged_copy(FORMAT2 / "bundle", small, 0))
    with subprocess.Popen([sys.executable, "-c", WRITERS, str(Path(__file__).parent), str(small)]) as writers:
        seen = set()
        while writers.poll() is None:
            seen.add(turn_of(small))
            # Without exchange nothing would be there for microseconds: only a close watch sees it.
            assert all(small.is_dir() for _ in range(200))
    assert writers.returncode == 0
    assert len(seen) > 1
    assert turn_of(small) >= 10_000


def turn_of(bundle: Path) -> int:
    """Read a bundle as a whole; its file and its manifest agree."""
    manifest, files = read_bundle(bundle)
    assert int((files / "turn.txt").read_bytes()) == manifest["turn"]
    return int(manifest["turn"])


def test_what_killed_writers_left_is_cleared_away(small: Path) -> None:
    left, in_use, other = staging_folder(small), staging_folder(small), staging_folder(small.with_name("other"))
    (left / "file").touch()
    for folder in (left, other):
        os.utime(folder, (time.time() - 48 * 3600.0,) * 2)
    discard(staging_folder(small))
    assert not left.exists()
    assert in_use.exists()
    assert other.exists()


def test_writing_through_a_link_replaces_what_it_points_to(small: Path) -> None:
    link = small.with_name("link")
    link.symlink_to(small)
    write_bundle(link, *staged_copy(FORMAT2 / "bundle", link, 7))
    assert link.is_symlink()
    assert turn_of(small) == 7


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"cannot write a predictor bundle to .*file/bundle: File exists"):
        staging_folder(tmp_path / "file" / "bundle")
