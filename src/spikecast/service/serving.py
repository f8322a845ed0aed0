"""The predictor that answers now, and what takes its place."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

from spikecast.errors import InputError
from spikecast.predictor import Predictor
from spikecast.predictor.bundle import DIGEST
from spikecast.service.problem import UnavailableError
from spikecast.shipped import shipped_path

_log = logging.getLogger("spikecast.service")
_RETRY_S = 5
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
        self._digest: str | None = None
        self._lock = threading.Lock()
        self.refresh()

    @property
    def predictor(self) -> Predictor:
        """The predictor that answers.

        Raises:
            UnavailableError: there is none yet.
        """
        if self._predictor is None:
            raise UnavailableError(f"there is no model to answer with: {self.trouble}", _RETRY_S)
        return self._predictor

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the predictor that answers."""
        return dict(self.predictor.manifest)

    def refresh(self) -> None:
        """Read the bundle if another lies in the folder than the one that answers."""
        with self._lock:
            digest = self._digest_there()
            if digest is not None and digest == self._digest:
                self.trouble = None
                return
            try:
                predictor = Predictor.load(self.folder)
            except InputError as error:
                if str(error) != self.trouble:
                    _log.error("model not read", extra={"told": {"reason": str(error)}})
                self.trouble = str(error)
                return
            # Its first answers load what later ones find loaded.
            predictor.predict_many(predictor.measured.choices[:_WARM_UP])
            self._predictor, self._digest, self.trouble = predictor, digest, None

    def _digest_there(self) -> str | None:
        try:
            return (self.folder / DIGEST).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
