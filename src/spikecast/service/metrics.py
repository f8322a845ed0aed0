"""What a service counts, for Prometheus."""

from __future__ import annotations

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
