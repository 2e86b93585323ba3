"""What administrators do when building a site does not go by itself: look, try again, skip, put aside, give up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from domain.actor import Actor, Role
from domain.building import steps
from domain.building.build import Attention, Build, What, change_build, hold_build, load_build, write_event
from domain.building.checks import access_findings
from domain.building.models import SiteBuildRow
from domain.building.plan import OPEN, SiteStep, StepState, may_be_skipped
from domain.chats.actions import show
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.jobs.handling import ClaimedJob, JobHandler, PermanentFailureError, RetryLaterError
from domain.sites.actions import find_request, find_requests
from domain.sites.models import SiteRequestRow, SiteStepRow
from domain.sites.order import order_of
from domain.sites.ports import BusyError, NotThereYetError, RefusedError, SitePlatform
from domain.sites.request import SiteRequest, SiteState
from domain.tables import is_id
from domain.unit import Unit

UNDO = "sites.undo"
"""Job kind: payload `{request}`. Takes away what was made of a site that nobody got."""
REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Troubled:
    """A line of the list: a request, and why somebody has to look."""

    request: SiteRequest
    attention: Attention


@dataclass(frozen=True, slots=True)
class TroubledPage:
    builds: tuple[Troubled, ...]
    next_cursor: str | None


async def list_attention(
    unit: Unit, actor: Actor, *, limit: int = 10, cursor: str | None = None
) -> TroubledPage:
    """The builds that need somebody, the newest first. For information managers and administrators."""
    if not (actor.has(Role.INFORMATION_MANAGER) or actor.has(Role.ADMIN)):
        raise NotFound("There is nothing here for you.")
    limit = max(1, min(limit, 50))
    where: list[Any] = [SiteBuildRow.attention.is_not(None)]
    if cursor is not None:
        if not is_id(cursor):
            raise Invalid("This list cannot be continued from here.", field="cursor")
        where.append(SiteBuildRow.request_id < cursor)
    columns = (SiteBuildRow.request_id, SiteBuildRow.attention)
    statement = select(*columns).where(*where).order_by(SiteBuildRow.request_id.desc()).limit(limit + 1)
    rows = (await unit.db.execute(statement)).all()
    why = {row.request_id: Attention(row.attention) for row in rows[:limit]}
    requests = await find_requests(unit, list(why))
    builds = tuple(Troubled(request, why[request.id]) for request in requests)
    return TroubledPage(builds, rows[limit - 1].request_id if len(rows) > limit else None)


async def access_build(unit: Unit, actor: Actor, request_id: str) -> Build:
    """For who may see what goes wrong; `NotFound` for anybody else."""
    return await access_findings(unit, actor, request_id)


async def retry_step(unit: Unit, actor: Actor, request_id: str) -> Build:
    """Go on where it failed, was put aside or waits. Raises `Conflict` when it does none of these."""
    build = await _administer(unit, actor, request_id)
    step = stopped_at(build)
    if step is None:
        raise Conflict("There is nothing to try again here.")
    await write_event(
        unit, request_id, What.RESUMED if build.parked else What.RETRIED, actor.id, step=step.step
    )
    fresh = {
        "state": StepState.TODO.value,
        "started_at": None,
        "finished_at": None,
        "next_at": None,
        "error": None,
    }
    await _change_step(unit, request_id, step, **fresh)
    # A team that could not be made starts with an operation of its own.
    await _start_again(unit, build, team_operation=None)
    await steps.enqueue_step(unit, request_id, build.run + 1, step.step, attempt=step.attempts, at=unit.now)
    return await _changed(unit, actor, build)


async def skip_step(unit: Unit, actor: Actor, request_id: str, reason: str) -> Build:
    """Leave out the step that failed or waits, and go on with the next. What is missing shows in the verification.

    Raises `Conflict` when there is nothing to skip, and `Invalid` (field `reason`) without a reason.
    """
    build = await _administer(unit, actor, request_id)
    step = skippable(build)
    reason = _reason(reason)
    if step is None:
        raise Conflict("This step cannot be left out.")
    await write_event(unit, request_id, What.SKIPPED, actor.id, step=step.step, reason=reason)
    await _change_step(
        unit, request_id, step, state=StepState.SKIPPED.value, finished_at=unit.now, next_at=None
    )
    await _start_again(unit, build)
    position = build.request.steps.index(step)
    # Handing over is never skipped, so there is always a next one.
    await steps.go_on(unit, build.request, build.request.steps[position + 1])
    return await _changed(unit, actor, build)


async def park_build(unit: Unit, actor: Actor, request_id: str, reason: str) -> Build:
    """Put it aside: nothing more is tried until somebody goes on. Raises as `skip_step`."""
    build = await _administer(unit, actor, request_id)
    reason = _reason(reason)
    if not may_park(build):
        raise Conflict("There is nothing to put aside here.")
    await write_event(unit, request_id, What.PARKED, actor.id, reason=reason)
    await change_build(unit, request_id, attention=Attention.PARKED.value, run=build.run + 1)
    return await _changed(unit, actor, build)


async def give_up(unit: Unit, actor: Actor, request_id: str, reason: str) -> Build:
    """Stop for good, and take away what was made. Only before it was handed over. Raises as `skip_step`."""
    build = await _administer(unit, actor, request_id)
    reason = _reason(reason)
    if build.handed_over_at is not None or not may_go_on(build):
        raise Conflict("This cannot be given up now.")
    await write_event(unit, request_id, What.GIVEN_UP, actor.id, reason=reason)
    await _set_state(unit, request_id, SiteState.FAILED)
    await change_build(unit, request_id, attention=Attention.PARKED.value, run=build.run + 1)
    key = f"{UNDO}:{request_id}:{build.run}"
    await unit.enqueue(UNDO, {"request": request_id}, key=key, lane=f"site:{request_id}")
    return await _changed(unit, actor, build)


def handlers(desk: Desk, platform: SitePlatform) -> dict[str, JobHandler]:
    async def undo(job: ClaimedJob) -> None:
        """Only what carries our key goes, and the address is free once it is gone."""
        async with desk.units.read() as unit:
            request = await find_request(unit, job.payload["request"])
            build = await load_build(unit, request) if request else None
            if build is None or build.handed_over_at or build.request.state is SiteState.WITHDRAWN:
                return
            order = await order_of(unit, desk, build.request)
        try:
            await platform.undo(order, build.built)
        except (BusyError, NotThereYetError) as error:
            raise RetryLaterError(str(error), error.after) from error
        except RefusedError as error:
            raise PermanentFailureError(str(error)) from error
        async with desk.units() as unit:
            await hold_build(unit, build.request.id)
            await _set_state(unit, build.request.id, SiteState.WITHDRAWN, finished_at=unit.now)
            await change_build(unit, build.request.id, attention=None)
            await steps.tell_outcome(unit, build.request)

    return {UNDO: undo}


def given_up(build: Build) -> bool:
    """Somebody stopped it for good."""
    return any(event.what is What.GIVEN_UP for event in build.events)


def may_go_on(build: Build) -> bool:
    return stopped_at(build) is not None


def may_park(build: Build) -> bool:
    return not build.parked and build.request.state in (SiteState.BUILDING, SiteState.FAILED)


def skippable(build: Build) -> SiteStep | None:
    """The step that can be left out now."""
    step = stopped_at(build)
    return step if step and may_be_skipped(step.step) else None


def stopped_at(build: Build) -> SiteStep | None:
    """The step that goes no further by itself: it failed, it waits, or the build was put aside before it."""
    request = build.request
    if request.state not in (SiteState.BUILDING, SiteState.FAILED):
        return None
    if failed := request.failed_step:
        return failed
    step = next((step for step in request.steps if step.state in OPEN), None)
    return step if step and (build.parked or step.state is StepState.WAITING) else None


async def _administer(unit: Unit, actor: Actor, request_id: str) -> Build:
    """As it stands, and nobody else changes it meanwhile."""
    if not (actor.has(Role.ADMIN) and is_id(request_id)):
        raise NotFound("This site is not there.")
    await hold_build(unit, request_id)
    build = await access_build(unit, actor, request_id)
    if given_up(build):
        raise Conflict("Somebody stopped this for good.")
    return build


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise Invalid("Say why.", field="reason")
    if len(reason) > REASON_LIMIT:
        raise Invalid("At most {limit} characters.", field="reason", limit=REASON_LIMIT)
    return reason


async def _start_again(unit: Unit, build: Build, **values: Any) -> None:
    request_id = build.request.id
    await _set_state(unit, request_id, SiteState.BUILDING)
    await change_build(unit, request_id, attention=None, run=build.run + 1, **values)


async def _change_step(unit: Unit, request_id: str, step: SiteStep, **values: Any) -> None:
    this = (SiteStepRow.request_id == request_id, SiteStepRow.step == step.step)
    await unit.db.execute(update(SiteStepRow).where(*this).values(**values))


async def _set_state(unit: Unit, request_id: str, state: SiteState, **values: Any) -> None:
    row = SiteRequestRow.id == request_id
    await unit.db.execute(update(SiteRequestRow).where(row).values(state=state.value, **values))


async def _changed(unit: Unit, actor: Actor, build: Build) -> Build:
    """How it stands now; the requester's and the other administrators' cards follow."""
    request = build.request
    await show(unit, steps.REQUESTER_VIEW, request.id, request.requester_id, only_if_posted=True)
    await steps.show_operators(unit, request.id)
    return await access_build(unit, actor, request.id)
