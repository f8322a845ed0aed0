"""Options: those that several commands share, one for each training choice, and what their texts mean."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

import typer
from pydantic.fields import FieldInfo

from spikecast.advise import CANDIDATES as CANDIDATES
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError, unknown_name

HardwareOption = Annotated[str, typer.Option(help="Shipped hardware or a YAML file.")]
ModelOption = Annotated[Path | None, typer.Option(help="Predictor bundle; the shipped one if left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
Fix = Annotated[
    list[str] | None, typer.Option(help="A choice to keep, such as neuron=lif; may be repeated.", metavar="NAME=VALUE")
]
Candidates = Annotated[int, typer.Option(min=1, help="About how many networks to predict.")]

Command = Callable[..., None]
Options = TypeVar("Options")


def with_options(kind: type[Options]) -> Callable[[Command], Command]:
    """Give a command an option per field of a dataclass; it receives them as one object, behind typer's context."""
    types = get_type_hints(kind, include_extras=True)
    parameters = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=inspect.Parameter.empty if field.default is MISSING else field.default,
            annotation=types[field.name],
        )
        for field in fields(kind)  # type: ignore[arg-type]
    ]

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def wrapper(context: typer.Context, **options: Any) -> None:
            command(context, kind(**options))

        context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
        return _with_signature(wrapper, [context, *parameters])

    return decorate


def with_choices(*, exclude: str) -> Callable[[Command], Command]:
    """Give a command an option per training choice; it receives those given as the dictionary ``choices``."""
    allowed = {name: field for name, field in TrainingChoices.model_fields.items() if name != exclude}

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def wrapper(**options: Any) -> None:
            given = {name: options.pop(name) for name in allowed}
            command(choices={name: value for name, value in given.items() if value is not None}, **options)

        own = inspect.signature(command, eval_str=True).parameters.values()
        parameters = [_option(name, field) for name, field in allowed.items()]
        return _with_signature(wrapper, parameters + [parameter for parameter in own if parameter.name != "choices"])

    return decorate


def _with_signature(command: Command, parameters: list[inspect.Parameter]) -> Command:
    """The command with other parameters: typer reads its options from its signature and annotations."""
    vars(command)["__signature__"] = inspect.Signature(parameters)
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


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
