"""``spikecast predict --explain`` as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from .conftest import Run, refused

QUESTION = ["predict", "--surrogate", "sre", "--slope", "1", "--neuron", "LIF", "--threshold", "0.80", "--explain"]
LABELS = ("--surrogate sre --slope 1", "--neuron LIF", "--threshold 0.80")
COLUMNS = {"accuracy": ".3f", "sparsity": ".3f", "latency_cycles": ",.0f", "energy_nj": ",.0f"}


def printed(run: Run, *arguments: str) -> str:
    """What a command prints that ends well and warns of nothing."""
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    return out


def row(text: str, label: str) -> list[str]:
    """The cells behind a row's label."""
    (line,) = [line for line in text.splitlines() if line.strip().startswith(label + "  ")]
    return line.strip().removeprefix(label).split()


def test_table_and_json_agree(run: Run) -> None:
    text = printed(run, *QUESTION)
    assert max(map(len, text.splitlines())) <= 80
    out = printed(run, *QUESTION, "--json")
    answer = json.loads(out)
    told = answer["explanation"]
    assert row(text, "the default network") == [f"{told['base'][name]:{form}}" for name, form in COLUMNS.items()]
    assert row(text, "prediction") == [f"{answer[name]['value']:{form}}" for name, form in COLUMNS.items()]
    for label, one in zip(LABELS, told["contributions"], strict=True):
        cells = row(text, label)
        assert [float(cell.replace(",", "")) for cell in cells] == [
            pytest.approx(one["moves"][name], abs=0.5 if form == ",.0f" else 5e-4) for name, form in COLUMNS.items()
        ]
        assert all(cell[0] in "+-" for cell in cells if float(cell.replace(",", "")))
    explained = text[text.index("what spikes cost") :]
    for layer in told["layers"]:
        cycles, fixed, spikes, percent = row(explained, layer["layer"])
        assert cycles == f"{layer['latency_cycles']:,.0f}"
        assert fixed == f"{layer['fixed_cycles']:,.0f}"
        assert spikes == f"{layer['spike_cycles']:,.0f}"
        assert percent == f"{layer['cycles_per_percent']:+,.0f}"


def test_the_usual_answer_comes_first(run: Run) -> None:
    explained = printed(run, *QUESTION)
    usual = printed(run, *QUESTION[:-1])
    assert explained.startswith(usual)
    assert "what moves the answer" not in usual
    out = printed(run, *QUESTION[:-1], "--json")
    assert "explanation" not in json.loads(out)


def test_nothing_given(run: Run) -> None:
    text = printed(run, "predict", "--explain")
    assert "nothing to explain: no choice was given, this is the default network" in text
    assert row(text, "the default network") == row(text, "prediction")


def test_hardware_and_what_moves_nothing(run: Run) -> None:
    text = printed(run, "predict", "--slope", "9", "--hardware", "pulse-small", "--explain")
    accuracy, sparsity, cycles, _ = row(text, "--hardware pulse-small")
    assert (accuracy, sparsity) == ("0.000", "0.000")
    assert cycles.startswith("+")


def test_a_pipeline_and_a_network_never_measured(run: Run) -> None:
    question = ["predict", "--architecture", "FC100-FC100-FC10", "--hardware", "fc-pipeline", "--explain"]
    question += ["--beta", "0.7"]
    text = printed(run, *question)
    said = " ".join(text.split())
    assert len(row(text, "defaults on this network")) == 4
    assert "no answer for the default network, so the one asked about is the base" in said
    assert "the moves rest on answers for 2 sets of these choices: 2 lie OUTSIDE what was measured" in said
    assert "layers of a pipeline work at the same time" in said
    assert "what spikes cost" not in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--explain --batch in.csv --out out.csv", "--explain is for a single network"),
        ("--explain --out out.csv", "--explain is for a single network"),
        ("--explain --slope -1", "slope '-1' is not allowed"),
        (
            "--explain --surrogate atan --neuron lif --beta 0.5 --threshold 1 --reset zero --weight-bits 8 --epochs 8 "
            "--learning-rate 0.001 --batch-size 16 --dropout 0.1 --loss ce_count --activity-penalty 0.1 "
            "--gradient-clip 1",
            "13 choices to explain (surrogate, neuron, beta, threshold, ",
        ),
    ],
)
def test_refused_in_one_line(arguments: str, said: str, run: Run) -> None:
    assert said in refused(run, "predict", *arguments.split())


def test_explaining_loads_nothing_heavy() -> None:
    script = (
        f"import sys; sys.argv = ['spikecast', *{QUESTION}]\n"
        "from spikecast_cli.main import main\n"
        "try: main()\n"
        "except SystemExit as exit: assert exit.code == 0\n"
        "heavy = {'torch', 'snntorch', 'tonic', 'sklearn', 'xgboost', 'scipy', 'pandas', 'numba', 'pyarrow'}\n"
        "sys.exit(f'loaded {heavy & set(sys.modules)}' if heavy & set(sys.modules) else 0)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
