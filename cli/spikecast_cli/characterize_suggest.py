"""``spikecast characterize --suggest``: what to measure next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from spikecast.errors import InputError

if TYPE_CHECKING:
    from spikecast.advise import Suggestion
    from spikecast.choices import TrainingChoices
    from spikecast.predictor import Predictor

#: Options of suggestions alone, and those that they share with runs; all others say how to run trials.
_OWN = ("model", "data")
_SHARED = ("space", "out", "hardware", "as_json")


def require_fitting_options(context: typer.Context) -> None:
    """Check that the given options go with ``--suggest``, or without it.

    Raises:
        InputError: one does not.
    """
    suggests = context.params["suggest"] is not None
    for parameter in context.command.params:
        name = str(parameter.name)
        source = context.get_parameter_source(name)
        if source is None or source.name == "DEFAULT":
            continue
        value = context.params[name]
        spelled = parameter.opts[0] if value is True else f"{parameter.opts[0]} {value}"
        if parameter.param_type_name == "argument":
            spelled = str(value)
        if suggests and name not in ("suggest", *_OWN, *_SHARED):
            raise InputError(f"{spelled} does not go with --suggest, which runs nothing: leave one of them out")
        if not suggests and name in _OWN:
            raise InputError(f"{spelled} is for suggestions alone: add --suggest N, or leave it out")


def show_suggestion(
    count: int,
    space: Path | None,
    out: Path | None,
    data: Path | None,
    model: Path | None,
    hardware: str,
    as_json: bool,
) -> None:
    """Suggest what to measure, print it, and write it as a space if there is an ``out``."""
    from rich.console import Console

    from spikecast.advise import suggest
    from spikecast.characterize.space import load_space
    from spikecast.characterize.space_file import write_space
    from spikecast.output_path import require_file_path
    from spikecast.predictor import Predictor
    from spikecast_cli.advice_tables import warn_of
    from spikecast_cli.suggestion_tables import show_suggested
    from spikecast_cli.tables import plain_console

    if out is not None:
        require_file_path(out, "a space", ".yaml", ".yml")
    candidates = None if space is None else load_space(space).trials()
    if out is not None and space is not None and out.exists() and out.samefile(space):
        raise InputError(f"--out {out} is the space to choose from: use another name")
    measured = [] if data is None else _measured(data)
    predictor = Predictor.load(model)
    with Console(stderr=True).status("searching"):
        found = suggest(predictor, count, candidates, measured_since=measured, hardware=hardware)
    trials = [one.choices for one in found.networks]
    warn_of(choices.model_dump() for choices in trials)
    if out is not None:
        write_space(out, out.stem, _description(found, predictor), trials)
    if as_json:
        print(json.dumps(found.to_dict(), indent=2))
    else:
        show_suggested(plain_console(), found, out)


def _measured(data: Path) -> list[TrainingChoices]:
    """The finished trials of a data folder."""
    from spikecast.characterize.finished import finished_rows, require_store
    from spikecast.rows import choices_of

    require_store(data)
    return [choices_of(row) for row in finished_rows(data).to_dict("records")]


def _description(found: Suggestion, predictor: Predictor) -> str:
    fitted = predictor.manifest["data"]["sha256"][:12]
    return (
        f"suggested by spikecast: {len(found.networks)} of {found.candidates} candidates, those of which the predictor "
        f"fitted on data {fitted} is least sure"
    )
