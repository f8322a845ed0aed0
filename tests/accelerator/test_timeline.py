"""The timeline agrees with the cycles that the timing laws give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from spikecast.accelerator._timeline import timeline
from spikecast.accelerator.hardware import BalancedCores, Hardware, load_hardware
from spikecast.accelerator.latency import fc_sizes, time_trace
from spikecast.accelerator.timing import sparse_fc_parts
from spikecast.accelerator.trace import Trace
from spikecast.architecture import layer_shapes
from spikecast.errors import InputError

from .networks import random_trace

SPARSE_CORE = load_hardware("sparse-core")
PIPELINE = load_hardware("fc-pipeline")
#: Convolutions with and without a pool, and a 1 x 1 frame whose sweeps may take no cycle at all.
NETWORKS = ("3C3-4C3-MP2-FC7-FC5", "2C1-MP4-5C3-FC3")
DENSE = ("FC6", "FC5-FC4-FC3", "FC5-FC4-FC3-FC2")


@st.composite
def traces(draw: st.DrawFn, architectures: tuple[str, ...]) -> Trace:
    """Two samples of a small network, from silent to dense."""
    shapes = layer_shapes(draw(st.sampled_from(architectures)), in_channels=2, input_size=4)
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    timesteps, rate = draw(st.integers(1, 4)), draw(st.sampled_from((0.0, 0.05, 0.5, 1.0)))
    counts = tuple(random.binomial(shape.frame, rate, (2, timesteps, shape.trace_channels)) for shape in shapes)
    return Trace(shapes, counts)


@st.composite
def layerwise(draw: st.DrawFn) -> tuple[Trace, Hardware]:
    trace = draw(traces(NETWORKS))
    # A balanced budget looks at both samples.
    listed = st.tuples(*[st.integers(1, 8)] * len(trace.shapes))
    cores = draw(listed | st.just(BalancedCores(balanced=12)))
    width = draw(st.none() | st.integers(1, 20))
    return trace, SPARSE_CORE.model_copy(update={"cores": cores, "conv_encoder_width": width})


@st.composite
def pipelined(draw: st.DrawFn) -> tuple[Trace, Hardware]:
    return draw(traces(DENSE)), PIPELINE.model_copy(update={"unit_size": draw(st.integers(1, 4))})


@given(layerwise() | pipelined(), st.sampled_from((0.0, 1 / 2000, 0.1)))
def test_an_engine_does_one_thing_at_a_time(case: tuple[Trace, Hardware], gap: float) -> None:
    table = timeline(*case, sample=1, gap=gap)
    assert (table["start_cycle"] <= table["end_cycle"]).all()
    for _, rows in table.groupby(["layer", "engine"]):
        assert (rows["start_cycle"].to_numpy()[1:] >= rows["end_cycle"].to_numpy()[:-1]).all()


@given(layerwise(), st.sampled_from((0.0, 0.1)))
def test_engines_work_as_long_as_the_laws_say(case: tuple[Trace, Hardware], gap: float) -> None:
    trace, hardware = case
    table = timeline(trace, hardware, 0, gap=gap)
    if gap == 0:
        assert (table["end_cycle"] - table["start_cycle"]).equals(table["busy_cycles"])
    worked = table.groupby(["layer", "engine"])["busy_cycles"].sum()
    for shape, counts, cores in zip(trace.shapes, trace.counts, time_trace(trace, hardware).allocation, strict=True):
        if shape.kind == "conv":
            passes = -(-shape.out_channels // cores)
            accumulate = shape.kernel**2 * counts[0].sum() * passes
        else:
            compress, iterate = sparse_fc_parts(counts.sum(axis=2), fc_sizes(shape, cores, hardware))
            accumulate = iterate[0]
            assert worked[shape.name, "compressor"] == compress[0].sum()
        assert worked.get((shape.name, "accumulator"), 0) == accumulate


@given(layerwise(), st.sampled_from((0.0, 0.1)))
def test_layers_end_when_the_latency_says(case: tuple[Trace, Hardware], gap: float) -> None:
    trace, hardware = case
    table, latency = timeline(trace, hardware, 1, gap=gap), time_trace(trace, hardware)
    ends = table.groupby(["layer", "engine"])["end_cycle"].max()
    start = 0
    for shape, done, drained in zip(trace.shapes, latency.done[1], latency.drained[1], strict=True):
        assert table.loc[table["layer"] == shape.name, "start_cycle"].min() in (start, start + 1)
        if shape.kind == "conv":
            # The done pulse comes 4 cycles after the last list was handed over.
            assert ends[shape.name, "compressor"] <= start + done - 4
            assert ends[shape.name, "sweep"] == start + drained
        else:
            assert ends[shape.name, "accumulator"] == start + done
        start += done
    assert start == latency.cycles[1]


@given(pipelined())
def test_pipelined_layers_end_when_the_latency_says(case: tuple[Trace, Hardware]) -> None:
    trace, hardware = case
    table, latency = timeline(trace, hardware, 1), time_trace(trace, hardware)
    assert set(table["engine"]) == {"layer"}
    for shape, done in zip(trace.shapes, latency.done[1], strict=True):
        rows = table[table["layer"] == shape.name]
        assert rows["timestep"].tolist() == list(range(trace.timesteps))
        assert rows["end_cycle"].iloc[-1] == done


@given(layerwise())
def test_a_gap_joins_stretches_within_a_timestep_only(case: tuple[Trace, Hardware]) -> None:
    keys = ["layer", "engine", "timestep"]
    every, few = (timeline(*case, sample=0, gap=gap) for gap in (0.0, 1.0))
    assert len(few) <= len(every)
    assert few.groupby(keys)["start_cycle"].min().equals(every.groupby(keys)["start_cycle"].min())
    assert few.groupby(keys)["end_cycle"].max().equals(every.groupby(keys)["end_cycle"].max())


def test_a_gap_makes_a_table_small() -> None:
    shapes = layer_shapes("6C3-FC4", in_channels=2, input_size=8)
    trace = random_trace(shapes, samples=1, timesteps=3, density=0.3, seed=0)
    hardware = SPARSE_CORE.model_copy(update={"cores": (2, 2)})
    every, few = (timeline(trace, hardware, 0, gap=gap) for gap in (0.0, 1.0))
    assert len(few) < len(every)
    # One stretch for each of three passes over the convolution's channels.
    assert (few[few["layer"] == "conv1"].groupby(["engine", "timestep"]).size() == 3).all()


@pytest.mark.parametrize("sample", [-1, 3])
def test_a_sample_that_is_not_there_is_refused(sample: int) -> None:
    shapes = layer_shapes("FC4", in_channels=1, input_size=2)
    trace = Trace(shapes, (np.ones((3, 2, 1), np.int64),))
    with pytest.raises(InputError, match=f"sample {sample} is not in the trace: use 0 to 2"):
        timeline(trace, PIPELINE, sample)
