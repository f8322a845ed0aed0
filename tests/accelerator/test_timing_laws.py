"""Laws that hold for every trace, and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp

from spikecast.accelerator.timing import (
    ConvSizes,
    FcSizes,
    fc_pipeline,
    sparse_conv,
    sparse_conv_samples,
    sparse_fc,
    sparse_fc_samples,
)
from spikecast.errors import InputError

FRAME = 64
counts = hnp.arrays(
    np.int64,
    st.tuples(st.integers(1, 4), st.integers(1, 6)),
    elements=st.one_of(st.just(0), st.integers(0, FRAME)),
)
trains = st.lists(st.integers(0, 100), min_size=1, max_size=6)


@given(counts, st.integers(1, 16), st.integers(1, 20), st.integers(0, 20))
def test_more_cores_are_never_slower(spikes: np.ndarray, out_channels: int, cores: int, more: int) -> None:
    few = sparse_conv(spikes, frame=FRAME, out_channels=out_channels, cores=cores)
    many = sparse_conv(spikes, frame=FRAME, out_channels=out_channels, cores=cores + more)
    assert many[0] <= few[0]
    assert many[1] <= few[1]


@given(counts, st.data())
def test_one_more_spike_is_never_faster(spikes: np.ndarray, data: st.DataObject) -> None:
    more = spikes.copy()
    cell = tuple(data.draw(st.integers(0, size - 1)) for size in spikes.shape)
    more[cell] = min(more[cell] + 1, FRAME)
    for first, second in zip(
        sparse_conv(spikes, frame=FRAME, out_channels=8, cores=4),
        sparse_conv(more, frame=FRAME, out_channels=8, cores=4),
        strict=True,
    ):
        assert second >= first


@given(counts)
def test_sparsity_cannot_beat_the_compressor(spikes: np.ndarray) -> None:
    timesteps, channels = spikes.shape
    done, drained = sparse_conv(spikes, frame=FRAME, out_channels=8, cores=4)
    assert done >= 2 * timesteps * channels * 10
    assert drained >= 9 * 2 * spikes.sum()


@given(hnp.arrays(np.int64, (5, 3, 2), elements=st.integers(0, FRAME)), st.permutations(range(5)))
def test_samples_are_timed_one_by_one(spikes: np.ndarray, order: list[int]) -> None:
    conv = {"frame": FRAME, "out_channels": 6, "cores": 2, "kernel": 3}
    together = np.stack(sparse_conv_samples(spikes[order], ConvSizes(**conv)), axis=1)
    alone = np.array([sparse_conv(sample, **conv) for sample in spikes[order]])
    assert np.array_equal(together, alone)
    fc = {"inputs": 2 * FRAME, "in_channels": 2, "neurons": 40, "cores": 7}
    totals = spikes.sum(axis=2)
    assert sparse_fc_samples(totals, FcSizes(**fc)).tolist() == [sparse_fc(train, **fc) for train in totals]


@given(trains, st.integers(1, 30), st.integers(0, 30))
def test_more_cores_are_never_slower_for_fc(spikes: list[int], cores: int, more: int) -> None:
    shape = {"inputs": 200, "in_channels": 1, "neurons": 60}
    assert sparse_fc(spikes, cores=cores + more, **shape) <= sparse_fc(spikes, cores=cores, **shape)


@given(st.integers(1, 5), st.integers(1, 6), st.data())
def test_pipeline_takes_at_least_its_slowest_layer(depth: int, timesteps: int, data: st.DataObject) -> None:
    spikes = [data.draw(st.lists(st.integers(0, 50), min_size=timesteps, max_size=timesteps)) for _ in range(depth)]
    sizes = data.draw(st.lists(st.integers(1, 8), min_size=depth, max_size=depth))
    work = [sum(s * (4 * size + 2) for s in train) for train, size in zip(spikes, sizes, strict=True)]
    total = fc_pipeline(spikes, unit_size=sizes)
    assert total >= max(work) + 4 * timesteps
    assert total <= sum(work) + 20 * depth * timesteps


@pytest.mark.parametrize(
    ("spikes", "changes", "said"),
    [
        ([[65]], {}, "spike count 65 is impossible: allowed: 0 to 64"),
        ([[-1]], {}, "spike count -1 is impossible"),
        ([[1.5]], {}, "expected whole numbers"),
        ([1, 2], {}, "1 dimensions: expected 2"),
        ([[1]], {"cores": 0}, "cores 0 is not allowed"),
        ([[1]], {"kernel": 0}, "kernel 0 is not allowed"),
        ([[1]], {"encoder_width": 0}, "encoder_width 0 is not allowed"),
    ],
)
def test_impossible_traces_are_refused(spikes: Any, changes: dict[str, int], said: str) -> None:
    arguments = {"frame": FRAME, "out_channels": 4, "cores": 2} | changes
    with pytest.raises(InputError, match=said):
        sparse_conv(spikes, **arguments)


def test_pipeline_refuses_what_does_not_fit() -> None:
    with pytest.raises(InputError, match="2 spike trains for 1 unit sizes"):
        fc_pipeline([[1], [1]], unit_size=[1])
    with pytest.raises(InputError, match="differ in their timesteps"):
        fc_pipeline([[1, 2], [1]], unit_size=[1, 1])


def test_nothing_cannot_be_timed() -> None:
    with pytest.raises(InputError, match="hold nothing to time"):
        sparse_conv(np.zeros((0, 2), int), frame=9, out_channels=2, cores=1)
    with pytest.raises(InputError, match="hold nothing to time"):
        fc_pipeline(np.zeros((3, 0), int), unit_size=[1, 1, 1])
    assert fc_pipeline(np.ones((3, 4), int), unit_size=[1, 1, 1]) == fc_pipeline([[1] * 4] * 3, unit_size=[1, 1, 1])
