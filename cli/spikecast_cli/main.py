"""The ``spikecast`` command: subcommands, imported when they are called, and one line for any bad input."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from spikecast.errors import InputError

#: Every subcommand, with what ``--help`` says of it. A module holds a function of its own name, or an ``app`` of
#: further subcommands.
SUBCOMMANDS = {
    "predict": "Predict accuracy, sparsity and latency of a network from its training choices alone.",
    "recommend": "Search for the training choices that are predicted to do best within limits.",
    "pareto": "Search for the front of accuracy against a cost: choices that none other is predicted to beat in both.",
    "sensitivity": "Sweep one choice and predict every target; the other choices stay as given.",
    "compare": "Predict how network B differs from network A; options are choices that both share.",
    "characterize": "Train, simulate and time many configurations. Safe to interrupt: run it again to go on.",
    "fit": "Fit a predictor on measured rows and show how good it is, beside baselines and seed noise.",
    "evaluate": (
        "Compare predictions with measured rows: errors beside baselines and seed noise, coverage, hard splits."
    ),
    "simulate": (
        "Run a network on event-driven hardware, or time a trace again: spikes, cycles, energy, layer by layer."
    ),
    "report": (
        "Write the study of a data folder: one page that works offline, with the source's claims beside the rows."
    ),
    "serve": "Answer predictions over HTTP until interrupted; what is in flight is finished first.",
    "hardware": "List, show and check hardware descriptions; find the best allocation of cores.",
    "models": "List, show and compare predictor bundles.",
    "data": "Check data folders made by spikecast characterize.",
}


class LazyGroup(TyperGroup):
    """The subcommands of ``SUBCOMMANDS``."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {name: TyperCommand(name, help=text) for name, text in SUBCOMMANDS.items()}

    def resolve_command(self, *arguments: Any) -> tuple[Any, Any, list[str]]:
        """The subcommand itself, in place of the line that stands for it."""
        name, _, rest = super().resolve_command(*arguments)
        return name, name and load_subcommand(name), rest


def load_subcommand(name: str) -> Any:
    """Import a subcommand."""
    module = import_module(f"spikecast_cli.{name}")
    if hasattr(module, "app"):
        group = get_group(module.app)
        group.name, group.help = name, SUBCOMMANDS[name]
        return group
    app = typer.Typer(add_completion=False)
    app.command(name)(getattr(module, name))
    return get_command(app)


#: Exit code of input that cannot be used.
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
    """Run the command line and exit: 0, 2 for what cannot be done, with one line why, or as a signal asks for."""
    arguments = sys.argv[1:] or ["--help"]
    ended_by = _end_as_if_interrupted()
    try:
        if sys.stdout is None:
            raise InputError("standard output is closed: open it, or send it to /dev/null")
        code = app(args=arguments, prog_name="spikecast", standalone_mode=False)
        # What is full says so only when the last line is written out.
        sys.stdout.flush()
    except InputError as error:
        _fail(str(error))
    except MemoryError:
        _fail("this takes more memory than there is: ask for less at once, or use a larger machine")
    except OSError as error:
        _drop_output()
        place = "standard output, or a file," if error.filename is None else error.filename
        _fail(f"cannot use {place}: {error.strerror or error}: use another path, or make room")
    except typer.TyperException as error:
        _fail(_usage_message(error))
    sys.exit(128 + ended_by[0] if ended_by else code if isinstance(code, int) else 0)


def _end_as_if_interrupted() -> list[int]:
    """Let SIGTERM and SIGHUP do what Ctrl-C does: workers end, and what is finished is kept.

    Returns:
        The signal that came, once it has; one that is ignored, as below nohup, stays so.
    """
    came: list[int] = []

    def end(number: int, _frame: object) -> None:
        came.append(number)
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, end)
    return came


def _drop_output() -> None:
    """Forget what standard output could not take: Python would try again at its end, and print a traceback."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage_message(error: typer.TyperException) -> str:
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    return f"{message.rstrip('.')}; see spikecast --help"


def _fail(message: str) -> None:
    print(f"spikecast: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(BAD_INPUT)
