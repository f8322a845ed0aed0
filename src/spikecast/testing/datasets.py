"""Tests of a data set: its recordings, their labels, times and pixels, and both sides of its split."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from spikecast.choices import TrainingChoices
from spikecast.datasets import DATASETS, EVENTS_VARIABLE, Dataset, dataset_of
from spikecast.errors import InputError
from spikecast.events import Recordings, bin_recordings, denoised, load_binned, load_dataset, split_dataset
from spikecast.events.frames import cropped
from spikecast.events.load import _bin, _open
from spikecast.events.split import TRAIN_SHARE


class DatasetSuite:
    """What every data set must do.

    ```python
    class TestNCars(DatasetSuite):
        name = "ncars"

        @pytest.fixture
        def events(self, tmp_path):
            write_some_recordings(tmp_path / "ncars")
            return tmp_path
    ```

    Attributes:
        name: what training choices call it.
    """

    name: ClassVar[str]

    @pytest.fixture
    def events(self) -> Path | None:
        """Where data sets lie; None if this one comes with spikecast.

        Override it to write at least five training recordings of every class in the published layout; if there is a
        test part, some of every class in it, too.
        """
        return None

    @pytest.fixture
    def recordings(self, events: Path | None) -> Recordings:
        """All recordings, read."""
        opened = load_dataset(self.name, events)
        return opened.part(0, len(opened))

    @property
    def dataset(self) -> Dataset:
        """What is known of it without opening it."""
        return dataset_of(self.name)

    def label_of(self, name: str) -> int | None:  # noqa: ARG002
        """The class that the official name of a recording speaks of; None where names do not say."""
        return None

    def test_it_is_known_by_its_name(self) -> None:
        """In any case; with its classes, source and license, and where to get the files that it expects."""
        assert self.dataset.name == self.name
        assert self.name not in DATASETS or dataset_of(self.name.upper()) is self.dataset
        assert self.dataset.classes >= 2
        assert self.dataset.source
        assert self.dataset.license
        assert (self.dataset.files is None) == (self.dataset.how_to_get is None)

    def test_networks_can_be_trained_on_it(self) -> None:
        """Training choices take its name, and the preset has outputs for its classes."""
        choices = TrainingChoices(dataset=self.name)
        assert choices.dataset == self.name
        assert choices.layers[-1].out_channels % self.dataset.classes == 0

    def test_labels_are_in_range(self, recordings: Recordings) -> None:
        """0 to the number of classes, less one; and each of them is there."""
        assert recordings.labels.dtype == np.uint8
        assert np.unique(recordings.labels).tolist() == list(range(self.dataset.classes))

    def test_classes_are_in_order(self, recordings: Recordings) -> None:
        """The label of each recording is the class of its official name."""
        for name, label in zip(recordings.names, recordings.labels.tolist(), strict=True):
            assert self.label_of(str(name)) in (None, label), name

    def test_names_are_given_once(self, recordings: Recordings) -> None:
        """No two recordings have one name."""
        assert len(recordings) == len(recordings.names) == len(set(recordings.names))

    def test_times_rise(self, recordings: Recordings) -> None:
        """Microseconds from zero on, int32, that never fall within a recording."""
        assert recordings.time_us.dtype == np.int32
        assert recordings.time_us.min() >= 0
        falling = np.flatnonzero(np.diff(recordings.time_us) < 0) + 1
        assert np.isin(falling, recordings.offsets).all()

    def test_events_lie_on_the_sensor(self, recordings: Recordings) -> None:
        """Each recording has some, with polarity 0 or 1, at pixels that the sensor has."""
        assert recordings.sensor_size == self.dataset.sensor_size or self.dataset.sensor_size is None
        assert np.diff(recordings.offsets).min() > 0
        assert recordings.offsets[-1] == len(recordings.x) == len(recordings.y) == len(recordings.polarity)
        assert recordings.x.dtype == recordings.y.dtype == np.min_scalar_type(recordings.sensor_size - 1)
        assert max(recordings.x.max(), recordings.y.max()) < recordings.sensor_size
        assert set(np.unique(recordings.polarity)) <= {0, 1}

    def test_both_sides_of_the_split_hold_every_class(self, recordings: Recordings, events: Path | None) -> None:
        """They share no recording, leave out none, and nothing trains that is for testing officially."""
        split = split_dataset(self.name, events)
        assert sorted([*split.train, *split.evaluation]) == list(range(len(recordings)))
        assert not recordings.official_test[split.train].any()
        share = TRAIN_SHARE if self.dataset.train_evaluates or not recordings.official_test.any() else 1
        assert len(split.train) == round(share * (~recordings.official_test).sum())
        classes = set(np.unique(recordings.labels))
        for side in (split.train, split.evaluation):
            assert set(np.unique(recordings.labels[side])) == classes

    def test_frames_are_those_of_its_recordings(self, recordings: Recordings, events: Path | None) -> None:
        """Binned in blocks as in one piece, denoised and cropped if the data set is of that kind."""
        split = split_dataset(self.name, events)
        prepared = denoised(recordings) if self.dataset.denoised else recordings
        if self.dataset.crop is not None:
            prepared = cropped(prepared, self.dataset.crop)
        frames = bin_recordings(prepared, timesteps=3, size=32)
        binned = load_binned(self.name, 3, 32, events)
        assert np.array_equal(binned.train, frames[split.train])
        assert np.array_equal(binned.train_labels, recordings.labels[split.train])
        assert np.array_equal(binned.evaluation, frames[split.evaluation])
        assert np.array_equal(binned.evaluation_labels, recordings.labels[split.evaluation])

    def test_it_is_the_same_when_it_is_read_again(self, recordings: Recordings, events: Path | None) -> None:
        """Every event, label and name, in the same order."""
        _open.cache_clear()
        opened = load_dataset(self.name, events)
        for field, again in vars(opened.part(0, len(opened))).items():
            assert np.array_equal(getattr(recordings, field), again), field

    def test_rows_can_say_which_recordings_made_them(self, recordings: Recordings, events: Path | None) -> None:
        """Their number, that of their events, the classes in order, and a hash that another reading gives again."""
        first = load_binned(self.name, 3, 32, events).identity
        assert first is not None
        assert (first.recordings, first.events) == (len(recordings), len(recordings.x))
        assert len(first.classes) == self.dataset.classes
        assert first.trained == len(split_dataset(self.name, events).train)
        _open.cache_clear()
        _bin.cache_clear()
        assert load_binned(self.name, 1, 8, events).identity == first

    def test_missing_files_are_asked_for(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without them one line says where they belong; a data set that comes along needs none."""
        if self.dataset.files is None:
            return
        monkeypatch.delenv(EVENTS_VARIABLE, raising=False)
        empty = tmp_path / "empty"
        for folder, said in ((None, f"set {EVENTS_VARIABLE}"), (empty, f"no recordings of {self.name} in {empty}")):
            with pytest.raises(InputError) as error:
                load_binned(self.name, 4, 32, folder)
            assert said in str(error.value)
            assert self.dataset.files in str(error.value)
            assert "\n" not in str(error.value)
