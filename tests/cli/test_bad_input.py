"""Bad input: one clear line, exit code 2, no traceback, nothing written."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from spikecast.predictor import Predictor

from .conftest import Run, refused

REPOSITORY = Path(__file__).parents[2]
DATA, MODEL = REPOSITORY / "data" / "characterization", REPOSITORY / "models" / "default"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def refused_and_nothing_written(run: Run, *arguments: object) -> str:
    """The one line of a command that must fail."""
    before = sorted(Path.cwd().rglob("*"))
    said = refused(run, *arguments)
    assert sorted(Path.cwd().rglob("*")) == before
    return said


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("predict --surrogate fast_sigmoyd", "unknown surrogate 'fast_sigmoyd': did you mean fast_sigmoid"),
        ("predict --neuron lapique", "did you mean lapicque"),
        ("predict --beta 1.5", "beta '1.5' is not allowed: input should be less than 1; allowed: beta > 0 and < 1"),
        ("predict --beta abc", "beta 'abc' is not allowed"),
        ("predict --slope nan", "slope 'nan' is not allowed: input should be a finite number"),
        ("predict --slope -inf", "slope '-inf' is not allowed"),
        ("predict --architecture 16X3", "architecture '16X3': cannot read '16X3'; allowed:"),
        ("predict --batch rows.csv", "--batch and --out belong together"),
        (
            "predict --batch rows.csv --out rows.txt",
            "cannot write a table to rows.txt: use a name that ends in .csv or .parquet",
        ),
        ("predict --batch rows.csv --out nowhere/rows.csv", "there is no folder nowhere"),
        ("predict --batch rows.csv --out out.csv", "there is no file rows.csv"),
        ("predict --batch rows.csv --out out.csv --beta 0.5", "--beta is for a single network"),
        ("predict --dataset cifar10-dvs", "was never measured: this model knows digits-saccade, mnist-dvs, nmnist"),
        ("predict --hardware sparse-cor", "unknown hardware 'sparse-cor': did you mean sparse-core"),
        ("predict --hardware none.yaml", "cannot read hardware description none.yaml: No such file"),
        ("predict --model none", "no predictor bundle at none"),
        ("predict --slop 3", "No such option: --slop"),
        ("predikt", "No such command 'predikt'"),
        ("fit --data none --out new", "no data folder none: make one with spikecast characterize --out none"),
        ("fit --data . --out new", "holds no characterization.parquet"),
        ("fit --out new", "Missing option '--data'"),
        ("characterize --space none.yaml --out new", "cannot read space none.yaml: No such file"),
        ("characterize --space a.yaml --out new --jobs 0", "'--jobs'"),
    ],
)
def test_one_line(command: str, said: str, run: Run) -> None:
    assert said in refused_and_nothing_written(run, command)


def test_truncated_parquet(folder: Path, run: Run) -> None:
    shutil.copytree(DATA, folder / "data", ignore=shutil.ignore_patterns("trials"))
    path = folder / "data" / "characterization.parquet"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    said = refused_and_nothing_written(run, "fit", "--data", "data", "--out", "new")
    assert "characterization.parquet is not a whole parquet file" in said


def test_bundle_with_one_byte_changed(folder: Path, run: Run) -> None:
    shutil.copytree(MODEL, folder / "model")
    path = folder / "model" / "measured.npz"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    said = refused_and_nothing_written(run, "predict", "--model", "model")
    assert "measured.npz was changed since the bundle was written: restore it, or fit again" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [", "is not YAML"),
        ("name: x\nclock_mhz: 1\nname: y", "line 1: name is there 2 times"),
        ("cores: !!int ''", "is not YAML"),
        ("name: &a [*a]", "its aliases repeat too much"),
        (
            "a: &a [x, x, x, x, x, x, x, x, x]\n"
            + "".join(f"{name}: &{name} [{', '.join(9 * [f'*{below}'])}]\n" for below, name in pairwise("abcdefghij"))
            + "name: *j",
            "its aliases repeat too much: write it out",
        ),
        (f"name: {list(range(5000))}", "name: input should be a valid string, got [0, 1, 2"),
        ("- 1", "mine.yaml is not a hardware description"),
        ("name: x", "description: field required"),
        (
            (REPOSITORY / "src/spikecast/accelerator/hardware_files/sparse-core.yaml").read_text().replace("100", "-1"),
            "clock_mhz: input should be greater than 0, got -1",
        ),
        (
            (REPOSITORY / "src/spikecast/accelerator/hardware_files/sparse-core.yaml")
            .read_text()
            .replace("fc: 50", "fc: [8]"),
            "lists 1 fc layers (8), the network has 2 (fc1, fc2)",
        ),
    ],
)
def test_bad_hardware_files(text: str, said: str, folder: Path, run: Run) -> None:
    (folder / "mine.yaml").write_text(text)
    assert said in refused_and_nothing_written(run, "predict", "--hardware", "mine.yaml")


def test_bad_choice_in_a_space(folder: Path, run: Run) -> None:
    (folder / "space.yaml").write_text("name: s\nblocks: [{grid: {beta: [0.5, 1.5]}}]")
    said = refused_and_nothing_written(run, "characterize", "--space", "space.yaml", "--out", "new")
    assert "space s, block 1: beta 1.5 is not allowed" in said


def test_a_folder_that_cannot_be_made(folder: Path, run: Run) -> None:
    (folder / "file").write_text("")
    smoke = REPOSITORY / "spaces" / "smoke.yaml"
    said = refused_and_nothing_written(run, "characterize", "--space", smoke, "--out", "file/data")
    assert "cannot use file/data as a store: Not a directory; choose another --out" in said


def test_a_grid_is_counted_before_it_is_laid_out(folder: Path, run: Run) -> None:
    values = list(range(1000))
    (folder / "space.yaml").write_text(f"name: s\nblocks: [{{grid: {{beta: {values}, slope: {values}, seed_: [1]}}}}]")
    said = refused_and_nothing_written(run, "characterize", "--space", "space.yaml", "--out", "new")
    assert "a grid of 1,000,000 points is too large: 100,000 at most" in said


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("recommend --minimize latency --candidates 100000000", "100,000,000 candidates are too many for a search"),
        ("pareto --candidates 32769", "32,769 candidates are too many for a search: give 32,768 or fewer"),
        ("sensitivity --of beta --points 1000000000000000000", "points are too many for a sweep: give 1,000 or fewer"),
        ("simulate x.npz --timesteps 1000000", "'--timesteps'"),
    ],
)
def test_what_is_asked_for_is_counted_first(command: str, said: str, run: Run) -> None:
    assert said in refused_and_nothing_written(run, command)


def test_more_memory_than_there_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object, **_named: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Predictor, "predict", full)
    assert "this takes more memory than there is: ask for less" in refused_and_nothing_written(run, "predict")


SPIKECAST = (sys.executable, "-c", "from spikecast_cli.main import main; main()")


@pytest.mark.parametrize(
    ("redirection", "said"),
    [(">/dev/full", "cannot use standard output, or a file,: No space left on device"), (">&-", "is closed: open it")],
)
def test_output_that_goes_nowhere(redirection: str, said: str) -> None:
    ran = subprocess.run(
        ["sh", "-c", f'"$@" hardware list {redirection}', "sh", *SPIKECAST], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1), ran.stderr
    assert said in ran.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_a_command_without_a_traceback(number: signal.Signals) -> None:
    waiting = "import time; from spikecast import accelerator; from spikecast_cli import main; "
    # In short sleeps: a signal that comes just before one begins does not wake it.
    waiting += "waits = lambda: (print('waits', flush=True), [time.sleep(0.1) for _ in range(6000)]); "
    waiting += "accelerator.shipped_hardware = waits; main.main()"
    command = subprocess.Popen(
        [sys.executable, "-c", waiting, "hardware", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert command.stdout
    assert command.stdout.readline() == "waits\n"
    command.send_signal(number)
    assert command.communicate(timeout=300)[1] == ""
    assert command.returncode == 128 + number
