"""Runs commands as a user does, and where those run that ask a predictor."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from spikecast.predictor import Predictor
from spikecast_cli.main import main

#: One for all commands: most of a command's time goes into reading the bundle.
LOAD = cache(Predictor.load)


class Ran(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


class Run(Protocol):
    """Runs ``spikecast`` with these arguments; a single one is a whole line of them."""

    def __call__(self, *arguments: object) -> Ran: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs commands in this process, on a narrow terminal."""
    monkeypatch.setenv("COLUMNS", "80")

    def command(*arguments: object) -> Ran:
        words = str(arguments[0]).split() if len(arguments) == 1 else map(str, arguments)
        monkeypatch.setattr("sys.argv", ["spikecast", *words])
        with pytest.raises(SystemExit) as exit_:
            main()
        return Ran(int(exit_.value.code or 0), *capsys.readouterr())

    return command


def printed(run: Run, *arguments: object) -> str:
    """What a command that ends well prints to stdout."""
    code, out, err = run(*arguments)
    assert code == 0, err
    return out


def refused(run: Run, *arguments: object) -> str:
    """The one line of a command that cannot be done."""
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("spikecast: ")
    assert err.count("\n") == 1
    return err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and a predictor that is read once."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setattr(Predictor, "load", LOAD)
    return work


def hide(package: str, users: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a package look as if it were not installed.

    Args:
        users: beginnings of the names of the modules that import it: they are imported anew, and faces, which keep
            what they have given out, forget what came from them.
    """
    dropped = [name for name in sys.modules if users and name.startswith(users)]
    for face in [module for name, module in sys.modules.items() if name.startswith("spikecast.")]:
        for name in [*getattr(face, "__all__", ())]:
            if getattr(vars(face).get(name), "__module__", None) in dropped:
                monkeypatch.delitem(vars(face), name)
    for name in dropped:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
