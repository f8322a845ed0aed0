"""The spikes that ``simulate`` feeds to a network: a file, or the evaluation part of a data set."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from spikecast.datasets import dataset_of
from spikecast.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spikecast.accelerator import Network


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
    from spikecast.events import load_binned

    name, steps = dataset or choices.get("dataset"), timesteps or choices.get("timesteps")
    if name is None or steps is None:
        raise InputError("this network does not say what it is fed: give --spikes FILE, or --dataset and --timesteps")
    binned = load_binned(name, steps, network.shapes[0].in_size[0])
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
