"""Names of data sets."""

from __future__ import annotations

import pytest

from spikecast.choices import TrainingChoices
from spikecast.datasets import DATASETS, dataset_of
from spikecast.errors import InputError


def test_names_are_resolved() -> None:
    assert all(dataset_of(name.upper()) is dataset for name, dataset in DATASETS.items())
    folder = dataset_of("FOLDER:N-Cars_1.0:02")
    assert (folder.name, folder.classes) == ("folder:N-Cars_1.0:2", 2)
    assert "N-Cars_1.0/Train/<class>/<file>" in str(folder.files)


@pytest.mark.parametrize(
    "name",
    [
        *("folder:", "folder:ncars", "folder::2", "folder:ncars:", "folder:ncars:two", "folder:ncars:1"),
        *("folder:ncars:257", "folder:ncars:2:2", "folder:../ncars:2", "folder:/ncars:2", "folder:..:2"),
        *("folder:a b:2", "folder:ncars:-2", "folder:ncars:2\n", "folder:ncärs:2", "folder:ncars:٢"),
    ],
)
def test_folders_that_cannot_be(name: str) -> None:
    with pytest.raises(InputError, match="is not allowed: write folder:NAME:CLASSES") as error:
        dataset_of(name)
    assert "\n" not in str(error.value)
    with pytest.raises(InputError, match="write folder:NAME:CLASSES"):
        TrainingChoices(dataset=name)


def test_unknown_names_hear_of_folders() -> None:
    with pytest.raises(InputError, match=r"unknown dataset 'ncars': .*allowed: nmnist, .*, folder:NAME:CLASSES"):
        dataset_of("ncars")


def test_choices_know_a_folder_without_its_files() -> None:
    choices = TrainingChoices(dataset="Folder:nCars:3", architecture="FC30")
    assert choices.dataset == "folder:nCars:3"
    assert choices.key == TrainingChoices(dataset="folder:nCars:03", architecture="FC30").key
    assert choices.key != TrainingChoices(dataset="folder:ncars:3", architecture="FC30").key
    with pytest.raises(InputError, match="folder:nCars:3 has 3 classes, so use a multiple of 3"):
        TrainingChoices(dataset="folder:nCars:3", architecture="FC10")
