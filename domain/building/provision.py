"""Building a site: a job tries a step, and goes on with those after it. It may be killed anywhere and run again: the
platform looks before it makes, and a step counts as done only once that is written."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

from domain.actor import Role
from domain.building import checks, steps
from domain.building.build import Build, load_build, write_findings
from domain.building.plan import (
    CLOSED,
    OPEN,
    PATIENCE_FOR_BUSY,
    SiteStep,
    Step,
    StepState,
    next_try,
    patience_for_missing,
)
from domain.building.verification import Finding
from domain.desk import Desk
from domain.jobs.handling import NOTHING_HEARD, ClaimedJob, JobHandler, nobody_hears
from domain.sites.actions import find_request
from domain.sites.order import order_of
from domain.sites.ports import (
    Built,
    BusyError,
    NotThereYetError,
    PlatformError,
    RefusedError,
    SiteOrder,
    SitePlatform,
)
from domain.sites.request import SiteState
from domain.unit import Unit

log = logging.getLogger(__name__)

ERROR_LIMIT = 500
GOES_ON = 40.0
"""Seconds for which a job goes on with the next step by itself: a site that was begun is finished first, so that many
at once do not all wait for the same thing at the same time."""
TIME_LIMIT = 60.0
"""Seconds for one attempt. With the above well within the time a job has. What it did by then stays done."""


def handlers(
    desk: Desk, platform: SitePlatform, heard: Mapping[str, JobHandler] = NOTHING_HEARD
) -> dict[str, JobHandler]:
    """`heard` has whoever wants to hear how it ended."""

    async def provision(job: ClaimedJob) -> None:
        until = time.monotonic() + GOES_ON
        first = True
        while await _one_step(job, first=first, go_on=time.monotonic() < until):
            first = False

    async def _one_step(job: ClaimedJob, *, first: bool, go_on: bool) -> bool:
        """Try the step that is due. True when it is done and this job goes on with the next one."""
        async with desk.units.read() as unit:
            build = await _build(unit, job)
            began = unit.now
            step = _due(build, job) if build else None
            if build is None or step is None:
                return False  # an attempt that was recorded, or put aside, before this job came back
            if first and step.step != job.payload["step"]:
                return await _pass_on(build, step)
            try:
                order = await order_of(unit, desk, build.request)
            except RefusedError as error:
                order, problem = None, error
        try:
            if order is None:
                raise problem
            made = await _attempt(step.step, platform, order, build.built)
        except PlatformError as error:
            async with desk.units() as unit:
                await _not_done(unit, desk, build, step, error)
            return False
        async with desk.units() as unit:
            if step.step is Step.VERIFY:
                await write_findings(unit, build.request.id, ())
            await steps.record_done(unit, desk, build, step, began, made, next_job=not go_on)
        return go_on

    async def _pass_on(build: Build, step: SiteStep) -> bool:
        """This job died after it went on. What is left gets one of its own, which has all its attempts."""
        async with desk.units() as unit:
            await steps.enqueue_step(
                unit, build.request.id, build.run, step.step, attempt=step.attempts, at=unit.now
            )
        return False

    outcome = heard.get(steps.OUTCOME, nobody_hears)
    return {steps.PROVISION: provision, steps.OUTCOME: outcome, **checks.handlers(desk, platform)}


class DiffersError(NotThereYetError):
    """What was read back is not what was ordered. What was just written may be read late, so it is looked at again."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = findings


async def _build(unit: Unit, job: ClaimedJob) -> Build | None:
    request = await find_request(unit, job.payload["request"])
    return await load_build(unit, request, whole=False) if request else None


def _due(build: Build, job: ClaimedJob) -> SiteStep | None:
    """The step this job is to try, if that still has to happen."""
    if build.request.state is not SiteState.BUILDING or build.parked:
        return None
    step = next((step for step in build.request.steps if step.state in OPEN), None)
    if step is None or build.run != job.payload.get("run", 0):
        return None
    if (step.step, step.attempts) == (job.payload["step"], job.payload["attempt"]):
        return step
    # This job got further than the step it was made for; a step that waits has a job of its own.
    before = next((one for one in build.request.steps if one.step == job.payload["step"]), None)
    went_on = before is not None and before.state in CLOSED and step.state is StepState.TODO
    return step if went_on else None


async def _attempt(step: Step, platform: SitePlatform, order: SiteOrder, built: Built) -> Built:
    try:
        async with asyncio.timeout(TIME_LIMIT):
            return await _do(step, platform, order, built)
    except TimeoutError as error:
        raise BusyError("Microsoft 365 takes long to answer.") from error


async def _do(step: Step, platform: SitePlatform, order: SiteOrder, built: Built) -> Built:
    if step is Step.VERIFY and (findings := await platform.verify(order, built)):
        raise DiffersError(tuple(findings))
    return await platform.build(step, order, built)


async def _not_done(unit: Unit, desk: Desk, build: Build, step: SiteStep, error: PlatformError) -> None:
    reason = str(error)[:ERROR_LIMIT]
    missing = isinstance(error, NotThereYetError)
    patience = patience_for_missing(step.step) if missing else PATIENCE_FOR_BUSY
    began = step.started_at or unit.now
    asked = error.after if isinstance(error, BusyError | NotThereYetError) else None
    again_at = (
        None if isinstance(error, RefusedError) else next_try(unit.now, began, step.attempts, patience, asked)
    )
    event = {
        "request": build.request.number,
        "step": step.step.value,
        "attempt": step.attempts,
        "reason": reason,
    }
    if isinstance(error, DiffersError):
        await write_findings(unit, build.request.id, error.findings)
    if again_at is not None:
        known = error.built if isinstance(error, NotThereYetError) else None
        made = build.built.with_more(known) if known else None
        await steps.record_waiting(unit, build, step, began, reason, again_at, made)
        log.info("site_step_waits", extra=event)
    else:
        operators = await desk.directory.with_role(Role.ADMIN)
        await steps.record_failed(unit, build, step, began, reason, operators)
        log.error("site_step_failed", extra=event)
