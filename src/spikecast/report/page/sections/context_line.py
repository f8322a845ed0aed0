"""What rows share, in words."""

from __future__ import annotations

import pandas as pd

from spikecast.network_name import network_name
from spikecast.report.page.looks import in_words
from spikecast.study.contexts import Context


def context_line(context: Context) -> str:
    """What a context shares, as ``nmnist, csnn-s, epochs 12, on sparse-core``: of the choices those not the default."""
    rest = dict(context.fixed)
    dataset = str(rest.pop("dataset"))
    network = network_name(dataset, str(rest.pop("architecture")))
    named = [f"{in_words(name)} {value}" for name, value in rest.items()]
    return ", ".join([dataset, network, *(named or ["all else default"]), f"on {context.hardware}"])


def network_line(rows: pd.DataFrame) -> str:
    """Network, data set and hardware of rows alike in them, as ``csnn-s on nmnist, timed on sparse-core``."""
    dataset, architecture, hardware = rows[["dataset", "architecture", "hardware"]].iloc[0]
    return f"{network_name(dataset, architecture)} on {dataset}, timed on {hardware}"
