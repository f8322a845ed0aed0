"""POST /v1/models/refit and GET /v1/jobs/{id}: retrain on the rows in the service's data folder."""

from __future__ import annotations

import hmac
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from spikecast.service.jobs import BusyError, Job, Jobs
from spikecast.service.problem import problems
from spikecast.service.running import CurrentRunning, Settings

router = APIRouter(tags=["refits"], responses=problems(401, 403))
_bearer = HTTPBearer(auto_error=False, description="the token that the service was started with")


def _admin(
    running: CurrentRunning, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> tuple[Jobs, Settings]:
    settings, jobs = running.settings, running.jobs
    if jobs is None or settings.admin_token is None:
        detail = "refits are off: start the service with --model, --data and SPIKECAST_ADMIN_TOKEN"
        raise HTTPException(HTTPStatus.FORBIDDEN, detail)
    if shown is None or not hmac.compare_digest(shown.credentials.encode(), settings.admin_token.encode()):
        detail = "this needs the admin token: Authorization: Bearer TOKEN"
        raise HTTPException(HTTPStatus.UNAUTHORIZED, detail, headers={"WWW-Authenticate": "Bearer"})
    return jobs, settings


Admin = Annotated[tuple[Jobs, Settings], Depends(_admin)]


@router.post("/v1/models/refit", status_code=HTTPStatus.ACCEPTED, responses=problems(409))
def refit(admin: Admin) -> Job:
    """Begin a refit. The model that answers stays until the new one is whole, and no request is dropped."""
    jobs, settings = admin
    assert settings.data is not None
    try:
        return jobs.start(settings.data)
    except BusyError:
        raise HTTPException(HTTPStatus.CONFLICT, "a refit runs already: wait for it to end") from None


@router.get("/v1/jobs/{job_id}", responses=problems(404, 422))
def job(job_id: str, admin: Admin) -> Job:
    """How far a refit is."""
    jobs, _ = admin
    found = jobs.find(job_id)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "there is no such job: its id is what the refit answered")
    return found
