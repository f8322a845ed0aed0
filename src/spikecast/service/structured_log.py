"""Log lines as JSON, one object a line."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """``time``, ``level``, ``message``, and what the record tells beside."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def log_to_stderr() -> None:
    """Write the service's log lines to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    log = logging.getLogger("spikecast.service")
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.INFO)
