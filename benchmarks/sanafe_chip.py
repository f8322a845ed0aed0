"""The package sanafe (GPL-3.0, optional, used by part e alone): a fully connected net on its model of Loihi.

Its leaky_integrate_fire neuron truncates the membrane to 1/64, subtracts the threshold in the timestep of the spike,
and passes spikes on one timestep later. Without leak and with weights of 1/64 these are the spikes of the other
simulators, layer l delayed by l timesteps.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import sanafe
from numpy.typing import NDArray


class SanafeChip:
    """One chip, loaded once, that is given one sample after another.

    The first sample runs until its spikes have left the last layer, so that they can be compared; ``runs`` samples
    can follow, which end with their input, as a user of the package would run them.
    """

    def __init__(
        self,
        weights: Sequence[NDArray[np.float32]],
        thresholds: Sequence[float],
        spikes: NDArray[np.uint8],
        runs: int,
    ) -> None:
        self.timesteps = spikes.shape[1]
        self.sizes = [layer.shape[1] for layer in weights]
        self.events: list[int] = []
        settled = np.zeros((len(weights), spikes.shape[2]), np.uint8)
        following = [spikes[i % len(spikes)] for i in range(runs)]
        trains = np.concatenate([spikes[0], settled, *following]).astype(bool)

        architecture, network = sanafe.load_loihi(), sanafe.Network()
        groups = [network.create_neuron_group("0", spikes.shape[2])]
        for i, (size, threshold) in enumerate(zip(self.sizes, thresholds, strict=True), start=1):
            neuron = {"threshold": threshold, "reset_mode": "soft", "leak_decay": 1.0}
            groups.append(
                network.create_neuron_group(
                    str(i), size, model_attributes=neuron, soma_hw_name="loihi_lif", log_spikes=True
                )
            )
        for i, neuron in enumerate(groups[0]):
            neuron.set_attributes(soma_hw_name=f"loihi_inputs[{i}]", model_attributes={"spikes": trains[:, i].tolist()})
        for group, core in zip(groups, architecture.cores(), strict=False):
            group.map_to_core(core)
        for layer, source, target in zip(weights, groups, groups[1:], strict=False):
            source.connect_neurons_dense(target, {"weight": layer.reshape(-1).tolist()})
        self._chip = sanafe.SpikingChip(architecture)
        self._chip.load(network)

    def spikes_of_first_sample(self) -> list[NDArray[np.bool_]]:
        """Per layer bool[timesteps, neurons]; call it before ``run``."""
        steps = self.timesteps + len(self.sizes)
        fired = [np.zeros((steps, size), bool) for size in self.sizes]
        for t, addresses in enumerate(self._simulated(steps, spike_trace=True)["spike_trace"]):
            for address in addresses:
                fired[int(address.group_name) - 1][t, address.neuron_offset] = True
        return [layer[delay : delay + self.timesteps] for delay, layer in enumerate(fired, start=1)]

    def run(self, samples: int) -> None:
        """Simulate the next samples, one after another."""
        for _ in range(samples):
            self.events.append(self._simulated(self.timesteps)["spikes"])

    def events_per_sample(self) -> float:
        """Synaptic events that it counted itself, mean over what ``run`` simulated."""
        return float(np.mean(self.events))

    def _simulated(self, timesteps: int, **options: bool) -> dict[str, Any]:
        self._chip.reset()
        with contextlib.redirect_stdout(io.StringIO()):  # it prints its progress
            return self._chip.sim(timesteps, processing_threads=1, scheduler_threads=0, **options)
