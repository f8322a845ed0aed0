"""The ``spikecast`` command: its subcommands, and one line with exit code 2 for any bad input."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from spikecast.errors import InputError
from spikecast_cli.lazy_group import LazyGroup

BAD_INPUT = 2

app = typer.Typer(
    name="spikecast",
    cls=LazyGroup,
    help="Predict how a spiking neural network will behave on event-driven hardware from its training choices.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"spikecast {version('spikecast')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line and exit."""
    arguments = sys.argv[1:] or ["--help"]
    try:
        code = app(args=arguments, prog_name="spikecast", standalone_mode=False)
    except InputError as error:
        _fail(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        _fail(f"cannot use {error.filename}: {error.strerror}: use another path, or make room")
    except typer.TyperException as error:
        _fail(_usage_message(error))
    sys.exit(code if isinstance(code, int) else 0)


def _usage_message(error: typer.TyperException) -> str:
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    return f"{message.rstrip('.')}; see spikecast --help"


def _fail(message: str) -> None:
    print(f"spikecast: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(BAD_INPUT)
