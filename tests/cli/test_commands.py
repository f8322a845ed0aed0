"""The three commands as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from spikecast_cli.main import SUBCOMMANDS, load_subcommand

from .conftest import Run, printed

REPOSITORY = Path(__file__).parents[2]


def test_predict_prints_and_json_agree(run: Run) -> None:
    question = ["predict", "--surrogate", "sre", "--neuron", "lapicque"]
    text = printed(run, *question)
    out = printed(run, *question, "--json")
    answer = json.loads(out)
    for name, form in (("accuracy", ".3f"), ("sparsity", ".3f"), ("latency_cycles", ",.0f"), ("latency_us", ",.1f")):
        interval = answer[name]
        line = f"{interval['low']:{form}} to {interval['high']:{form}}"
        assert line in text
        assert f"{interval['value']:{form}}" in text
    assert answer["in_domain"] is True
    assert "inside what was measured" in text
    assert len(answer["neighbours"]) == 3
    assert all(f"{neighbor['latency_cycles']:,.0f}" in text for neighbor in answer["neighbours"])
    assert max(map(len, text.splitlines())) <= 80


def test_predict_outside_the_domain(run: Run) -> None:
    text = printed(run, "predict", "--slope", "500")
    assert "OUTSIDE what was measured; slope 500 was never measured for fast_sigmoid" in " ".join(text.split())


def test_predict_warns_of_a_negative_leak(run: Run) -> None:
    code, out, err = run("predict", "--neuron", "lapicque", "--beta", "0.3", "--json")
    assert code == 0, err
    assert "negative leak" in err
    json.loads(out)


def test_help_and_version(run: Run) -> None:
    for arguments in ([], ["--help"]):
        out = printed(run, *arguments)
        assert all(command in out for command in ("predict", "characterize", "fit"))
    out = printed(run, "predict", "--help")
    assert "--learning-rate" in out
    assert "default 0.002" in " ".join(out.replace("│", " ").split())
    out = printed(run, "--version")
    assert out.startswith("spikecast ")


def test_fit_shows_and_writes(few_rows: Path, tmp_path: Path, run: Run) -> None:
    bundle = tmp_path / "bundle"
    text = printed(run, "fit", "--data", few_rows, "--out", bundle)
    assert "latency_cycles, cross-validated by configuration" in text
    assert "seed-to-seed spread" in text
    out = printed(run, "predict", "--model", bundle, "--json")
    assert json.loads(out)["provenance"]["fitted_rows"] < 70


def test_characterize_runs_then_skips(tmp_path: Path, run: Run) -> None:
    space = tmp_path / "space.yaml"
    space.write_text(
        "name: two\nblocks:\n"
        "  - fixed: {architecture: 4C3-MP2-FC20, input_size: 16, epochs: 1}\n"
        "    grid: {threshold: [0.4, 90.0]}\n"
    )
    command = ["characterize", "--space", space, "--out", tmp_path / "data"]
    code, text, progress = run(*command)
    assert code == 0, progress
    assert "ran 2 of 2 trials; rows: 1 ok, 1 silent" in text
    assert "2/2" in progress
    out = printed(run, *command, "--json")
    assert json.loads(out) == {"out": str(tmp_path / "data"), "trials": 2, "ran": 0, "rows": {"ok": 1, "silent": 1}}


def test_predicting_loads_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv = ['spikecast', 'predict', '--json']\n"
        "from spikecast_cli.main import main\n"
        "try: main()\n"
        "except SystemExit as exit: assert exit.code == 0\n"
        "heavy = {'torch', 'snntorch', 'tonic', 'sklearn', 'xgboost', 'scipy', 'pandas', 'numba', 'pyarrow'}\n"
        "sys.exit(f'loaded {heavy & set(sys.modules)}' if heavy & set(sys.modules) else 0)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_evaluate_shows_and_writes(few_rows: Path, tmp_path: Path, run: Run) -> None:
    text = printed(run, "evaluate", "--data", few_rows, "--out", tmp_path)
    assert "latency on hardware that no row was timed on" in text
    assert "seed spread" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "coverage.html",
        "predicted-against-measured.html",
        "test.json",
    ]
    out = printed(run, "evaluate", "--data", few_rows, "--json")
    assert json.loads(out) == json.loads((tmp_path / "test.json").read_text())


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_predict_a_table(suffix: str, tmp_path: Path, run: Run) -> None:
    asked, out = tmp_path / "in.csv", tmp_path / f"out.{suffix}"
    asked.write_text("surrogate,neuron,slope\nsre,lapicque,1.5\natan,lif,-3\n")
    text = printed(run, "predict", "--batch", asked, "--out", out)
    assert f"{out}: 2 rows, 1 without an answer" in text
    assert "row 2: slope -3 is not allowed" in text.replace("-3.0", "-3")
    written = pd.read_csv(out) if suffix == "csv" else pd.read_parquet(out)
    assert written["slope"].tolist() == [1.5, -3]
    single = printed(run, "predict", "--surrogate", "sre", "--neuron", "lapicque", "--slope", "1.5", "--json")
    assert written["latency_cycles"][0] == pytest.approx(json.loads(single)["latency_cycles"]["value"])
    assert pd.isna(written["latency_cycles"][1])


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_help_lists_every_subcommand_with_its_own_words(name: str) -> None:
    first_line = (load_subcommand(name).help or "").splitlines()[0]
    assert first_line == SUBCOMMANDS[name]
