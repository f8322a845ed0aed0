"""Pages of the documentation as programs: their blocks, run in order in a folder of their own.

What a block's language means:

- ``console``: commands behind ``$``, each followed by what it prints; ``...`` stands for anything, space for any space
- ``sh``: commands; those that install are left to ``scripts/fresh_machine.py``
- ``python``: a program; all of a page share their names. ``pycon``: the same with what it prints
- ``yaml``: a file, if its first line is a comment with its name
- ``text``, ``bibtex``, ``mermaid``: nothing to run
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any, Self
from unittest import mock

import yaml
from joblib.externals.loky import get_reusable_executor

from spikecast_cli.main import main

REPOSITORY = Path(__file__).parents[2]
#: What commands of the documentation may name, relative to the repository.
_NAMED = ("data", "models", "spaces", "constraints.txt", "src")
_INSTALLS = ("pip install", "make ", "git clone", "python3 -m venv", ". .venv/")
_STARTS = ("spikecast serve", "dask scheduler", "dask worker")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECONDS = 300
#: A command line that holds one of these is for a shell.
_SHELL = frozenset("|&;<>*?~`\"\\'$(){}#")


@dataclass(frozen=True)
class Block:
    """One fenced block: ``start`` and ``end`` are positions of its text in the page."""

    page: Path
    language: str
    text: str
    start: int
    end: int

    @property
    def where(self) -> str:
        """Page and line, for messages."""
        line = self.page.read_text(encoding="utf-8").count("\n", 0, self.start) + 1
        return f"{self.page.relative_to(REPOSITORY)}:{line}"


@dataclass(frozen=True)
class Command:
    """A command and the output that the page shows; None where it shows none."""

    line: str
    shown: str | None


def pages() -> list[Path]:
    """All pages of the documentation."""
    cards = REPOSITORY.glob("data/*/README.md")
    return [*sorted(REPOSITORY.glob("*.md")), *sorted(REPOSITORY.glob("docs/**/*.md")), *sorted(cards)]


def blocks_of(page: Path) -> list[Block]:
    """The fenced blocks of a page."""
    return [
        Block(page, found[1], found[2], found.start(2), found.end(2))
        for found in _FENCE.finditer(page.read_text(encoding="utf-8"))
    ]


def commands_of(block: Block) -> list[Command]:
    """Commands of a ``console`` or ``sh`` block."""
    text = re.sub(r"\\\n\s*", " ", block.text)
    if block.language == "sh":
        return [Command(line, None) for line in map(_without_comment, text.splitlines()) if line]
    parts = (part.partition("\n") for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:])
    return [Command(_without_comment(line), shown or None) for line, _, shown in parts]


def _without_comment(line: str) -> str:
    return re.sub(r"(^|\s)#\s.*", "", line).strip()


def agrees(shown: str, printed: str) -> bool:
    """Whether output is what the page shows."""
    parts = [re.escape(re.sub(r"\s", "", part)) for part in shown.split("...")]
    return re.fullmatch(".*?".join(parts), re.sub(r"\s", "", printed), re.DOTALL) is not None


@dataclass
class Workplace(AbstractContextManager["Workplace"]):
    """A folder that looks like the repository to commands, with the names of a page's programs."""

    folder: Path
    names: dict[str, Any] = field(default_factory=dict)
    _services: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _jobs_elsewhere: bool = True

    def __enter__(self) -> Self:
        for name in _NAMED:
            (self.folder / name).symlink_to(REPOSITORY / name)
        return self

    def __exit__(self, *_: object) -> None:
        if not self._jobs_elsewhere:
            # The folder that they are in goes away.
            get_reusable_executor().shutdown()
        for service in self._services:
            service.send_signal(signal.SIGTERM)
        for service in self._services:
            service.wait(timeout=60)

    def run(self, block: Block) -> Iterator[tuple[str, str, str]]:
        """Run a block; yields (what was run, what the page shows, what was printed) where the page shows output.

        Raises:
            AssertionError: something failed.
        """
        if block.language in ("console", "sh"):
            for command in commands_of(block):
                if command.line.startswith(_INSTALLS):
                    continue
                printed = self._command(command, block.where)
                if command.shown is not None:
                    yield command.line, command.shown, printed
        elif block.language == "python":
            with chdir(self.folder):
                exec(compile(block.text, block.where, "exec"), self.names)
        elif block.language == "pycon":
            self._session(block)
        elif block.language == "yaml":
            named = re.match(r"# (\S+\.ya?ml)\n", block.text)
            yaml.safe_load(block.text)
            if named:
                (self.folder / named[1]).write_text(block.text, encoding="utf-8")
        else:
            assert block.language in ("text", "bibtex", "mermaid"), f"{block.where}: no language that tests know"

    def _command(self, command: Command, where: str) -> str:
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "COLUMNS": "80",
            "SPIKECAST_ADMIN_TOKEN": "secret",
        }
        if command.line.startswith(_STARTS):
            self._services.append(subprocess.Popen(command.line.split(), cwd=self.folder, env=environment))
            if port := re.search(r"--port (\d+)", command.line):
                _wait_until_answered(int(port[1]))
            return ""
        if command.line.startswith("spikecast ") and not _SHELL.intersection(command.line):
            code, out, err = self._here(shlex.split(command.line), environment)
        else:
            shell = ["bash", "-c", command.line]
            done = subprocess.run(
                shell, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=_SECONDS
            )
            code, out, err = done.returncode, done.stdout, done.stderr
        refused = command.shown is not None and command.shown.startswith("spikecast: ")
        assert code == (2 if refused else 0), f"{where}: {command.line}\n{out}{err}"
        return err if refused else out

    def _here(self, words: list[str], environment: dict[str, str]) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of a spikecast command in this process, which has imported everything."""
        # Workers of before are in another folder.
        if "--jobs" in words and self._jobs_elsewhere:
            get_reusable_executor().shutdown()
            self._jobs_elsewhere = False
        with (
            chdir(self.folder),
            mock.patch.dict(os.environ, environment),
            mock.patch.object(sys, "argv", words),
            redirect_stdout(StringIO()) as out,
            redirect_stderr(StringIO()) as err,
        ):
            try:
                main()
            except SystemExit as ended:
                return int(ended.code or 0), out.getvalue(), err.getvalue()
        raise AssertionError("a command exits")

    def _session(self, block: Block) -> None:
        test = doctest.DocTestParser().get_doctest(block.text, self.names, block.where, None, 0)
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        said: list[str] = []
        with chdir(self.folder):
            runner.run(test, out=said.append, clear_globs=False)
        self.names.update(test.globs)
        assert not runner.failures, "".join(said)


def _wait_until_answered(port: int) -> None:
    for _ in range(300):
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError(f"nothing answers at port {port}")
