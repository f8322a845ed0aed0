"""The simulated data set: the same everywhere, shaped like N-MNIST, and learnable."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from spikecast.events import Recordings, bin_recordings, load_dataset, split_dataset
from spikecast.events.datasets import digits_saccade as module
from spikecast.testing import DatasetSuite

GOLDEN = "96a224745bd1ff4f504ca91f94f5d9b29f4e995f86a6a1d8168f2c50f83dcca2"


@pytest.fixture(scope="module")
def recordings() -> Recordings:
    return load_dataset("digits-saccade")


def test_events_are_the_same_on_every_machine(recordings: Recordings) -> None:
    digest = hashlib.sha256()
    for name in ("x", "y", "polarity", "time_us", "offsets", "labels", "official_test"):
        array = getattr(recordings, name)
        digest.update(np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes())
    assert digest.hexdigest() == GOLDEN


def test_no_logarithm_is_close_to_rounding_the_other_way() -> None:
    # A logarithm differs in its last bit, 1e-13 here, from one machine to the next: none may decide an event.
    levels = np.arange(16 * 64**2 + 1) / (16 * 64**2 * module._BACKGROUND)
    exact = module._GRID * np.log1p(levels)
    assert np.abs(np.abs(exact - np.floor(exact)) - 0.5).min() > 1e-9
    assert np.array_equal(module._log_levels(), np.rint(exact))


class TestDigitsSaccade(DatasetSuite):
    name = "digits-saccade"

    def label_of(self, name: str) -> int:
        return int(name.split("/")[0])

    def test_types_and_ranges(self, recordings: Recordings) -> None:
        assert len(recordings) == 1797
        assert (recordings.x.dtype, recordings.offsets.dtype) == (np.uint8, np.int64)
        assert recordings.time_us.max() <= 300_000


def test_events_are_as_many_as_in_n_mnist(recordings: Recordings) -> None:
    assert np.diff(recordings.offsets).min() > 1000
    assert np.diff(recordings.offsets).max() < 7000
    assert bin_recordings(recordings, timesteps=4, size=32).mean() == pytest.approx(0.196, abs=0.001)


def test_test_part_is_stratified(recordings: Recordings) -> None:
    share = np.bincount(recordings.labels[recordings.official_test]) / np.bincount(recordings.labels)
    assert np.abs(share - 1 / 6).max() < 0.01
    split = split_dataset("digits-saccade")
    assert (len(split.train), len(split.evaluation)) == (1201, 596)


def test_a_pixel_alternates_around_its_reference() -> None:
    # Brightness goes up by five thresholds and returns: five events up, five down, evenly spread over the step.
    level = np.zeros((1, 1, 1), dtype=np.int32)
    reference = level.copy()
    high = level + 5 * module._THRESHOLD
    up = list(module._crossings(level, high, reference))
    down = list(module._crossings(high, level, reference))
    assert [int(polarity[0]) for _, _, polarity in up + down] == [1] * 5 + [0] * 5
    assert [int(elapsed[0]) for _, elapsed, _ in up] == [module._STEP_US * i // 5 for i in range(1, 6)]
    assert reference[0, 0, 0] == 0


def test_small_changes_are_not_seen() -> None:
    level = np.zeros((1, 1, 1), dtype=np.int32)
    assert not list(module._crossings(level, level + module._THRESHOLD - 1, level.copy()))


def test_a_moving_scene_shifts_its_picture() -> None:
    scan = np.zeros((1, 8, 8))
    scan[0, 3, 4] = 16
    still, moved = module._scene(scan, 0, 0), module._scene(scan, 16, -32)
    assert np.array_equal(np.roll(still, (-2, 1), axis=(1, 2)), moved)


def test_digits_can_be_told_apart(recordings: Recordings) -> None:
    counts = np.zeros((len(recordings), 34 * 34))
    np.add.at(counts, (recordings.sample_of_event(), recordings.y.astype(int) * 34 + recordings.x), 1)
    counts /= counts.max()
    test = recordings.official_test
    model = LogisticRegression(C=0.1, max_iter=500).fit(counts[~test], recordings.labels[~test])
    assert model.score(counts[test], recordings.labels[test]) > 0.9
