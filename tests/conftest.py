"""Fixtures shared by all tests: the shipped recordings, data and predictor."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from spikecast.choices import STRUCTURAL, TrainingChoices
from spikecast.events import BinnedSplit, load_binned
from spikecast.rows import ROWS_FILE, TRACES_FILE, read_rows, read_traces, write_table

# The first example of a test may compile code: no time limit on a single one.
settings.register_profile("spikecast", deadline=None)
settings.load_profile("spikecast")

REPOSITORY = Path(__file__).parents[1]


#: What takes longest, the longest first: at the end no process waits for another.
SLOW = (
    "test_the_page_about_fitting_makes_the_shipped_model",
    "test_kill.py",
    "test_dask_backend.py",
    "test_store.py",
    "test_process.py",
    "test_two_runs.py",
    "docs/retrain.md",
    "docs/commands/characterize.md",
    "docs/scaling-out.md",
    "test_fit.py",
    "test_notebooks.py",
    "test_events_folder.py",
    "test_wheel.py",
    "test_pages.py",
    "test_page.py",
    "test_fuzz.py",
)


# First, since xdist reads the groups in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A worker takes whole files, whose fixtures are made once, but single pages of the documentation."""
    items.sort(key=lambda item: next((place for place, name in enumerate(SLOW) if name in item.nodeid), len(SLOW)))
    for item in items:
        group = item.nodeid if item.path.name == "test_pages.py" else item.path.as_posix()
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def binned() -> BinnedSplit:
    """N-MNIST in four time bins at 32 x 32."""
    return load_binned("nmnist", 4, 32)


@pytest.fixture(scope="session")
def small(binned: BinnedSplit) -> BinnedSplit:
    """The same with every fourth training recording and 100 evaluation recordings, for quick training."""
    return BinnedSplit(
        binned.train[::4], binned.train_labels[::4], binned.evaluation[::3], binned.evaluation_labels[::3]
    )


@pytest.fixture(scope="session")
def few_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first 70 rows of the standard network that ship, and their traces."""
    folder, shipped = tmp_path_factory.mktemp("data"), REPOSITORY / "data" / "characterization"
    rows, traces, standard = read_rows(shipped), read_traces(shipped), TrainingChoices()
    for name in STRUCTURAL:
        rows = rows[rows[name] == getattr(standard, name)]
    rows = rows.head(70)
    write_table(folder / ROWS_FILE, rows)
    write_table(folder / TRACES_FILE, traces[traces["key"].isin(rows["key"])])
    return folder
