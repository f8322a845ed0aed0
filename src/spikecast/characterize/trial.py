"""One trial: train, evaluate, simulate, time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator import Hardware, Network, SimulationResult, simulate
from spikecast.architecture import predicted_classes
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.events import BinnedSplit, load_binned
from spikecast.rows import split_of
from spikecast.snn._export import export
from spikecast.snn.process import give_back_freed_memory, keep_freed_memory, repeatable_torch
from spikecast.snn.training import Training, output_spikes, train

#: Evaluation samples whose traces are kept, spread evenly over the evaluation part.
TRACED_SAMPLES = 16

_VERSIONS = " ".join(
    [
        f"python {python_version()}",
        *(f"{name} {version(name)}" for name in ("spikecast", "torch", "snntorch", "numpy", "numba")),
    ]
)


@dataclass(frozen=True)
class TrialResult:
    """One row of the characterization table and the trace rows of its layers, as plain values, and the network."""

    row: dict[str, Any]
    traces: list[dict[str, Any]]
    network: Network | None = None


def run_trial(choices: TrainingChoices, hardware: Hardware, events: Path | None = None) -> TrialResult:
    """Run one trial on one thread; a trial that breaks is a row with status ``failed`` and its error.

    The caller's torch is left as it was: threads, generator, deterministic mode. The process goes on keeping memory
    that it frees, see ``spikecast.snn.keep_freed_memory``.

    Args:
        choices, hardware: what is trained, and what times it.
        events: folder of the data sets that do not come with spikecast; None: the one that the environment names.

    Raises:
        InputError: the data set itself cannot be had, which no other trial would survive either.
    """
    keep_freed_memory()
    row: dict[str, Any] = {
        "key": choices.key,
        "config_key": choices.config_key,
        **choices.model_dump(),
        "split": split_of(choices.config_key),
        "hardware": hardware.name,
        "hardware_description": hardware.model_dump_json(),
        "versions": _VERSIONS,
    }
    try:
        with repeatable_torch(choices.seed, threads=1):
            binned = load_binned(choices.dataset, choices.timesteps, choices.input_size, events)
            if binned.identity is not None:
                row |= binned.identity.columns()
            measured, traces, network = _measure(choices, hardware, binned)
    except InputError:
        raise
    except Exception as error:
        return TrialResult({**row, "status": "failed", "error": f"{type(error).__name__}: {error}"}, [])
    finally:
        give_back_freed_memory()
    return TrialResult({**row, **measured}, traces, network)


def _measure(
    choices: TrainingChoices, hardware: Hardware, binned: BinnedSplit
) -> tuple[dict[str, Any], list[dict[str, Any]], Network | None]:
    training = train(choices, binned)
    measured: dict[str, Any] = {
        "train_seconds": training.seconds,
        "neuron_engine": training.network.neuron_engine,
        "kept_epoch": training.kept_epoch,
    }
    if training.diverged:
        return {**measured, "status": "diverged"}, [], None
    start = time.perf_counter()
    network = export(training.network)
    result = simulate(network, binned.evaluation, hardware, threads=1)
    simulate_seconds = time.perf_counter() - start
    predicted = predicted_classes(result.output_spikes, choices.dataset_info.classes)
    measured |= {
        "status": outcome(result.output_spikes, predicted),
        "accuracy": float((predicted == binned.evaluation_labels).mean()),
        "sparsity": result.sparsity,
        "latency_cycles": float(result.latency_cycles.mean()),
        "latency_cycles_p95": float(np.percentile(result.latency_cycles, 95)),
        **_per_layer(result),
        "final_loss": training.losses[-1],
        "spike_agreement": _agreement(training, binned.evaluation, result),
        "evaluated_samples": len(binned.evaluation),
        "simulate_seconds": simulate_seconds,
    }
    return measured, _traces(choices.key, result), network


def outcome(output_spikes: NDArray[np.uint8], predicted: NDArray[np.int64]) -> str:
    """``silent``, ``collapsed`` or ``ok``, from what a trained network answers on all evaluated samples."""
    if not output_spikes.any():
        return "silent"
    return "collapsed" if (predicted == predicted[0]).all() else "ok"


def _per_layer(result: SimulationResult) -> dict[str, float]:
    columns: dict[str, float] = {}
    for layer in result.layers.to_dict("records"):
        name = layer["layer"]
        columns[f"sparsity_{name}"] = layer["sparsity"]
        columns[f"spikes_in_{name}"] = layer["spikes_in"]
        columns[f"latency_cycles_{name}"] = layer["done_cycles"]
    return columns


def _agreement(training: Training, frames: NDArray[np.uint8], result: SimulationResult) -> float:
    """Share of output spikes, fired or not, on which torch and the simulator agree."""
    return float((output_spikes(training.network, frames) == result.output_spikes).mean())


def _traces(key: str, result: SimulationResult) -> list[dict[str, Any]]:
    samples = np.linspace(0, result.trace.samples - 1, TRACED_SAMPLES).round().astype(np.int64)
    rows = []
    for index, (shape, counts) in enumerate(zip(result.trace.shapes, result.trace.counts, strict=True)):
        rows.append(
            {
                "key": key,
                "layer": shape.name,
                "layer_index": index,
                "samples": samples.tolist(),
                "timesteps": counts.shape[1],
                "channels": counts.shape[2],
                "counts": counts[samples].reshape(-1).tolist(),
                "done_cycles": result.latency.done[samples, index].tolist(),
            }
        )
    return rows
