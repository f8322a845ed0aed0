"""Pack N-MNIST recordings in the official layout into data/events/nmnist.npz, and prove that nothing is lost.

    python scripts/pack_nmnist.py FOLDER [--out data/events/nmnist.npz]

FOLDER holds Train/<digit>/<number>.bin and Test/<digit>/<number>.bin. Every packed recording is turned back
into the bytes of its file and compared.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import numpy as np

from spikecast.datasets import DATASETS
from spikecast.errors import InputError
from spikecast.events.archive import load_recordings, save_recordings
from spikecast.events.formats.bin import read_nmnist, to_bin
from spikecast.events.recordings import Events, Recordings


def pack(folder: Path, out: Path) -> None:
    """Pack all recordings below ``folder`` into ``out`` and compare every byte with its source."""
    files = sorted(folder.glob("T*/[0-9]/*.bin"))
    if not files:
        raise InputError(f"no recordings in {folder}: expected Train/<digit>/<number>.bin and Test/...")
    events = [read_nmnist(file) for file in files]
    x, y, polarity, time_us = (np.concatenate(column) for column in zip(*events, strict=True))
    recordings = Recordings(
        x=x,
        y=y,
        polarity=polarity,
        time_us=time_us,
        offsets=np.concatenate([[0], np.cumsum([len(e.x) for e in events])]).astype(np.int64),
        labels=np.array([int(file.parent.name) for file in files], dtype=np.uint8),
        names=np.array([file.relative_to(folder).as_posix() for file in files]),
        official_test=np.array([file.parent.parent.name == "Test" for file in files]),
        sensor_size=DATASETS["nmnist"].side,
    )
    save_recordings(out, recordings)
    packed = load_recordings(out)
    for index, file in enumerate(files):
        if to_bin(Events(**packed.events(index))) != file.read_bytes():
            raise SystemExit(f"{file} does not come back from {out} byte for byte")
    print(
        f"{out}: {len(packed)} recordings, {len(packed.x)} events, {out.stat().st_size} bytes, "
        f"sha256 {hashlib.sha256(out.read_bytes()).hexdigest()}; every file comes back byte for byte"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("data/events/nmnist.npz"))
    arguments = parser.parse_args()
    try:
        pack(arguments.folder, arguments.out)
    except InputError as error:
        sys.exit(f"pack_nmnist: {error}")
