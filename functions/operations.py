"""For operators, with a function key: the jobs that gave up, and what to do about them."""

from __future__ import annotations

import azure.functions as func

from domain.actor import Actor, Role
from domain.errors import Invalid
from domain.jobs import actions
from domain.jobs.models import JobState
from functions.problems import answer, edge
from wiring.services import services

blueprint = func.Blueprint()

OPERATOR = Actor("operator", "Operator", frozenset({Role.ADMIN}))
"""Who has the function key."""


@blueprint.route(route="operations/jobs", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@edge
async def jobs(req: func.HttpRequest) -> func.HttpResponse:
    """Jobs in one `state` (poison when not said), the newest first; `limit` and `cursor` page through them."""
    wanted = req.params.get("state", JobState.POISON)
    try:
        state = JobState(wanted)
    except ValueError:
        known = ", ".join(JobState)
        raise Invalid("No such state. Known: {known}.", field="state", known=known) from None
    limit = req.params.get("limit", "50")
    if not (limit.isascii() and limit.isdigit()):
        raise Invalid("limit is a number from 1 to 200.", field="limit")
    async with (await services()).units.read() as unit:
        page = await actions.list_jobs(
            unit, OPERATOR, state, limit=int(limit[:4]), cursor=req.params.get("cursor")
        )
    listed = [
        {
            "id": job.id,
            "kind": job.kind,
            "state": job.state,
            "attempts": job.attempts,
            "lane": job.lane,
            "error": job.error,
            "createdAt": job.created_at.isoformat(),
            "nextAttemptAt": job.next_attempt_at.isoformat(),
        }
        for job in page.jobs
    ]
    return answer(200, {"jobs": listed, "nextCursor": page.next_cursor})


@blueprint.route(route="operations/jobs/{id}/retry", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
@edge
async def retry_job(req: func.HttpRequest) -> func.HttpResponse:
    async with (await services()).units() as unit:
        await actions.retry_job(unit, OPERATOR, req.route_params["id"])
    return answer(202, {"id": req.route_params["id"], "state": JobState.PENDING})


@blueprint.route(route="operations/jobs/{id}/cancel", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
@edge
async def cancel_job(req: func.HttpRequest) -> func.HttpResponse:
    async with (await services()).units() as unit:
        await actions.cancel_job(unit, OPERATOR, req.route_params["id"])
    return answer(200, {"id": req.route_params["id"], "state": JobState.CANCELLED})
