"""Whatever a request holds, the service never fails."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from spikecast.service.app import create_app

schema = schemathesis.openapi.from_asgi("/v1/openapi.json", create_app())


@schema.exclude(path_regex="recommend|pareto").parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_is_a_failure(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=[not_a_server_error])


# A search over the most candidates allowed takes seconds.
@schema.include(path_regex="recommend|pareto").parametrize()
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_search_is_a_failure(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=[not_a_server_error], timeout=120)
