"""MNIST-DVS as published: ``mnist-dvs/grabbed_data<digit>/scale<s>/mnist_<digit>_scale<ss>_<number>.aedat``.

The same 10,000 digits are recorded at three scales. Each scale is a data set of its own: together, a digit would be
both trained and evaluated on. There is no official test part.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spikecast.datasets import DATASETS
from spikecast.events.dvs128_aedat import SENSOR_SIZE, read_dvs128
from spikecast.events.local import local_files
from spikecast.events.recording_files import RecordingFiles

_NAMES = {16: "mnist-dvs", 8: "mnist-dvs-scale8", 4: "mnist-dvs-scale4"}


def mnist_dvs_aedat(folder: Path | None, scale: int) -> RecordingFiles:
    """Every recording of one scale, 4, 8 or 16, below ``folder``.

    Raises:
        InputError: there are none.
    """
    # The folder is scale4 in the published archives, the file is scale04.
    pattern = f"mnist-dvs/grabbed_data*/scale*/mnist_[0-9]_scale{scale:02}_*.aedat"
    paths = local_files(DATASETS[_NAMES[scale]], folder, pattern)
    return RecordingFiles(
        paths=paths,
        read=read_dvs128,
        labels=np.array([int(path.name.split("_")[1]) for path in paths], dtype=np.uint8),
        names=np.array(["/".join(path.parts[-3:]) for path in paths]),
        official_test=np.zeros(len(paths), dtype=np.bool_),
        sensor_size=SENSOR_SIZE,
    )
