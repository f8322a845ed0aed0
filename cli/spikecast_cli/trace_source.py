"""What ``simulate`` and ``hardware balance`` start from: a network or a trace, in any of the files that hold one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikecast.errors import InputError

if TYPE_CHECKING:
    from spikecast.accelerator import Network, Trace


@dataclass(frozen=True)
class NetworkSource:
    """A network, with the training choices behind it if the file knows them."""

    network: Network
    choices: dict[str, Any]


def open_source(path: Path, key: str | None, reset: str | None, time_step: float | None) -> NetworkSource | Trace:
    """Open a checkpoint or trace (.npz), a NIR file (.nir), or one network's trace in a data folder.

    Raises:
        InputError: the file cannot be used, or an option does not go with it.
    """
    nir = path.suffix in {".nir", ".h5", ".hdf5"}
    if not nir and (reset is not None or time_step is not None):
        raise InputError(f"--reset and --time-step are for NIR files, which lack them: leave them out with {path}")
    if path.is_dir():
        return _measured_trace(path, key)
    if key is not None:
        raise InputError(f"--key chooses a network of a data folder: {path} is not a folder")
    if nir:
        from spikecast.accelerator.nir_file import load_nir

        return NetworkSource(load_nir(path, reset=reset, time_step=1e-4 if time_step is None else time_step), {})
    if path.suffix != ".npz":
        raise InputError(
            f"{path} is no network or trace: use a spikecast network or trace (.npz), a NIR file (.nir), "
            "or a data folder with --key"
        )
    return _from_npz(path)


def open_trace(path: Path, key: str | None) -> Trace:
    """As ``open_source``, for a trace alone.

    Raises:
        InputError: the file holds none.
    """
    opened = open_source(path, key, None, None)
    if isinstance(opened, NetworkSource):
        raise InputError(
            f"{path} holds a network, not a trace: make one with spikecast simulate {path} --save-trace FILE"
        )
    return opened


def _from_npz(path: Path) -> NetworkSource | Trace:
    from spikecast.accelerator.network_file import network_from
    from spikecast.accelerator.npz_file import read_npz
    from spikecast.accelerator.trace_file import KIND, trace_from

    description, arrays = read_npz(path)
    if description["kind"] == KIND:
        return trace_from(path, description, arrays)
    return NetworkSource(network_from(path, description, arrays), description.get("choices") or {})


def _measured_trace(folder: Path, key: str | None) -> Trace:
    from spikecast.rows import choices_of, read_rows, read_traces, trace_of

    rows = read_rows(folder)
    if key is None:
        raise InputError(
            f"{folder} holds {len(rows)} networks: choose one with --key, e.g. --key {rows['key'].iloc[0]}"
        )
    found = rows[rows["key"].str.startswith(key)]
    if len(found) != 1:
        raise InputError(f"key {key!r} fits {len(found)} networks in {folder}: give one key, or enough of its start")
    return trace_of(read_traces(folder), choices_of(found.iloc[0].to_dict()))
