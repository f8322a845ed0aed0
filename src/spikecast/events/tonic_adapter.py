"""The only place that knows tonic (GPL-3.0, an optional dependency): its reader of single files.

tonic's data set classes are not used: they download what they do not find, and count files before they believe that
all is there.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spikecast.errors import InputError
from spikecast.events.recording_files import whole_events
from spikecast.events.recordings import Events
from spikecast.extras import needs


def read_aedat4(path: Path, sensor_size: int) -> Events:
    """The events of the first event stream in an AEDAT4 file.

    Raises:
        InputError: the file is damaged or holds no events, or tonic or aedat, which tonic decodes with, is missing.
    """
    with needs(f"reading {path}", "train"):
        import aedat  # type: ignore[import-not-found,unused-ignore]  # noqa: F401
        from tonic import io  # type: ignore[import-untyped,unused-ignore]
    try:
        rows = io.read_aedat4(str(path))
    except Exception as error:  # the decoder has no exceptions of its own
        raise InputError(f"cannot read recording {path} ({error}): copy it again") from None
    # Names of the columns differ between versions of the decoder, their order does not.
    time_us, x, y, polarity = (np.asarray(rows[name]) for name in rows.dtype.names[:4])
    return whole_events(str(path), x=x, y=y, polarity=polarity, time_us=time_us, sensor_size=sensor_size)
