"""What all tests with torch share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import snntorch
import torch


@pytest.fixture(autouse=True)
def _one_thread_and_no_neurons_left() -> Iterator[None]:
    torch.set_num_threads(1)
    yield
    snntorch.SpikingNeuron.init()
