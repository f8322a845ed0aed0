"""``spikecast fit``: retrain the predictor on a data folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table


def fit(
    data: Annotated[Path, typer.Option(help="Data folder made by spikecast characterize.")],
    out: Annotated[Path, typer.Option(help="Folder of the new predictor bundle.")],
    jobs: Annotated[int, typer.Option(min=1, help="Processes to fit in.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest as JSON.")] = False,
) -> None:
    """Fit a predictor on measured rows and show how good it is, beside baselines and seed noise."""
    from rich.console import Console

    from spikecast.predictor.fit import fit as fit_bundle

    with Console(stderr=True).status("fitting"):
        manifest = fit_bundle(data, out, jobs)
    if as_json:
        print(json.dumps(manifest, indent=2))
    else:
        _show(manifest, out)


def _show(manifest: dict[str, Any], out: Path) -> None:
    from rich.console import Console

    console = Console()
    data, outcome = manifest["data"], manifest["outcome"]["cross_validation"]
    console.print(f"{out}: fitted on {data['rows']} rows of {data['configurations']} configurations")
    console.print(
        f"outcome: {outcome['right']:.1%} right (commonest outcome {outcome['baseline_right']:.1%}), "
        f"log loss {outcome['log_loss']:.3f} (shares alone {outcome['baseline_log_loss']:.3f})"
    )
    for name, target in manifest["targets"].items():
        console.print(_score_table(name, target))


#: Metrics as column heads.
_HEADS = {
    "mae": "MAE",
    "mape_percent": "MAPE %",
    "within_5_percent": "in 5 %",
    "within_10_percent": "in 10 %",
    "spearman": "Spearman",
    "r2": "R2",
}


def _score_table(name: str, target: dict[str, Any]) -> Table:
    from spikecast_cli.tables import plain_table

    validation, shipped = target["cross_validation"], target["model"]
    heads = [_HEADS[metric] for metric in validation["models"][shipped]]
    table = plain_table(f"{name}, cross-validated by configuration", "model", *heads)

    def add(label: str, scores: dict[str, float], last: bool = False) -> None:
        cells = (f"{scores[m]:.4g}" if m in scores else "-" for m in validation["models"][shipped])
        table.add_row(label.replace("_", " "), *cells, end_section=last)

    for number, (model, scores) in enumerate(validation["models"].items(), start=1):
        chosen = " (shipped)" if model == shipped else ""
        add(f"{model}{chosen}", scores, last=number == len(validation["models"]))
    for model, scores in validation["baselines"].items():
        add(model, scores)
    add("seed-to-seed spread", validation["seed_spread"], last=True)
    if target["test"]:
        add("shipped, on test split", target["test"])
    return table
