"""Building a site: a job per attempt of a step. It may be killed anywhere and run again: the platform looks before it
makes, and a step counts as done only once that is written."""

from __future__ import annotations

import logging

from domain.actor import Role
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.people.models import Person
from domain.sites import steps
from domain.sites.actions import find_request, scenario_of
from domain.sites.ports import (
    Built,
    BusyError,
    NotThereYetError,
    PlatformError,
    RefusedError,
    SiteOrder,
    SitePlatform,
)
from domain.sites.request import SiteRequest, SiteState, SiteStep, Step
from domain.sites.rules import PATIENCE_FOR_BUSY, PATIENCE_FOR_MISSING, next_try
from domain.unit import Unit

log = logging.getLogger(__name__)

ERROR_LIMIT = 500


def handlers(desk: Desk, platform: SitePlatform) -> dict[str, JobHandler]:
    async def provision(job: ClaimedJob) -> None:
        async with desk.units.read() as unit:
            request = await find_request(unit, job.payload["request"])
            began = unit.now
        step = _due(request, job) if request else None
        if request is None or step is None:
            return  # an attempt that was recorded before this job came back
        built = Built(request.group_id, request.site_id, request.url)
        try:
            built = await _do(step.step, platform, await _order(desk, request), built)
        except PlatformError as error:
            async with desk.units() as unit:
                await _not_done(unit, desk, request, step, error)
        else:
            async with desk.units() as unit:
                await steps.record_done(unit, request, step, began, built)

    return {steps.PROVISION: provision}


def _due(request: SiteRequest, job: ClaimedJob) -> SiteStep | None:
    """The step this job is to try, if that still has to happen."""
    if request.state is not SiteState.BUILDING:
        return None
    step = next((step for step in request.steps if step.state in steps.OPEN), None)
    if step is None or (step.step, step.attempts) != (job.payload["step"], job.payload["attempt"]):
        return None
    return step


async def _do(step: Step, platform: SitePlatform, order: SiteOrder, built: Built) -> Built:
    match step:
        case Step.ADDRESS:
            await platform.check_address(order)
        case Step.GROUP:
            return Built(group_id=await platform.make_group(order))
        case Step.SITE:
            return await platform.make_site(order, built)
        case Step.SHARING:
            await platform.set_sharing(order, built)
        case Step.GUESTS:
            await platform.close_to_guests(order, built)
        case Step.HUB:
            await platform.register_hub(order, built)
        case Step.PEOPLE:
            await platform.add_people(order, built)
        case Step.VERIFY:
            if findings := await platform.verify(order, built):
                raise NotThereYetError("; ".join(findings))  # what was just written may be read late
    return built


async def _not_done(
    unit: Unit, desk: Desk, request: SiteRequest, step: SiteStep, error: PlatformError
) -> None:
    reason = str(error)[:ERROR_LIMIT]
    patience = PATIENCE_FOR_MISSING if isinstance(error, NotThereYetError) else PATIENCE_FOR_BUSY
    began = step.started_at or unit.now
    asked = error.after if isinstance(error, BusyError) else None
    again_at = (
        None if isinstance(error, RefusedError) else next_try(unit.now, began, step.attempts, patience, asked)
    )
    event = {"request": request.number, "step": step.step.value, "attempt": step.attempts, "reason": reason}
    if again_at is not None:
        await steps.record_waiting(unit, request, step, began, reason, again_at)
        log.info("site_step_waits", extra=event)
    else:
        operators = await desk.directory.with_role(Role.ADMIN)
        await steps.record_failed(unit, request, step, began, reason, operators)
        log.error("site_step_failed", extra=event)


async def _order(desk: Desk, request: SiteRequest) -> SiteOrder:
    """What to build. People who left the city meanwhile are left out; with no owner left, it stops."""
    owners = await _people(desk, request.owner_ids)
    if not owners:
        raise RefusedError("No owner of this site works for the city any more.")
    return SiteOrder(
        key=f"wijzer-{request.id}",
        number=request.number,
        name=request.name,
        alias=request.alias,
        purpose=request.purpose,
        scenario=scenario_of(desk, request),
        owners=owners,
        members=await _people(desk, request.member_ids),
        guests=request.guests,
    )


async def _people(desk: Desk, ids: tuple[str, ...]) -> tuple[Person, ...]:
    found = [await desk.directory.person(person_id) for person_id in ids]
    return tuple(person for person in found if person is not None)
