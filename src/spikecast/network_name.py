"""Networks by the names people know them by."""

from __future__ import annotations

from spikecast.architecture import presets
from spikecast.datasets import dataset_of


def network_name(dataset: str, architecture: str) -> str:
    """The preset that an architecture is for the data set's number of classes, or the architecture itself."""
    named = {spelled: name for name, spelled in presets(dataset_of(dataset).classes).items()}
    return named.get(architecture, architecture)
