"""What a service says of itself: a log line for each request, and counts for Prometheus."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("spikecast_requests_total", "Requests answered.", ("method", "route", "status"))
SECONDS = Histogram(
    "spikecast_request_seconds",
    "Time to answer.",
    ("route",),
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30),
)
IN_FLIGHT = Gauge("spikecast_requests_in_flight", "Requests that are being answered.")
ROWS = Counter("spikecast_rows_total", "Networks predicted.", ("endpoint",))
READY = Gauge("spikecast_ready", "1 while there is a model to answer with and its folder holds a readable one.")

LOG = logging.getLogger("spikecast.service")
_OF_OTHERS = ("uvicorn", "asyncio")


def fields(**fields: Any) -> dict[str, Any]:
    """What a log line says beside its message, for ``extra`` of a call of ``LOG``."""
    return {"fields": fields}


class JsonLines(logging.Formatter):
    """One JSON object a line: ``time``, ``level``, ``message``, and the record's ``fields``."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def log_to_stderr() -> None:
    """Write the service's log lines to stderr, and in their form what the server and the event loop complain of."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    for log, level in ((LOG, logging.INFO), *((logging.getLogger(name), logging.WARNING) for name in _OF_OTHERS)):
        log.handlers, log.propagate = [handler], False
        log.setLevel(level)
