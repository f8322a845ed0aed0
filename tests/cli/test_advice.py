"""``spikecast recommend``, ``pareto``, ``sensitivity`` and ``compare`` as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from spikecast.choices import TrainingChoices

from .conftest import Run, hide, printed, refused

#: A small part of the space, so that few candidates are predicted.
FEW = ["--fix", "surrogate=sre,neuron=lapicque", "--fix", "beta=0.6", "--candidates", "32"]
RECOMMEND = ["recommend", "--minimize", "latency", "--min-accuracy", "0.6", *FEW]


pytestmark = pytest.mark.usefixtures("folder")


def shown(run: Run, *arguments: str) -> str:
    """What a command prints; it fits the terminal, and nothing in it is cut off."""
    out = printed(run, *arguments)
    assert max(map(len, out.splitlines())) <= 80
    assert "…" not in out
    return out


def test_recommend_prints_and_json_agree(run: Run) -> None:
    text = shown(run, *RECOMMEND)
    code, out, _ = run(*RECOMMEND, "--json")
    assert code == 0
    answer = json.loads(out)
    (best,) = answer["recommendations"]
    assert best["choices"]["surrogate"] == "spike_rate_escape"
    assert best["choices"]["beta"] == 0.6
    assert best["accuracy"]["value"] >= 0.6
    assert best["in_domain"] is True
    assert f"{best['accuracy']['value']:.3f}" in text
    assert f"{best['latency_us']['low']:,.1f}-{best['latency_us']['high']:,.1f}" in text
    assert f"of {answer['tried']:,}" in text
    assert "one pair can do it" in " ".join(text.split())


def test_recommend_verifies(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[TrainingChoices] = []
    measured_row = {"status": "ok", "accuracy": 0.0, "sparsity": 0.9, "latency_cycles": 30_000.0}

    def run_trial(choices: TrainingChoices, hardware: object) -> SimpleNamespace:  # noqa: ARG001
        asked.append(choices)
        return SimpleNamespace(row=measured_row, network=None)

    monkeypatch.setattr("spikecast.characterize.run_trial", run_trial)
    code, out, err = run(*RECOMMEND, "--verify", "--json")
    assert code == 0
    assert "1/1" in err
    answer = json.loads(out)
    (verified,) = answer["verification"]
    (best,) = answer["recommendations"]
    assert asked == [TrainingChoices(**best["choices"], seed=0)]
    measured = {check["target"]: check for check in verified["checks"]}
    assert measured["accuracy"]["measured"] == 0.0
    assert measured["accuracy"]["inside"] is False
    assert measured["accuracy"]["predicted"] == best["accuracy"]
    assert measured["latency_us"]["measured"] == 300.0
    text = shown(run, *RECOMMEND, "--verify")
    inside = sum(check["inside"] for check in measured.values())
    assert f"{inside} of 3 measured values lie inside their 90 % intervals" in text


def test_a_trial_that_fails_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = SimpleNamespace(row={"status": "failed", "error": "MemoryError: no room"}, network=None)
    monkeypatch.setattr("spikecast.characterize.run_trial", lambda *_: failed)
    assert "1 failed: MemoryError: no room" in shown(run, *RECOMMEND, "--verify")


def test_verifying_without_what_trains(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    hide("torch", ("spikecast.snn.", "spikecast.characterize.trial"), monkeypatch)
    assert refused(run, *RECOMMEND, "--verify") == (
        "spikecast: recommend --verify needs torch, which is not installed: pip install 'spikecast[train]'\n"
    )


def test_pareto_prints_draws_and_json(folder: Path, run: Run) -> None:
    text = shown(run, "pareto", *FEW, "--out", "front.html")
    code, out, _ = run("pareto", *FEW, "--json")
    assert code == 0
    answer = json.loads(out)
    assert answer["cost"] == "latency_us"
    assert f"of {len(answer['front'])} points on the front of {answer['tried']:,} candidates" in text
    for end in (answer["front"][0], answer["front"][-1]):
        assert f"{end['accuracy']:.3f}" in text
        assert f"{end['latency_us_low']:,.1f}-{end['latency_us_high']:,.1f}" in text
    assert "<title>Accuracy against latency" in (folder / "front.html").read_text()


def test_sensitivity_prints_draws_and_json(folder: Path, run: Run) -> None:
    command = ["sensitivity", "--of", "slope", "--to", "500", "--points", "4", "--surrogate", "atan", "--beta", "0.5"]
    text = shown(run, *command, "--out", "slope.html")
    code, out, _ = run(*command, "--json")
    assert code == 0
    points = json.loads(out)["points"]
    assert [point["slope"] for point in points] == pytest.approx([0.5, 5, 50, 500])
    assert [point["in_domain"] for point in points] == [True, True, False, False]
    assert "500 *" in text
    assert "atan, leaky beta 0.5, threshold 1.5" in text
    assert "* outside what was measured" in text
    assert f"{points[0]['sparsity_low']:.3f}-{points[0]['sparsity_high']:.3f}" in text
    assert "<title>Effect of slope" in (folder / "slope.html").read_text()


def test_sensitivity_to_a_category(run: Run) -> None:
    text = shown(run, "sensitivity", "--of", "surrogate", "--learning-rate", "0.002")
    assert all(f"\n  {name} " in text for name in ("atan", "fs", "sre"))


def test_compare_prints_and_json_agree(run: Run) -> None:
    command = ["compare", "neuron=lif", "neuron=lapicque, beta=0.6", "--surrogate", "atan", "--beta", "0.45"]
    text = " ".join(shown(run, *command).split())
    code, out, _ = run(*command, "--json")
    assert code == 0
    answer = json.loads(out)
    assert (answer["a"]["choices"]["beta"], answer["b"]["choices"]["beta"]) == (0.45, 0.6)
    assert answer["a"]["choices"]["surrogate"] == answer["b"]["choices"]["surrogate"] == "atan"
    for difference in answer["differences"]:
        change = difference["change"]
        sign, form = ("x ", ".2f") if difference["kind"] == "ratio" else ("", "+.3f")
        assert f"{sign}{change['value']:{form}}" in text
        assert f"{change['low']:{form}} to {change['high']:{form}}" in text
    unclear = [difference for difference in answer["differences"] if not difference["tells"]]
    assert text.count("no difference that this model can tell") == len(unclear)
    assert "taken as independent" in text


def test_compare_with_itself(run: Run) -> None:
    text = shown(run, "compare", "slope=500", "slope=500")
    assert text.count("no difference that this model can tell") == 4
    assert text.count("OUTSIDE what was measured: slope 500") == 2


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("recommend", "nothing to look for: give minimize"),
        (
            "recommend --minimize speed",
            "unknown number to minimize 'speed': did you mean spikes? allowed: latency, energy, spikes",
        ),
        ("recommend --maximize accuracy --max-latency-us fast", "--max-latency-us 'fast' is no number"),
        ("recommend --maximize accuracy --min-accuracy 92", "min accuracy 92 is not a share: give 0 to 1"),
        ("recommend --maximize accuracy --top 0", "--top"),
        ("recommend --maximize accuracy --candidates 0", "--candidates"),
        ("recommend --maximize accuracy --fix neuron", "--fix 'neuron' is no choice: write name=value"),
        ("recommend --maximize accuracy --fix nuron=lif", "unknown choice 'nuron': did you mean neuron"),
        ("recommend --maximize accuracy --fix beta=0.5,beta=0.6", "--fix gives beta twice, 0.5 and 0.6: give it once"),
        ("recommend --maximize accuracy --fix beta=2", "beta '2' is not allowed"),
        ("recommend --maximize accuracy --fix timesteps=99", "timesteps 99 was never measured"),
        ("recommend --maximize accuracy --model none", "no predictor bundle at none"),
        ("pareto --x cost", "unknown cost 'cost': allowed: latency, energy, sparsity"),
        ("pareto --out front.pdf", "cannot write a figure to front.pdf: use a name that ends in .html or .png"),
        ("pareto --out none/front.html", "there is no folder none: make it first"),
        ("sensitivity", "Missing option '--of'"),
        ("sensitivity --of slop", "unknown choice to sweep 'slop': did you mean slope"),
        ("sensitivity --of slope --slope 3", "slope 3 is given, but slope is swept: leave it out"),
        ("sensitivity --of slope --from abc", "--from 'abc' is no number"),
        ("sensitivity --of slope --from nan", "slope nan is not allowed"),
        ("sensitivity --of neuron --to 3", "neuron has no ends to sweep between: it goes through"),
        ("compare neuron=lif", "Missing argument 'B'"),
        ("compare neuron=lif neuron:lapicque", "B 'neuron:lapicque' is no choice: write name=value"),
        ("compare neuron=lif seed=1", "B gives a seed, 1: a prediction is for any seed, leave it out"),
        ("compare neuron=lf neuron=lif", "unknown neuron 'lf'"),
    ],
)
def test_bad_input_is_one_line(command: str, said: str, folder: Path, run: Run) -> None:
    assert said in refused(run, command)
    assert list(folder.iterdir()) == []


def test_help_lists_the_commands(run: Run) -> None:
    _, out, _ = run("--help")
    assert all(f" {command} " in out for command in ("recommend", "pareto", "sensitivity", "compare"))


def test_starting_loads_nothing_heavy() -> None:
    script = (
        "import sys, spikecast_cli.main\n"
        "heavy = {'torch', 'scipy', 'pandas', 'numba', 'numpy', 'plotly'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
