"""``spikecast evaluate``: how good a predictor is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from spikecast_cli.common_options import ModelOption

_TEST, _LEARNING, _SUGGESTED = "test", "learning", "suggested"


def evaluate(
    data: Annotated[Path, typer.Option(help="Data folder made by spikecast characterize.")],
    model: ModelOption = None,
    split: Annotated[
        str,
        typer.Option(
            help="test: the model on rows that it never saw. All others fit models like it anew: leave-surrogate-out, "
            "leave-neuron-out, leave-dataset-out, leave-architecture-out, beyond-slope, beyond-threshold, learning, "
            "few-shot, suggested."
        ),
    ] = _TEST,
    out: Annotated[Path | None, typer.Option(help="Folder for the split as JSON and its pictures.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes to fit in.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Compare predictions with measured rows: errors beside baselines and seed noise, coverage, hard splits."""
    from spikecast.output_path import require_folder_path
    from spikecast_cli.evaluation_tables import show_split, show_suggested_curve, show_tested
    from spikecast_cli.tables import plain_console

    if out is not None:
        require_folder_path(out, "an evaluation")
    found = _tested(data, model) if split == _TEST else _split(data, model, split, jobs)
    if out is not None:
        _write(out, split, found)
    if as_json:
        print(json.dumps(found, indent=2))
    elif isinstance(found, dict):
        show_tested(plain_console(), found)
    elif split == _SUGGESTED:
        show_suggested_curve(plain_console(), found)
    else:
        show_split(plain_console(), split, found)


def _tested(data: Path, model: Path | None) -> dict[str, Any]:
    from spikecast.evaluation.evaluate import evaluate as evaluate_model
    from spikecast.predictor import Predictor

    return evaluate_model(Predictor.load(model), data)


def _split(data: Path, model: Path | None, split: str, jobs: int) -> list[dict[str, Any]]:
    from rich.console import Console

    from spikecast.errors import InputError
    from spikecast.evaluation.evaluate import SPLITS, evaluate_split
    from spikecast.predictor import Predictor

    if split not in SPLITS:
        raise InputError(f"--split {split!r} is not known: allowed: {', '.join((_TEST, *SPLITS))}")
    with Console(stderr=True).status("fitting"):
        return list(evaluate_split(Predictor.load(model), data, split, jobs))


def _write(out: Path, split: str, found: Any) -> None:
    """``<split>.json``, and its pictures as html, which work offline."""
    from spikecast.report.evaluation.coverage import coverage_figure
    from spikecast.report.evaluation.learning import learning_figure
    from spikecast.report.evaluation.points import points_figure
    from spikecast.report.evaluation.suggested import suggested_figure
    from spikecast.report.figure_file import write_figure
    from spikecast.whole_file import whole_file

    out.mkdir(exist_ok=True)
    with whole_file(out / f"{split}.json") as temporary:
        temporary.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if split == _TEST:
        write_figure(points_figure(found), out / "predicted-against-measured.html")
        write_figure(coverage_figure(found), out / "coverage.html")
    elif split == _LEARNING:
        write_figure(learning_figure(found), out / "learning.html")
    elif split == _SUGGESTED:
        write_figure(suggested_figure(found), out / "suggested.html")
