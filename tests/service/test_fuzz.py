"""Whatever a request holds, the service never fails."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from spikecast.advise.objective import MOST_CANDIDATES
from spikecast.service.app import create_app
from spikecast.service.schemas import FEWEST_CANDIDATES

schema = schemathesis.openapi.from_asgi("/v1/openapi.json", create_app())


@schema.exclude(path_regex="recommend|pareto").parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_is_a_failure(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=[not_a_server_error])


@schema.include(path_regex="recommend|pareto").parametrize()
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_search_is_a_failure(case: schemathesis.Case) -> None:
    _searching_little(case.body)
    _searching_little(case.query)
    case.call_and_validate(checks=[not_a_server_error], timeout=120)


def _searching_little(asked: object) -> None:
    """A search over the most candidates allowed takes seconds, and fails no otherwise than one over the fewest."""
    allowed = range(FEWEST_CANDIDATES, MOST_CANDIDATES + 1)
    if isinstance(asked, dict) and asked.get("candidates", MOST_CANDIDATES) in allowed:
        asked["candidates"] = FEWEST_CANDIDATES
