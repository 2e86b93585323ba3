"""The building plan of a request: its steps, how each went, and the job for the next one, in one transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from domain.approvals.models import ApprovalRow
from domain.approvals.notify import refresh_cards
from domain.building.build import Attention, Build, change_build, findings_of, hold_build
from domain.building.models import SiteBuildRow
from domain.building.plan import CLOSED, OPEN, SiteStep, Step, StepState
from domain.building.tasks import ask_people, tell_governors
from domain.chats.actions import show
from domain.desk import Desk
from domain.people.models import Person
from domain.sites.models import SiteRequestRow, SiteStepRow
from domain.sites.ports import Built
from domain.sites.register import open_site
from domain.sites.request import SiteRequest, SiteState
from domain.unit import Unit

KIND = "site"
"""Of the approval of a site request."""
PROVISION = "sites.provision"
"""Job kind: payload `{request, run, step, attempt}`. It does that attempt of that step, unless it was done already, and
goes on with the steps after it."""
OUTCOME = "sites.outcome"
"""Job kind: a site is ready, or making it stopped. Payload `{request, state, at}`; for whoever wants to hear of it."""

REQUESTER_VIEW = "site.requester"
RESULT_VIEW = "site.result"
OPERATOR_VIEW = "site.operator"
OWNER_VIEW = "site.owner"


async def plan_building(unit: Unit, request: SiteRequest, steps: Sequence[Step]) -> None:
    """Write the plan, and the job for its first step."""
    rows = [
        {
            "request_id": request.id,
            "position": position,
            "step": step.value,
            "state": StepState.TODO.value,
            "attempts": 0,
        }
        for position, step in enumerate(steps)
    ]
    await unit.db.execute(insert(SiteStepRow), rows)
    await unit.insert_new(SiteBuildRow, {"request_id": request.id, "run": 0})
    await enqueue_step(unit, request.id, 0, steps[0], attempt=0, at=unit.now)


async def record_done(
    unit: Unit,
    desk: Desk,
    build: Build,
    step: SiteStep,
    began: datetime,
    made: Built,
    *,
    next_job: bool,
) -> None:
    """The step is done; the next one follows, in a job of its own when `next_job`, or the site is handed over."""
    request = build.request
    await hold_build(unit, request.id)
    if not await _record(unit, request.id, step, StepState.DONE, began, finished_at=unit.now, error=None):
        return
    await keep_built(unit, request.id, made)
    later = [other for other in request.steps if other.state not in CLOSED and other is not step]
    if later:
        await go_on(unit, request, later[0], next_job=next_job)
    else:
        await _hand_over(unit, desk, request, made)


async def go_on(unit: Unit, request: SiteRequest, step: SiteStep, *, next_job: bool = True) -> None:
    """This step is next. Nothing happens while an administrator has put the build aside."""
    columns = (SiteBuildRow.run, SiteBuildRow.attention)
    now = (await unit.db.execute(select(*columns).where(SiteBuildRow.request_id == request.id))).one()
    if next_job and now.attention != Attention.PARKED:
        await enqueue_step(unit, request.id, now.run, step.step, attempt=step.attempts, at=unit.now)
    await show(unit, REQUESTER_VIEW, request.id, request.requester_id, only_if_posted=True)
    await show_operators(unit, request.id)


async def record_waiting(
    unit: Unit,
    build: Build,
    step: SiteStep,
    began: datetime,
    error: str,
    again_at: datetime,
    made: Built | None = None,
) -> None:
    """Not yet: the same step is tried again then. `made` is what is known by now, when that is more."""
    request = build.request
    await hold_build(unit, request.id)
    waits = {"error": error, "next_at": again_at}
    if not await _record(unit, request.id, step, StepState.WAITING, began, **waits):
        return
    if made is not None:
        await keep_built(unit, request.id, made)
    next_attempt = step.attempts + 1
    await enqueue_step(unit, request.id, build.run, step.step, attempt=next_attempt, at=again_at)
    if step.state is StepState.TODO:
        await show(unit, REQUESTER_VIEW, request.id, request.requester_id, only_if_posted=True)


async def record_failed(
    unit: Unit, build: Build, step: SiteStep, began: datetime, error: str, operators: Sequence[Person]
) -> None:
    """It stops here until an administrator decides what happens."""
    request = build.request
    await hold_build(unit, request.id)
    if not await _record(unit, request.id, step, StepState.FAILED, began, finished_at=unit.now, error=error):
        return
    await _set_state(unit, request.id, SiteState.FAILED)
    await change_build(unit, request.id, attention=Attention.FAILED.value)
    await tell_outcome(unit, request)
    await _announce(unit, request, SiteState.FAILED)
    for operator in operators:
        await show(unit, OPERATOR_VIEW, request.id, operator.id)


async def tell_outcome(unit: Unit, request: SiteRequest) -> None:
    """Bring every card of the request up to date, and give the requester a new one that says how it ended."""
    await show(unit, REQUESTER_VIEW, request.id, request.requester_id, only_if_posted=True)
    await show(unit, RESULT_VIEW, request.id, request.requester_id)
    approval = select(ApprovalRow.id).where(ApprovalRow.kind == KIND, ApprovalRow.subject_id == request.id)
    await refresh_cards(unit, (await unit.db.execute(approval)).scalar_one())
    await show_operators(unit, request.id)


async def show_operators(unit: Unit, request_id: str) -> None:
    """Bring the cards up to date that administrators have of this build; nobody gets a new one."""
    from domain.chats.models import Post

    posted = select(Post.person_id).where(Post.subject == request_id, Post.view == OPERATOR_VIEW)
    for person_id in (await unit.db.execute(posted)).scalars():
        await show(unit, OPERATOR_VIEW, request_id, person_id, only_if_posted=True)


async def keep_built(unit: Unit, request_id: str, built: Built) -> None:
    """Write down what there is, so that whoever goes on knows."""
    known = {"group_id": built.group_id, "site_id": built.site_id, "url": built.url}
    await unit.db.execute(update(SiteRequestRow).where(SiteRequestRow.id == request_id).values(**known))
    await change_build(unit, request_id, web_id=built.web_id, team_operation=built.team_operation)


async def enqueue_step(
    unit: Unit, request_id: str, run: int, step: Step, *, attempt: int, at: datetime
) -> None:
    await unit.enqueue(
        PROVISION,
        {"request": request_id, "run": run, "step": step.value, "attempt": attempt},
        key=f"{PROVISION}:{request_id}:{run}:{step.value}:{attempt}",
        lane=f"site:{request_id}",
        at=at,
    )


async def _hand_over(unit: Unit, desk: Desk, request: SiteRequest, built: Built) -> None:
    """From here on it is its owners': they are told, and asked for what only people can do."""
    await _set_state(unit, request.id, SiteState.READY, finished_at=unit.now)
    left = await findings_of(unit, request.id)
    await change_build(
        unit,
        request.id,
        attention=Attention.FINDINGS.value if left else None,
        handed_over_at=unit.now,
        checked_at=unit.now,
        check_on=unit.now + timedelta(days=desk.organisation.building.check_days),
    )
    await open_site(unit, request, desk.organisation.life_cycle, built.url)
    await tell_outcome(unit, request)
    await _announce(unit, request, SiteState.READY)
    for owner_id in request.owner_ids:
        if owner_id != request.requester_id:
            await show(unit, OWNER_VIEW, request.id, owner_id)
    await ask_people(unit, desk, request)
    if left:
        await tell_governors(unit, desk, request)


async def _announce(unit: Unit, request: SiteRequest, state: SiteState) -> None:
    payload = {"request": request.id, "state": state.value, "at": unit.now.isoformat()}
    await unit.enqueue(OUTCOME, payload)


async def _set_state(unit: Unit, request_id: str, state: SiteState, **values: Any) -> None:
    row = SiteRequestRow.id == request_id
    await unit.db.execute(update(SiteRequestRow).where(row).values(state=state.value, **values))


async def _record(
    unit: Unit, request_id: str, step: SiteStep, state: StepState, began: datetime, **values: Any
) -> bool:
    """Write how an attempt went. False when it was decided otherwise meanwhile: then what was written counts."""
    this_attempt = (
        SiteStepRow.request_id == request_id,
        SiteStepRow.step == step.step,
        SiteStepRow.attempts == step.attempts,
        SiteStepRow.state.in_(OPEN),
    )
    written = await unit.db.execute(
        update(SiteStepRow)
        .where(*this_attempt)
        .values(
            {
                "state": state.value,
                "attempts": step.attempts + 1,
                "started_at": func.coalesce(SiteStepRow.started_at, began),
                "next_at": None,
                **values,
            }
        )
    )
    return written.rowcount == 1
