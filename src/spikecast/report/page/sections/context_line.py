"""A context in words."""

from __future__ import annotations

from spikecast.report.page.looks import in_words
from spikecast.study.contexts import Context
from spikecast.study.telling import network_name


def context_line(context: Context) -> str:
    """Data set and network, and every choice that is not the default, as ``nmnist, csnn-s, epochs 12``."""
    rest = dict(context.fixed)
    dataset, network = rest.pop("dataset"), network_name(str(rest.pop("architecture")))
    named = [f"{in_words(name)} {value}" for name, value in rest.items()]
    return ", ".join([str(dataset), network, *(named or ["all else default"])])
