"""Numbers given on the command line.

Times as people write them: ``90s``, ``30m``, ``2h``.

Choices written as ``name=value``.

Options that several commands have.

One command-line option per training choice, made from TrainingChoices itself.

The options of commands that search: which choices to keep, and how long to look."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from pydantic.fields import FieldInfo

from spikecast.choices import TrainingChoices
from spikecast.errors import InputError
from spikecast.names import unknown_name


def parse_number(text: str | None, option: str) -> float | None:
    """The number that an option is given; None where it is left out.

    Raises:
        InputError: the text is no number.
    """
    try:
        return None if text is None else float(text)
    except ValueError:
        raise InputError(f"{option} {text!r} is no number: write it such as 0.5 or 200") from None


_SECONDS = {"s": 1, "m": 60, "h": 3600}


def parse_duration(text: str, option: str) -> float:
    """Seconds of a duration such as ``90s``, ``30m`` or ``1.5h``.

    Raises:
        InputError: it is none, or no time at all.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", text.strip())
    if not found or float(found[1]) == 0:
        raise InputError(
            f"{option} {text!r} is not allowed; allowed: a number above 0 with s, m or h: write 90s, 30m or 2h"
        )
    return float(found[1]) * _SECONDS[found[2]]


def spoken_duration(seconds: float) -> str:
    """About how long, in the largest fitting unit."""
    if 0 < seconds < 1:
        return "1 s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def parse_choices(texts: Iterable[str], source: str) -> dict[str, str]:
    """Choices by name from texts such as ``neuron=lif,beta=0.5``; values are checked where they are used.

    Args:
        source: the option or argument that they come from, for errors.

    Raises:
        InputError: a part is not ``name=value``, or a name is unknown, comes twice or is the seed.
    """
    choices: dict[str, str] = {}
    for part in (part.strip() for text in texts for part in text.split(",")):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        name = name.replace("-", "_")
        if not (name and equals and value):
            raise InputError(f"{source} {part!r} is no choice: write name=value, such as neuron=lif,beta=0.5")
        if name not in TrainingChoices.model_fields:
            raise unknown_name("choice", name, TrainingChoices.model_fields)
        if name == "seed":
            raise InputError(f"{source} gives a seed, {value}: a prediction is for any seed, leave it out")
        if name in choices:
            raise InputError(f"{source} gives {name} twice, {choices[name]} and {value}: give it once")
        choices[name] = value
    return choices


HardwareOption = Annotated[str, typer.Option(help="Shipped hardware or a YAML file.")]
ModelOption = Annotated[Path | None, typer.Option(help="Predictor bundle; the shipped one if left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


Command = Callable[..., None]


def with_choices(*, exclude: str) -> Callable[[Command], Command]:
    """Give a command an option per training choice; it receives those given as the dictionary ``choices``."""
    fields = {name: field for name, field in TrainingChoices.model_fields.items() if name != exclude}

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def wrapper(**options: Any) -> None:
            given = {name: options.pop(name) for name in fields}
            command(choices={name: value for name, value in given.items() if value is not None}, **options)

        own = inspect.signature(command, eval_str=True).parameters.values()
        parameters = [_option(name, field) for name, field in fields.items()]
        parameters += [parameter for parameter in own if parameter.name != "choices"]
        # typer reads a command's options from its signature and annotations.
        vars(wrapper)["__signature__"] = inspect.Signature(parameters)
        wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return wrapper

    return decorate


def _option(name: str, field: FieldInfo) -> inspect.Parameter:
    default = "" if field.is_required() else f" (default {field.default})"
    option = typer.Option(help=f"{field.description}{default}", show_default=False, metavar=_metavar(field))
    # Everything is taken as text: TrainingChoices reads numbers itself and its errors name value and range.
    annotation = Annotated[str | None, option]
    return inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=annotation)


def _metavar(field: FieldInfo) -> str:
    allowed = get_args(field.annotation)
    if allowed:
        return "|".join(map(str, allowed))
    if field.annotation is int:
        return "INTEGER"
    return "NUMBER" if field.annotation is float else "TEXT"


Fix = Annotated[
    list[str] | None, typer.Option(help="A choice to keep, such as neuron=lif; may be repeated.", metavar="NAME=VALUE")
]
Candidates = Annotated[int, typer.Option(min=1, help="About how many networks to predict.")]
#: As in ``spikecast.advise``, which is not imported before it is needed.
CANDIDATES = 8192
