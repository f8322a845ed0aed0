"""Measured traces, from which predicted ones borrow their shape: where in samples, timesteps and channels spikes lie.

What enters a network is known from its recordings. What enters a layer behind the first takes its shape from the
measured trace that is most like it, and only its total from a prediction.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Array
from spikecast.accelerator.trace import most_spikes
from spikecast.architecture import LayerShape
from spikecast.predictor.models.regressor import StoredFile, arrays_in
from spikecast.predictor.questions import Questions, Structure
from spikecast.predictor.spikes.thinning import Thinnable, thinned

if TYPE_CHECKING:
    import pandas as pd


Counts = NDArray[np.int64]

#: Measured traces kept per kind of layer, from the fewest spikes that enter it to the most.
_KEPT = 6
#: Layers of asked networks that are kept ready, at most, and the memory that they take.
_KEPT_LAYERS, _KEPT_BYTES = 256, 256_000_000


@dataclass(frozen=True)
class Entrance:
    """What decides the shape of the spikes that enter a layer, but for how many there are."""

    dataset: str
    timesteps: int
    kind: str
    channels: int
    frame: int
    returning: int

    @classmethod
    def of(cls, structure: Structure, index: int) -> Self:
        shape = structure.layers[index]
        returning = shape.trace_channels - shape.in_channels
        return cls(structure.dataset, structure.timesteps, shape.kind, shape.in_channels, shape.frame, returning)

    def distance(self, other: Entrance) -> float:
        """How little alike two entrances are; infinite for different kinds."""
        if (self.kind, bool(self.returning)) != (other.kind, bool(other.returning)):
            return float("inf")
        sizes = ("timesteps", "channels", "frame")
        apart = sum(abs(math.log(getattr(self, name) / getattr(other, name))) for name in sizes)
        return apart + float(self.dataset != other.dataset)


@dataclass(frozen=True)
class ReferenceTraces:
    """Measured traces by entrance.

    Attributes:
        inputs: by ``Structure.input``: int64[samples, timesteps, polarities], spikes of recordings that enter the
            first layer, their total that of all evaluated recordings.
        entering: int64[references, samples, timesteps, channels] by entrance, ordered by total; as timed, which for
            fully connected layers is one channel.
    """

    inputs: Mapping[tuple[str, int, int], Counts]
    entering: Mapping[Entrance, Counts]

    @classmethod
    def of(cls, rows: pd.DataFrame, traces: pd.DataFrame, questions: Questions) -> Self:
        """From measured rows, their traces, and their choices in the same order.

        Networks that did not train show what enters them, but lend no shape; diverged ones have no trace.
        """
        by_key = dict(list(traces.sort_values("layer_index").groupby("key")))
        inputs: dict[tuple[str, int, int], Counts] = {}
        found: dict[Entrance, list[Counts]] = {}
        keys, ok = rows["key"].to_numpy(), rows["status"].to_numpy() == "ok"
        # Recurrent networks last: what comes back to their first layer is counted with its input.
        for structure, positions in sorted(questions.by_structure(), key=lambda pair: pair[0].recurrent):
            for position in (position for position in positions if keys[position] in by_key):
                for index, layer in enumerate(by_key[keys[position]].to_dict("records")):
                    counts = np.asarray(layer["counts"], dtype=np.int64).reshape(
                        -1, layer["timesteps"], layer["channels"]
                    )
                    shape = structure.layers[index]
                    if ok[position] and (index or shape.recurrent):
                        found.setdefault(Entrance.of(structure, index), []).append(_as_timed(counts, shape.kind))
                    if index == 0 and structure.input not in inputs:
                        below = counts[:, :, : shape.in_channels]
                        spikes = rows[f"spikes_in_{shape.name}"].iloc[position] * below.sum() / counts.sum()
                        inputs[structure.input] = _filled(below, spikes, shape.frame)
        return cls(inputs, {entrance: _few_of(measured) for entrance, measured in found.items()})

    def knows_input(self, questions: Questions) -> NDArray[np.bool_]:
        """bool[questions]: whether it is known what enters each network."""
        return np.array([structure.input in self.inputs for structure in questions.structures])[questions.structure_of]

    def input_rates(self, questions: Questions) -> Array:
        """float64[questions]: spikes per pixel and timestep that enter each network."""
        rates = [
            self.input_spikes(structure) / structure.timesteps / structure.layers[0].inputs
            for structure in questions.structures
        ]
        return np.array(rates)[questions.structure_of]

    def input_spikes(self, structure: Structure) -> float:
        """Spikes a sample that enter a network."""
        counts = self.inputs[structure.input]
        return float(counts.sum() / len(counts))

    def has_like(self, structure: Structure, index: int) -> bool:
        """Whether there is a measured trace that layer ``index`` can borrow its shape from."""
        asked = Entrance.of(structure, index)
        known_input = index == 0 and not structure.recurrent
        return known_input or any(math.isfinite(asked.distance(entrance)) for entrance in self.entering)

    def layer(self, structure: Structure, index: int) -> LayerTraces:
        """What may enter layer ``index`` of a network, as timed; kept for the next question."""
        asked = (structure, index)
        found = self._kept.get(asked)
        if found is None:
            found = self._layer(structure, index)
            # A copy: other threads ask too.
            held = sum(layer.held_bytes for layer in list(self._kept.values()))
            if len(self._kept) >= _KEPT_LAYERS or held + found.held_bytes > _KEPT_BYTES:
                self._kept.clear()
            self._kept[asked] = found
        return found

    @cached_property
    def _kept(self) -> dict[tuple[Structure, int], LayerTraces]:
        return {}

    def _layer(self, structure: Structure, index: int) -> LayerTraces:
        shape = structure.layers[index]
        recorded = self.inputs[structure.input] if index == 0 else None
        if recorded is not None and not shape.recurrent:
            return LayerTraces(recorded, None)
        nearest = min(self.entering, key=Entrance.of(structure, index).distance)
        references, most = _resampled(self.entering[nearest], structure.timesteps, nearest, shape), most_spikes(shape)
        if recorded is None:
            return LayerTraces(None, Thinnable(references, _as_timed(most, shape.kind)))
        # Of a recurrent first layer only what comes back is not known exactly.
        if shape.kind == "conv":
            references = references[..., shape.in_channels :]
        return LayerTraces(recorded, Thinnable(references, most[shape.in_channels :]))

    def save(self, path: Path) -> None:
        """Write to one npz file without Python objects."""
        arrays = [*self.inputs.values(), *self.entering.values()]
        index = {"inputs": list(self.inputs), "entering": [asdict(entrance) for entrance in self.entering]}
        stored: dict[str, Any] = {f"counts_{number}": _compact(array) for number, array in enumerate(arrays)}
        np.savez_compressed(path, index=np.array(json.dumps(index)), **stored)

    @classmethod
    def load(cls, file: StoredFile) -> Self:
        """The inverse of ``save``."""
        stored = arrays_in(file)
        index = json.loads(str(stored["index"]))
        arrays = [stored[f"counts_{number}"].astype(np.int64) for number in range(len(stored) - 1)]
        count = len(index["inputs"])
        inputs = {
            (name, steps, size): array
            for (name, steps, size), array in zip(index["inputs"], arrays[:count], strict=True)
        }
        entering = zip(index["entering"], arrays[count:], strict=True)
        return cls(inputs, {Entrance(**entrance): array for entrance, array in entering})


def _few_of(measured: list[Counts]) -> Counts:
    """A few of many counts, from the fewest spikes to the most."""
    ordered = (
        sorted((counts for counts in measured if counts.any()), key=lambda counts: int(counts.sum())) or measured[:1]
    )
    kept = np.unique(np.linspace(0, len(ordered) - 1, _KEPT).round().astype(np.int64))
    return np.stack([ordered[position] for position in kept])


def _filled(counts: Counts, spikes: float, frame: int) -> Counts:
    """The traced samples, with as many spikes a sample as all evaluated samples have in the mean."""
    most = np.full(counts.shape[2], frame)
    return thinned(counts, spikes * len(counts), most)


def _as_timed(counts: Counts, kind: str) -> Counts:
    """Counts as a layer's cycles depend on them: those of a fully connected layer know no channels."""
    return counts.sum(axis=-1, keepdims=True) if kind == "fc" else counts


def _resampled(references: Counts, timesteps: int, entrance: Entrance, shape: LayerShape) -> Counts:
    """References of another size: the nearest timestep and channel of theirs for each that is asked for."""
    steps = _nearest(timesteps, entrance.timesteps)
    if shape.kind == "fc":
        return references[:, :, steps]
    below = _nearest(shape.in_channels, entrance.channels)
    back = entrance.channels + _nearest(shape.trace_channels - shape.in_channels, entrance.returning)
    return np.ascontiguousarray(references[:, :, steps][..., np.concatenate([below, back])])


def _nearest(asked: int, there: int) -> Counts:
    """int64[asked]: positions among ``there``, stretched or shrunk."""
    return (np.arange(asked) * there) // max(asked, 1)


def _compact(counts: NDArray[np.int64]) -> NDArray[Any]:
    """Counts in two bytes each, or as many more as they need."""
    return counts.astype(np.promote_types(np.uint16, np.min_scalar_type(int(counts.max(initial=0)))))


@dataclass(frozen=True)
class LayerTraces:
    """Where the counts of a layer come from, of which at least one is there.

    Attributes:
        recorded: int64[samples, timesteps, channels], what the recordings bring to a first layer.
        borrowed: measured traces whose shape is that of all other spikes; of a recurrent first layer those that come
            back.
    """

    recorded: Counts | None
    borrowed: Thinnable | None

    @property
    def held_bytes(self) -> int:
        """Memory of the borrowed traces, once they were thinned; what is recorded is there anyway."""
        return 0 if self.borrowed is None else self.borrowed.held_bytes

    def counts(self, totals: Array) -> Counts:
        """int64[asked * samples, timesteps, channels], as timed; ``totals`` float64[asked], spikes a sample."""
        if self.borrowed is None:
            assert self.recorded is not None
            return np.tile(self.recorded, (len(totals), 1, 1))
        samples = self.borrowed.counts.shape[1]
        wanted = totals * samples
        if self.recorded is not None:
            wanted = wanted - self.recorded.sum() * (samples / len(self.recorded))
        wanted = np.maximum(wanted, 0.0)
        chosen = np.abs(np.log1p(wanted)[:, np.newaxis] - self._measured).argmin(axis=1)
        thinned = self.borrowed.thinned(chosen, wanted)
        flat = thinned.reshape(-1, *thinned.shape[2:])
        if self.recorded is None:
            return flat
        return np.concatenate([np.tile(self.recorded, (len(totals), 1, 1)), flat], axis=2)

    @cached_property
    def _measured(self) -> Array:
        """float64[references]: logarithm of the spikes in each."""
        assert self.borrowed is not None
        logs: Array = np.log1p(self.borrowed.counts.sum(axis=(1, 2, 3)))
        return logs
