"""``spikecast evaluate``: how good a predictor is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

import spikecast
from spikecast._util.files import require_folder_path, whole_file
from spikecast.errors import InputError
from spikecast.wording import HEADINGS
from spikecast_cli.options import ModelOption
from spikecast_cli.tables import metric_head, plain_console, plain_table

if TYPE_CHECKING:
    from rich.table import Table

#: How metrics are printed.
_FORMATS = {
    "mae": ".4f",
    "mape_percent": ".1f",
    "within_5_percent": ".2f",
    "within_10_percent": ".2f",
    "spearman": ".3f",
    "r2": ".3f",
    "interval_coverage": ".2f",
}
#: Targets as column heads: the last word of each.
_SHORT = {name: heading.noun.split()[-1] for name, heading in HEADINGS.items() if name != "latency_us"}
#: What ``evaluate --split suggested`` compares, and how it is printed.
_COMPARED = (
    ("latency_cycles", "mape_percent", ".2f"),
    ("latency_cycles", "within_10_percent", ".3f"),
    ("sparsity", "mae", ".4f"),
    ("accuracy", "mae", ".4f"),
)


_TEST, _LEARNING, _SUGGESTED = "test", "learning", "suggested"
#: Splits that have pictures.
_DRAWN = (_TEST, _LEARNING, _SUGGESTED)


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
    if out is not None:
        require_folder_path(out, "an evaluation")
        if split in _DRAWN:
            spikecast.report.require_drawing("evaluate --out")
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
    return spikecast.evaluation.evaluate(spikecast.Predictor.load(model), data)


def _split(data: Path, model: Path | None, split: str, jobs: int) -> list[dict[str, Any]]:
    splits = spikecast.evaluation.SPLITS
    if split not in splits:
        raise InputError(f"--split {split!r} is not known: allowed: {', '.join((_TEST, *splits))}")
    with Console(stderr=True).status("fitting"):
        return list(spikecast.evaluation.evaluate_split(spikecast.Predictor.load(model), data, split, jobs))


def _write(out: Path, split: str, found: Any) -> None:
    """``<split>.json``, and its pictures as html, which work offline."""
    report = spikecast.report
    out.mkdir(exist_ok=True)
    with whole_file(out / f"{split}.json") as temporary:
        temporary.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if split == _TEST:
        report.write_figure(report.points_figure(found), out / "predicted-against-measured.html")
        report.write_figure(report.coverage_figure(found), out / "coverage.html")
    elif split == _LEARNING:
        report.write_figure(report.learning_figure(found), out / "learning.html")
    elif split == _SUGGESTED:
        report.write_figure(report.suggested_figure(found), out / "suggested.html")


def show_tested(console: Console, found: dict[str, Any]) -> None:
    """A model on the test rows."""
    console.print(f"{found['rows']} test networks that trained; 90 % intervals")
    for name, target in found["targets"].items():
        console.print(_target_table(name, target))
    console.print(_widths_table(found["targets"]))
    for choice, by_value in found["coverage"].items():
        console.print(_coverage_table(choice, by_value))
    if len(found["networks"]) > 1:
        console.print(_networks_table(found["networks"]))
    table = _scores_table("latency on hardware that no row was timed on", "hardware", found["hardware"])
    console.print(table)
    outcome = found["outcome"]
    console.print(
        f"outcome, {outcome['rows']} networks: {outcome['right']:.1%} right, F1 {outcome['f1']:.2f}, log loss "
        f"{outcome['log_loss']:.3f}, calibration error {outcome['calibration_error']:.3f}"
    )


def show_split(console: Console, split: str, found: list[dict[str, Any]]) -> None:
    """Models that were fitted on a part of the rows."""
    for name in ("latency_cycles", "sparsity", "accuracy"):
        scores = {_label(part): part["targets"].get(name, {}) for part in found}
        console.print(_scores_table(f"{name}, {split}", "", scores))


def show_suggested_curve(console: Console, found: list[dict[str, Any]]) -> None:
    """Errors of predictors fitted on random and on suggested rows, means over random beginnings."""
    starts = len(found[0]["random"])
    heads = (f"{target.removesuffix('_cycles')}\n{metric_head(metric)}" for target, metric, _ in _COMPARED)
    table = plain_table(f"errors on the test rows, mean of {starts} random beginnings", "", *heads)
    for part in found:
        for way in ("random", "suggested"):
            means = (
                format(sum(scores[target][metric] for scores in part[way]) / starts, form)
                for target, metric, form in _COMPARED
            )
            table.add_row(f"{part['fitted_rows']} rows, {way}", *means, end_section=way == "suggested")
    console.print(table)


def _label(part: dict[str, Any]) -> str:
    words = [part["left_out"]] if "left_out" in part else []
    if "shots" in part:
        words.append(f"{part['shots']} rows")
    elif "fitted_rows" in part:
        words.append(f"{part['fitted_rows']} rows")
    return ", ".join(words)


def _target_table(name: str, target: dict[str, Any]) -> Table:
    scores = {"this model": target}
    for label, baseline in target["baselines"].items():
        scores[label.removeprefix("baseline_").replace("_", " ")] = baseline
    if "rows" in target["seed_spread"]:
        scores["seed spread"] = target["seed_spread"]
    return _scores_table(name, "", scores)


def _widths_table(targets: dict[str, Any]) -> Table:
    table = plain_table(
        "90 % intervals: mean half width, on the scale of learning, beside that of intervals that are all alike",
        "",
        "covered",
        "half width",
        "all alike",
    )
    for name, target in targets.items():
        widths = (target["interval_width"], target["constant_width"])
        table.add_row(_SHORT[name], f"{target['interval_coverage']:.2f}", *(f"{width:.3f}" for width in widths))
    return table


def _scores_table(title: str, first: str, scores: dict[str, dict[str, Any]]) -> Table:
    metrics = [metric for metric in _FORMATS if any(metric in values for values in scores.values())]
    heads = ("covered" if metric == "interval_coverage" else metric_head(metric) for metric in metrics)
    table = plain_table(title, first, "rows", *heads)
    for label, values in scores.items():
        cells = (format(values[metric], _FORMATS[metric]) if metric in values else "-" for metric in metrics)
        table.add_row(label, str(values.get("rows", "-")), *cells)
    return table


def _networks_table(networks: list[dict[str, Any]]) -> Table:
    metrics = {"latency_cycles": "mape_percent", "sparsity": "mae", "accuracy": "mae"}
    heads = (f"{_SHORT[name]}\n{metric_head(metric)}" for name, metric in metrics.items())
    table = plain_table("each data set and network; below its errors, the seed spread", "", "rows", *heads, "covered")
    table.columns[0].overflow = "fold"
    for network in networks:
        targets = network["targets"]
        table.add_row(
            f"{network['dataset']}\n{network['architecture']}",
            str(network["rows"]),
            *(_beside_spread(targets[name], metric) for name, metric in metrics.items()),
            f"{targets['latency_cycles']['interval_coverage']:.2f}",
        )
    return table


def _beside_spread(target: dict[str, Any], metric: str) -> str:
    values = (scores[metric] for scores in (target, target["seed_spread"]) if metric in scores)
    return "\n".join(format(value, _FORMATS[metric]) for value in values)


def _coverage_table(choice: str, by_value: dict[str, dict[str, Any]]) -> Table:
    table = plain_table(f"coverage by {choice}", choice, "rows", *_SHORT.values())
    for value, shares in by_value.items():
        table.add_row(value.replace("_", " "), str(shares["rows"]), *(f"{shares[name]:.2f}" for name in _SHORT))
    return table
