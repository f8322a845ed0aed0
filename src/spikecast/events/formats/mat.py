"""ST-MNIST's MATLAB files: ``spiketrain`` [101, moments], a row for each of 10 x 10 tactile sensors, then seconds.

A sensor says 1 where pressure rose and -1 where it fell; sensor i is at x = i % 10, y = i // 10.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spikecast.errors import InputError
from spikecast.events.recordings import Events, whole_events

_SIDE = 10
_ARRAY = "spiketrain"


def read_stmnist(path: Path, sensor_size: int) -> Events:
    """The events of one file.

    Raises:
        InputError: the file is missing, damaged, or something else.
    """
    from scipy.io import loadmat

    try:
        with path.open("rb") as file:
            train = loadmat(file, variable_names=[_ARRAY]).get(_ARRAY)
    except Exception as error:  # loadmat lets through whatever a damaged file makes it stumble over
        raise InputError(f"cannot read recording {path} ({error}): copy it again") from None
    if (
        not isinstance(train, np.ndarray)
        or train.dtype.kind not in "iuf"
        or train.ndim != 2
        or len(train) != _SIDE**2 + 1
        or not np.isfinite(train).all()
    ):
        raise InputError(
            f"{path} is not an ST-MNIST recording: expected an array {_ARRAY} of {_SIDE**2 + 1} rows of numbers"
        )
    moment, sensor = np.nonzero(train[:-1].T)
    return whole_events(
        str(path),
        x=sensor % _SIDE,
        y=sensor // _SIDE,
        polarity=train[sensor, moment] > 0,
        time_us=np.rint(train[-1, moment] * 1e6),
        sensor_size=sensor_size,
    )
