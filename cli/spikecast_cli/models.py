"""``spikecast models``: the predictor bundles that there are, what each is, and what changed between two."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from spikecast_cli.common_options import AsJson

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
    from spikecast.model_card.bundles import bundles_in, shipped_models, summary
    from spikecast_cli.model_tables import show_list

    found = shipped_models() | {str(bundle): bundle for folder in folders or () for bundle in bundles_in(folder)}
    listed = [{"name": name, "folder": str(bundle), **summary(bundle)} for name, bundle in found.items()]
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
    from spikecast.model_card.bundles import model_folder
    from spikecast.predictor.bundle import read_bundle
    from spikecast_cli.model_tables import show_card

    folder = model_folder(model)
    manifest, _ = read_bundle(folder)
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
    from spikecast.model_card.bundles import model_folder
    from spikecast.model_card.diff import model_diff
    from spikecast.predictor.bundle import read_bundle
    from spikecast_cli.model_tables import show_diff

    found = model_diff(*(read_bundle(model_folder(model))[0] for model in (a, b)))
    if as_json:
        print(json.dumps({"a": a, "b": b, **found}, indent=2))
    else:
        show_diff(a, b, found)
