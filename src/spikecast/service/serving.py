"""The predictor that answers now, and what takes its place."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from spikecast._util.files import shipped_path
from spikecast.errors import InputError
from spikecast.predictor import Predictor
from spikecast.service.monitoring import LOG, fields
from spikecast.service.problem import UnavailableError

#: Questions enough that numeric loops are compiled before anybody waits for them.
_WARM_UP = 64


class Serving:
    """Holds one predictor; ``refresh`` swaps in the bundle that lies in its folder now.

    A bundle that cannot be read leaves the predictor before it in place; ``trouble`` says why.
    """

    def __init__(self, model: Path | None) -> None:
        self.folder = shipped_path("models/default") if model is None else model
        self.trouble: str | None = None
        self._predictor: Predictor | None = None
        self._seen: frozenset[tuple[str, int, int, int]] | None = None
        self._lock = threading.Lock()
        self.refresh()

    @property
    def predictor(self) -> Predictor:
        """The predictor that answers.

        Raises:
            UnavailableError: there is none yet.
        """
        if self._predictor is None:
            raise UnavailableError(f"there is no model to answer with: {self.trouble}")
        return self._predictor

    @property
    def shipped(self) -> bool:
        """Whether its folder is that of the model that comes with spikecast."""
        return self.folder.resolve() == shipped_path("models/default").resolve()

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the predictor that answers."""
        return dict(self.predictor.manifest)

    def refresh(self) -> None:
        """Read the bundle if its files are not those that were there when it was last read."""
        with self._lock:
            there = self._files_there()
            if there == self._seen and self.trouble is None:
                return
            # Seen before they are read: what changes meanwhile is another look's business.
            self._seen = there
            try:
                self._require_files()
                predictor = Predictor.load(self.folder)
                # Its first answers load what later ones find loaded.
                known = predictor.known(predictor.measured.questions)[:_WARM_UP]
                predictor.answer(predictor.measured.questions.take(known), predictor.parts.hardware)
            except Exception as error:
                # Whatever is wrong with a new model, the one before it goes on answering.
                reason = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
                if reason != self.trouble:
                    LOG.error("model not read", extra=fields(reason=reason))
                self.trouble = reason
                return
            self._predictor, self.trouble = predictor, None

    def _require_files(self) -> None:
        """Refuse what waits for a writer when it is opened, such as a pipe: nothing would be looked at again."""
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(self.folder) as entries:
            for entry in entries:
                if not entry.is_file() and not entry.is_dir():
                    raise InputError(f"{entry.path} is no file: put the bundle's own in its place")

    def _files_there(self) -> frozenset[tuple[str, int, int, int]]:
        """By file: its name, which file it is, its size and when it was changed; reading them all takes far longer."""
        try:
            with os.scandir(self.folder) as entries:
                stats = {entry.name: entry.stat() for entry in entries}
        except OSError:
            return frozenset()
        return frozenset((name, stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in stats.items())
