"""What commands start from: networks and traces in any file that holds one, input spikes, and tables of questions."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import spikecast
from spikecast._util.files import whole_file
from spikecast.datasets import dataset_of
from spikecast.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from spikecast.accelerator import Network, Trace


class Labels(NamedTuple):
    """What samples show: uint8[samples], each one of so many ``classes``."""

    of_samples: NDArray[np.uint8]
    classes: int


def input_spikes(
    network: Network, choices: dict[str, Any], spikes: Path | None, dataset: str | None, timesteps: int | None
) -> tuple[NDArray[Any], Labels | None]:
    """Spikes [samples, timesteps, ...], and labels where they come from a data set.

    Args:
        network: what they are for.
        choices: the training choices behind it, which say its data set and timesteps; may be empty.
        spikes, dataset, timesteps: as asked for on the command line.

    Raises:
        InputError: nothing says what the network is fed, or two things do, or the file cannot be used.
    """
    if spikes is not None:
        if dataset is not None or timesteps is not None:
            raise InputError("--spikes and --dataset are two sources of input: give one")
        return _read(spikes), None
    name, steps = dataset or choices.get("dataset"), timesteps or choices.get("timesteps")
    if name is None or steps is None:
        raise InputError("this network does not say what it is fed: give --spikes FILE, or --dataset and --timesteps")
    binned = spikecast.events.load_binned(name, steps, network.shapes[0].in_size[0])
    return binned.evaluation, Labels(binned.evaluation_labels, dataset_of(name).classes)


def _read(path: Path) -> NDArray[Any]:
    import numpy as np

    try:
        with path.open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
            arrays = dict(loaded) if isinstance(loaded, np.lib.npyio.NpzFile) else {"": loaded}
    except FileNotFoundError:
        raise InputError(f"no spikes {path}") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error):
        raise InputError(f"{path} is not a .npy or .npz file of numbers: save spikes with numpy.save") from None
    if len(arrays) != 1:
        raise InputError(f"{path} holds {len(arrays)} arrays ({', '.join(arrays)}): save one array of spikes")
    frames: NDArray[Any] = arrays.popitem()[1]
    return frames


@dataclass(frozen=True)
class NetworkSource:
    """A network, with the training choices behind it if the file knows them."""

    network: Network
    choices: dict[str, Any]


def open_source(
    path: Path, key: str | None, reset: str | None, time_step: float | None, fires_at_threshold: bool
) -> NetworkSource | Trace:
    """Open a checkpoint or trace (.npz), a NIR file (.nir), or one network's trace in a data folder.

    Raises:
        InputError: the file cannot be used, or an option does not go with it.
    """
    nir = path.suffix in {".nir", ".h5", ".hdf5"}
    if not nir and (reset is not None or time_step is not None or fires_at_threshold):
        raise InputError(
            "--reset, --time-step and --fires-at-threshold are for NIR files, which lack them: leave them out with "
            f"{path}"
        )
    if path.is_dir():
        return _measured_trace(path, key)
    if key is not None:
        raise InputError(f"--key chooses a network of a data folder: {path} is not a folder")
    if nir:
        seconds = 1e-4 if time_step is None else time_step
        network = spikecast.accelerator.load_nir(
            path, reset=reset, time_step=seconds, fires_at_threshold=fires_at_threshold
        )
        return NetworkSource(network, {})
    if path.suffix != ".npz":
        raise InputError(
            f"{path} is no network or trace: use a spikecast network or trace (.npz), a NIR file (.nir), "
            "or a data folder with --key"
        )
    return _from_npz(path)


def open_trace(path: Path, key: str | None) -> Trace:
    """Open a trace (.npz), or one network's trace in a data folder.

    Raises:
        InputError: the file holds no trace, or cannot be used.
    """
    opened = open_source(path, key, None, None, False)
    if isinstance(opened, NetworkSource):
        raise InputError(
            f"{path} holds a network, not a trace: make one with spikecast simulate {path} --save-trace FILE"
        )
    return opened


def _from_npz(path: Path) -> NetworkSource | Trace:
    files = spikecast.accelerator
    description, arrays = files.read_npz(path)
    if description["kind"] == files.TRACE:
        return files.trace_from(path, description, arrays)
    return NetworkSource(files.network_from(path, description, arrays), description.get("choices") or {})


def _measured_trace(folder: Path, key: str | None) -> Trace:
    tables = spikecast.rows
    rows = tables.read_rows(folder)
    if key is None:
        raise InputError(
            f"{folder} holds {len(rows)} networks: choose one with --key, e.g. --key {rows['key'].iloc[0]}"
        )
    found = rows[rows["key"].str.startswith(key)]
    if len(found) != 1:
        raise InputError(f"key {key!r} fits {len(found)} networks in {folder}: give one key, or enough of its start")
    return tables.trace_of(tables.read_traces(folder), tables.choices_of(found.iloc[0].to_dict()))


SUFFIXES = (".csv", ".parquet")


def read_table(path: Path) -> pd.DataFrame:
    """Read a csv or parquet file.

    Raises:
        InputError: another suffix, or no such table.
    """
    import pandas as pd

    if path.suffix not in SUFFIXES:
        raise InputError(f"{path} is no table: use a name that ends in {' or '.join(SUFFIXES)}")
    if not path.is_file():
        raise InputError(f"there is no file {path}: give a .csv or .parquet whose columns are training choices")
    try:
        if path.suffix != ".csv":
            return pd.read_parquet(path).reset_index(drop=True)
        with path.open("rb") as file:
            return spikecast.predictor.read_choices_csv(file, f" of {path}")
    except InputError:
        raise
    except (ValueError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path} is not a whole {path.suffix[1:]} table ({reason}): mend it") from None


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a csv or parquet file, as a whole or not at all."""
    with whole_file(path) as temporary:
        if path.suffix == ".csv":
            table.to_csv(temporary, index=False)
        else:
            table.to_parquet(temporary, index=False)
