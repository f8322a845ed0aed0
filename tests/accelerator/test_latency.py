"""From traces to cycles: both modes, what is exact, and what the layer report says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from spikecast.accelerator import Trace, load_hardware, summarize, time_trace
from spikecast.accelerator.summary import layer_report
from spikecast.accelerator.timing import fc_pipeline, sparse_conv, sparse_fc
from spikecast.architecture import LayerShape, layer_shapes
from spikecast.errors import InputError

from .networks import random_trace, traces

HARDWARE = load_hardware("sparse-core")
DENSE = random_trace(layer_shapes("FC50-FC40-FC30", 2, 8), 3, 5, 0.2, seed=0)


def test_layerwise_is_the_sum_of_the_layers() -> None:
    trace = random_trace(layer_shapes("3C3-MP2-4C5-FC60", 2, 8), 2, 3, 0.2, seed=0)
    latency = time_trace(trace, HARDWARE)
    for sample in range(2):
        conv1, conv2, fc1 = (counts[sample] for counts in trace.counts)
        done = [
            sparse_conv(conv1, frame=64, out_channels=3, cores=3)[0],
            sparse_conv(conv2, frame=16, out_channels=4, cores=4, kernel=5)[0],
            sparse_fc(fc1.sum(axis=1), inputs=4 * 16, in_channels=4, neurons=60, cores=50),
        ]
        assert latency.done[sample].tolist() == done
        assert latency.cycles[sample] == sum(done)
    assert latency.timing == "exact"


def test_pipeline_of_three_layers_is_exact() -> None:
    latency = time_trace(DENSE, load_hardware("fc-pipeline"))
    trains = [[counts[sample].sum(axis=1) for counts in DENSE.counts] for sample in range(3)]
    assert latency.cycles.tolist() == [fc_pipeline(train, unit_size=[2, 2, 2]) for train in trains]
    assert (latency.done[:, 2] + 1 == latency.cycles).all()
    assert latency.allocation == (2, 2, 2)
    assert latency.timing == "exact"


def test_other_pipelines_say_that_they_are_generalized() -> None:
    trace = random_trace(layer_shapes("FC50-FC40-FC30-FC20", 2, 8), 3, 5, 0.2, seed=0)
    latency = time_trace(trace, load_hardware("fc-pipeline"))
    assert latency.timing == "generalised"
    assert "a pipeline of 4 layers" in latency.generalized[0]


def test_a_pipeline_refuses_convolutions_by_name() -> None:
    trace = random_trace(layer_shapes("3C3-FC9", 2, 8), 1, 1, 0.2, seed=0)
    with pytest.raises(InputError, match="conv1 is a convolution, and mode pipeline runs fully connected layers only"):
        time_trace(trace, load_hardware("fc-pipeline"))


def test_layers_without_a_reference_say_so() -> None:
    strided = LayerShape("conv1", "conv", 2, (8, 8), 3, kernel=3, stride=2)
    latency = time_trace(random_trace((strided,), 1, 2, 0.2, seed=0), HARDWARE)
    assert latency.timing == "generalised"
    assert latency.generalized[0].startswith("conv1: stride or padding changes the frame")
    recurrent = LayerShape("fc1", "fc", 1, (1, 20), 10, recurrent=True)
    own = time_trace(random_trace((recurrent,), 1, 2, 0.2, seed=0), HARDWARE)
    assert own.generalized == ("fc1: its own spikes counted as further input channels",)


@settings(max_examples=40)
@given(traces, st.sampled_from(["sparse-core", "fc-pipeline"]), st.data())
def test_samples_are_timed_alone_and_equal_traces_alike(trace: Trace, name: str, data: st.DataObject) -> None:
    if name == "fc-pipeline" and trace.shapes[0].kind == "conv":
        return
    hardware = load_hardware(name)
    order = np.array(data.draw(st.permutations(range(trace.samples))))
    together, shuffled = time_trace(trace, hardware), time_trace(trace.take(order), hardware)
    assert np.array_equal(together.cycles[order], shuffled.cycles)
    assert np.array_equal(together.done[order], shuffled.done)
    for sample in range(trace.samples):
        assert time_trace(trace.take(slice(sample, sample + 1)), hardware).cycles[0] == together.cycles[sample]


@settings(max_examples=40)
@given(traces)
def test_the_layer_report_adds_up(trace: Trace) -> None:
    latency = time_trace(trace, HARDWARE)
    report = layer_report(trace, latency, HARDWARE)
    assert report["share"].sum() == pytest.approx(1)
    assert report["done_cycles"].sum() == pytest.approx(latency.cycles.mean())
    assert (report["floor_cycles"] <= report["done_cycles"]).all()
    assert report["utilisation"].between(0, 1).all()
    assert report["spikes_in"].tolist() == pytest.approx(trace.spikes.mean(axis=0).tolist())


def test_dense_layers_are_accumulate_bound_and_silent_ones_compress_bound() -> None:
    shapes = layer_shapes("30C3-20C3-FC9", 2, 16)
    busy = random_trace(shapes, 1, 4, 0.4, seed=0)
    silent = Trace(shapes, tuple(np.zeros_like(counts) for counts in busy.counts))
    assert layer_report(busy, time_trace(busy, HARDWARE), HARDWARE)["bound"].tolist()[:2] == ["accumulate"] * 2
    assert layer_report(silent, time_trace(silent, HARDWARE), HARDWARE)["bound"][1] == "compress"


def test_the_slowest_layer_of_a_pipeline_is_marked() -> None:
    hardware = load_hardware("fc-pipeline").model_copy(update={"unit_size": (1, 9, 1)})
    report = layer_report(DENSE, time_trace(DENSE, hardware), hardware)
    assert report["bound"].tolist() == ["waits", "slowest", "waits"]
    assert report["unit_size"].tolist() == [1, 9, 1]
    assert report["utilisation"].between(0, 1).all()


def test_a_summary_has_the_spread_over_samples() -> None:
    latency = time_trace(DENSE, HARDWARE)
    summary = summarize(DENSE, latency, HARDWARE)
    assert summary["latency_cycles"] == {
        "mean": pytest.approx(latency.cycles.mean()),
        "p50": pytest.approx(np.median(latency.cycles)),
        "p95": pytest.approx(np.percentile(latency.cycles, 95)),
        "max": latency.cycles.max(),
    }
    assert summary["latency_us"]["max"] == pytest.approx(latency.cycles.max() / 100)
    assert sum(summary["energy_parts_nj"].values()) == pytest.approx(summary["energy_nj"]["mean"])
    assert [layer["layer"] for layer in summary["layers"]] == ["fc1", "fc2", "fc3"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: 0 * c - 1, "trace of fc1: -1 spikes in one channel and timestep are impossible"),
        (lambda c: c + 1000, "allowed: 0 to 64"),
        (lambda c: c[:, :, :1], "expected \\[samples, timesteps, 2\\]"),
        (lambda c: c * 0.5, "counts are float64: expected whole numbers"),
        (lambda c: c[:1], "alike in all layers"),
        (lambda c: c[:0], "expected"),
    ],
)
def test_impossible_traces_are_refused(change, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=said):
        replace(DENSE, counts=(change(DENSE.counts[0]), *DENSE.counts[1:]))
