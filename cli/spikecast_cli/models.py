"""``spikecast models``: the predictor bundles that there are, what each is, and what changed between two."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import spikecast
from spikecast_cli.options import AsJson
from spikecast_cli.tables import metric_head, plain_console, plain_table, score_table

if TYPE_CHECKING:
    from rich.table import Table


app = typer.Typer()

_MODEL_HELP = "A shipped model, or a bundle's folder."


@app.command("list")
def list_(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Bundles, or folders of bundles, beside those that ship.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List bundles, and whether they are intact."""
    found = spikecast.predictor.shipped_models() | {
        str(bundle): bundle for folder in folders or () for bundle in spikecast.predictor.bundles_in(folder)
    }
    listed = [
        {"name": name, "folder": str(bundle), **spikecast.predictor.summary(bundle)} for name, bundle in found.items()
    ]
    if as_json:
        print(json.dumps(listed, indent=2))
    else:
        show_list(listed)


@app.command()
def show(
    model: Annotated[str, typer.Argument(help=_MODEL_HELP)] = "default",
    as_json: AsJson = False,
) -> None:
    """Show a model's card: data, hardware, scores beside baselines and seed noise, files."""
    folder = spikecast.predictor.model_folder(model)
    manifest, _ = spikecast.predictor.read_bundle(folder)
    if as_json:
        print(json.dumps({"name": model, "folder": str(folder), **manifest}, indent=2))
    else:
        show_card(model, folder, manifest)


@app.command()
def diff(
    a: Annotated[str, typer.Argument(help=_MODEL_HELP, show_default=False)],
    b: Annotated[str, typer.Argument(help="The same, to compare it with.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Show what changed from one model to another: data, versions, chosen models, scores."""
    found = spikecast.predictor.model_diff(
        *(spikecast.predictor.read_bundle(spikecast.predictor.model_folder(model))[0] for model in (a, b))
    )
    if as_json:
        print(json.dumps({"a": a, "b": b, **found}, indent=2))
    else:
        show_diff(a, b, found)


def show_list(listed: list[dict[str, Any]]) -> None:
    """Bundles line by line, then their headline scores side by side."""
    console = plain_console()
    table = plain_table("models", "name", "format", "spikecast", "rows", "config.", "targets", "size", "")
    _fold_names(table)
    for bundle in listed:
        table.add_row(bundle["name"], *_facts(bundle), "intact" if bundle["intact"] else "UNUSABLE")
    console.print(table)
    intact = [bundle for bundle in listed if bundle["intact"]]
    if intact:
        console.print(_headline_table(intact))
    for bundle in listed:
        if not bundle["intact"]:
            console.print(bundle["problem"], soft_wrap=True)


def show_card(name: str, folder: Path, manifest: dict[str, Any]) -> None:
    """Everything about one bundle."""
    console, entries = plain_console(), spikecast.predictor.Entries(manifest)
    data, hardware, files = entries["data"], entries["hardware"], entries["files"]
    statuses = ", ".join(f"{count} {status}" for status, count in data["status"].items())
    versions = ", ".join(f"{package} {number}" for package, number in entries["versions"].items())
    console.print(f"{name}: {folder}", soft_wrap=True)
    console.print(f"format {entries['format']}, intact; {entries['coverage']:.0%} intervals")
    console.print(
        f"data {data['sha256'][:12]}: fitted on {data['rows']} rows of {data['configurations']} configurations; "
        f"{data['test_rows']} test rows; of all, {statuses}"
    )
    console.print(f"hardware {hardware['name']}, {hardware['clock_mhz']:g} MHz: {hardware['description']}")
    console.print(f"made with {versions}\n")
    console.print(_outcome_table(entries["outcome"]))
    for target, entry in entries["targets"].items():
        console.print(score_table(target, entry))
    table = plain_table(f"{len(files)} files, {_size(sum(file['bytes'] for file in files.values()))}", "file", "size")
    table.add_column("sha256")
    for file_name, file in files.items():
        table.add_row(file_name, _size(file["bytes"]), file["sha256"][:12])
    # By now all that this card has a place for was read.
    if further := entries.unread():
        console.print(_text_table("further entries", {name: [str(value)] for name, value in further.items()}, ""))
    console.print(table)


def show_diff(a: str, b: str, found: dict[str, Any]) -> None:
    """What changed, and the scores of both."""
    console = plain_console()
    console.print(f"A  {a}\nB  {b}\n", soft_wrap=True)
    if found["changed"]:
        changed = {name: _cells(pair["a"], pair["b"]) for name, pair in found["changed"].items()}
        console.print(_text_table("changed", changed, "A", "B"))
    else:
        console.print("same data, versions and models")
    console.print(_scores("cross-validation of the shipped models", found["cross_validation"]))
    console.print(_scores("test split", found["test"]))
    if "data.sha256" in found["changed"]:
        console.print("the data are not the same: neither are the rows that the scores were taken on")


def _facts(bundle: dict[str, Any]) -> list[str]:
    """What is known of an intact bundle alone."""
    if not bundle["intact"]:
        return ["-"] * 6
    names = ("format", "spikecast", "rows", "configurations")
    return [*(str(bundle[name]) for name in names), str(len(bundle["targets"])), _size(bundle["bytes"])]


def _headline_table(listed: list[dict[str, Any]]) -> Table:
    """A column for each target and metric that a bundle names."""
    columns = {
        (target, metric): None
        for bundle in listed
        for target in bundle["targets"]
        for metric in bundle["scores"][target]
    }
    heads = ("\n".join([*target.split("_"), metric_head(metric)]) for target, metric in columns)
    table = plain_table("cross-validated scores of the shipped models", "name", *heads)
    _fold_names(table)
    for bundle in listed:
        values = (bundle["scores"].get(target, {}).get(metric) for target, metric in columns)
        table.add_row(bundle["name"], *map(_number, values))
    return table


def _fold_names(table: Table) -> None:
    """Names may be long paths: none of their letters is left out."""
    table.columns[0].overflow = "fold"


def _text_table(title: str, rows: dict[str, list[str]], *heads: str) -> Table:
    """A table of words, which may be long."""
    table = plain_table(title, "", *heads)
    for column in table.columns:
        column.justify, column.no_wrap, column.overflow = "left", False, "fold"
    for name, cells in rows.items():
        table.add_row(name, *cells)
    return table


def _outcome_table(outcome: Mapping[str, Any]) -> Table:
    scores = outcome["cross_validation"]
    table = plain_table("outcome, cross-validated by configuration", "", outcome["model"].replace("_", " "), "shares")
    for metric, value in scores.items():
        if not metric.startswith(spikecast.predictor.BASELINE):
            name = metric.replace("_", " ")
            table.add_row(name, _number(value), _number(scores.get(f"{spikecast.predictor.BASELINE}{metric}")))
    return table


def _scores(title: str, by_target: dict[str, Any]) -> Table:
    table = plain_table(title, "", "", "A", "B", "difference")
    table.columns[1].justify = "left"
    for target, metrics in by_target.items():
        label = target
        for metric, pair in metrics.items():
            difference = "-" if pair["difference"] is None else f"{pair['difference']:+.4g}"
            table.add_row(label, metric_head(metric), _number(pair["a"]), _number(pair["b"]), difference)
            label = ""
    return table


def _cells(a: Any, b: Any) -> list[str]:
    """Two values; of lists, what the other lacks."""
    if isinstance(a, list) and isinstance(b, list):
        return [", ".join(str(x) for x in own if x not in other) for own, other in ((a, b), (b, a))]
    return ["-" if value is None else str(value) for value in (a, b)]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"
