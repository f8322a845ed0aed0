"""Networks trained for real, so that their sparsity is that of use; weights are kept for the next run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import torch

from spikecast.choices import STRUCTURAL, TrainingChoices
from spikecast.events import load_binned
from spikecast.rows import choices_of, read_rows
from spikecast.snn.network import SpikingNetwork
from spikecast.snn.training import train

DATA = Path(__file__).parent.parent / "data" / "characterization"


def compared_choices() -> dict[str, TrainingChoices]:
    """The networks whose speed is compared; the first is the default."""
    return {
        "csnn-s, default": TrainingChoices(),
        "csnn-s, most accurate": _most_accurate(),
        "csnn-s, atan 2, leaky 0.5": TrainingChoices(
            surrogate="atan", slope=2, neuron="leaky", beta=0.5, threshold=0.5
        ),
        "csnn-s, default, 8 bits": TrainingChoices(weight_bits=8),
        "vgg9": TrainingChoices(architecture="vgg9", surrogate="atan", epochs=3),
    }


def trained(choices: TrainingChoices, cache: Path | None) -> SpikingNetwork:
    """The trained network, read from ``cache`` where it has been trained before."""
    kept = cache / f"{choices.key}.pt" if cache else None
    if kept and kept.is_file():
        network = SpikingNetwork(choices)
        network.load_state_dict(torch.load(kept, weights_only=True))
        return network.eval()
    network = train(choices, load_binned(choices.dataset, choices.timesteps, choices.input_size)).network
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        torch.save(network.state_dict(), kept)
    return network


def standard_rows() -> pd.DataFrame:
    """The shipped rows of csnn-s on N-MNIST in four timesteps."""
    rows, standard = read_rows(DATA), TrainingChoices()
    alike = [rows[name] == getattr(standard, name) for name in STRUCTURAL]
    return rows[np.logical_and.reduce(alike)]


def _most_accurate() -> TrainingChoices:
    """The shipped configuration with the highest accuracy."""
    rows = standard_rows()
    return choices_of(rows.loc[rows["accuracy"].idxmax()])
