"""``spikecast fit``: retrain the predictor on a data folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

import spikecast
from spikecast_cli.tables import plain_console, score_table


def fit(
    data: Annotated[Path, typer.Option(help="Data folder made by spikecast characterize.")],
    out: Annotated[Path, typer.Option(help="Folder of the new predictor bundle.")],
    jobs: Annotated[int, typer.Option(min=1, help="Processes to fit in.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest as JSON.")] = False,
) -> None:
    """Fit a predictor on measured rows and show how good it is, beside baselines and seed noise."""
    with Console(stderr=True).status("fitting") as status:
        manifest = spikecast.predictor.fit.fit(data, out, jobs, status.update)
    if as_json:
        print(json.dumps(manifest, indent=2))
    else:
        _show(manifest, out)


def _show(manifest: dict[str, Any], out: Path) -> None:
    console = plain_console()
    data, outcome = manifest["data"], manifest["outcome"]["cross_validation"]
    console.print(f"{out}: fitted on {data['rows']} rows of {data['configurations']} configurations")
    console.print(
        f"outcome: {outcome['right']:.1%} right (commonest outcome {outcome['baseline_right']:.1%}), "
        f"log loss {outcome['log_loss']:.3f} (shares alone {outcome['baseline_log_loss']:.3f})"
    )
    for name, target in manifest["targets"].items():
        console.print(score_table(name, target))
