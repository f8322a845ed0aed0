"""One command-line option per training choice, made from TrainingChoices itself."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_args

import typer
from pydantic.fields import FieldInfo

from spikecast.choices import TrainingChoices

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
