"""``spikecast characterize --suggest`` as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from spikecast.characterize.space import load_space
from spikecast.choices import TrainingChoices
from spikecast.wording import choices_in_words

from .conftest import Run, refused

REPOSITORY = Path(__file__).parents[2]
DATA = REPOSITORY / "data" / "characterization"
#: 144 trials that nobody ships.
PAIRS = """
name: pairs
blocks:
  - grid: {surrogate: [fs, atan], slope: [3.17, 4.19], beta: [0.411, 0.513, 0.617], threshold: [0.71, 0.83, 0.97]}
    seeds: [7, 8, 9, 10]
"""
pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def pairs(folder: Path) -> Path:
    path = folder / "pairs.yaml"
    path.write_text(PAIRS)
    return path


def test_the_table_the_space_and_json_agree(folder: Path, pairs: Path, run: Run) -> None:
    command = ["characterize", "--suggest", 3, "--space", pairs, "--data", DATA, "--out", "next.yaml"]
    code, text, err = run(*command)
    assert code == 0, err
    assert max(map(len, text.splitlines())) <= 80
    answer = json.loads(run(*command, "--json").out)
    trials = load_space(folder / "next.yaml").trials()
    assert trials == [TrainingChoices(**one["choices"]) for one in answer["suggestions"]]
    assert len(trials) == 3
    assert set(trials) <= set(load_space(pairs).trials())
    assert 3 <= answer["candidates"] < 144
    assert f"Of {answer['candidates']} candidates" in " ".join(text.split())
    assert "spikecast characterize --space next.yaml --out DATA" in text
    for one in answer["suggestions"]:
        assert choices_in_words(one["choices"]).split(",")[0] in text
        assert f"{one['variance']:.3f}" in text
        assert f"{one['probability_ok']:.2f}" in text
    # What is suggested can be run, and is not suggested again.
    code, text, _ = run("characterize", "--space", "next.yaml", "--out", "new", "--dry-run")
    assert (code, text.split("\n")[0]) == (0, "new: 0 of 3 trials are finished, 3 left")


def test_networks_are_told_where_they_differ(folder: Path, run: Run) -> None:
    (folder / "two.yaml").write_text(
        "name: two\nblocks: [{grid: {architecture: [16C3-MP2-FC100, csnn-s], beta: [0.31, 0.37, 0.41, 0.47]}}]"
    )
    code, text, err = run("characterize", "--suggest", 4, "--space", "two.yaml")
    assert code == 0, err
    assert "16C3-MP2-FC100 on" in text
    assert list(folder.iterdir()) == [folder / "two.yaml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--suggest 0", "0 suggestions are not allowed"),
        ("--suggest 500 --space pairs.yaml --out next.yaml", "500 suggestions are not allowed"),
        ("--suggest few", "Invalid value for '--suggest'"),
        ("--suggest 3 --space none.yaml", "cannot read space none.yaml"),
        ("--suggest 3 --out data", "cannot write a space to data: use a name that ends in .yaml or .yml"),
        ("--suggest 3 --space pairs.yaml --out pairs.yaml", "--out pairs.yaml is the space to choose from"),
        ("--suggest 3 --data .", ". is not a data folder"),
        ("--suggest 3 --jobs 1", "--jobs 1 does not go with --suggest, which runs nothing"),
        ("--suggest 3 --budget 2h", "--budget 2h does not go with --suggest"),
        ("--suggest 3 --networks", "--networks does not go with --suggest"),
        ("--suggest 3 --dry-run", "--dry-run does not go with --suggest"),
        ("--suggest 3 --backend dask", "--backend dask does not go with --suggest"),
        ("--suggest 3 --scheduler tcp://a:1", "--scheduler tcp://a:1 does not go with --suggest"),
        ("--suggest 3 --events .", "--events . does not go with --suggest"),
        ("status data --suggest 3", "status does not go with --suggest"),
        ("--space pairs.yaml --out new --model mine", "--model mine is for suggestions alone: add --suggest N"),
        ("status data --data data", "--data data is for suggestions alone: add --suggest N"),
    ],
)
def test_refused_in_one_line(arguments: str, said: str, folder: Path, pairs: Path, run: Run) -> None:
    assert said in refused(run, "characterize", *arguments.split())
    assert list(folder.iterdir()) == [pairs]
    assert pairs.read_text() == PAIRS


def test_suggesting_loads_nothing_that_trains(pairs: Path) -> None:
    script = (
        "import sys; sys.argv = ['spikecast', 'characterize', '--suggest', '1', '--json', '--space', sys.argv[1]]\n"
        "from spikecast_cli.main import main\n"
        "try: main()\n"
        "except SystemExit as exit: assert exit.code == 0\n"
        "training = {'torch', 'snntorch', 'tonic', 'filelock'} & set(sys.modules)\n"
        "sys.exit(f'loaded {training}' if training else 0)"
    )
    result = subprocess.run([sys.executable, "-c", script, pairs], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
