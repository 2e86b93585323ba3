"""The building plan of a request: its steps, how each went, and the job for the next one, in one transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from domain.approvals.models import ApprovalRow
from domain.approvals.notify import refresh_cards
from domain.chats.actions import show
from domain.people.models import Person
from domain.sites.models import SiteRequestRow, SiteStepRow
from domain.sites.ports import Built
from domain.sites.request import SiteRequest, SiteState, SiteStep, Step, StepState
from domain.unit import Unit

KIND = "site"
"""Of the approval of a site request."""
PROVISION = "sites.provision"
"""Job kind: payload `{request, step, attempt}`. It does that attempt of that step, unless it was done already."""

REQUESTER_VIEW = "site.requester"
RESULT_VIEW = "site.result"
OPERATOR_VIEW = "site.operator"

OPEN = (StepState.TODO, StepState.WAITING)


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
    await _enqueue(unit, request.id, steps[0], attempt=0, at=unit.now)


async def restart_building(unit: Unit, request: SiteRequest) -> None:
    """Give the step that failed a new start; what was done stays done."""
    step = request.failed_step
    if step is None:
        return
    failed = (SiteStepRow.request_id == request.id, SiteStepRow.state == StepState.FAILED)
    fresh = {"state": StepState.TODO.value, "started_at": None, "finished_at": None, "error": None}
    await unit.db.execute(update(SiteStepRow).where(*failed).values(**fresh))
    await _enqueue(unit, request.id, step.step, attempt=step.attempts, at=unit.now)


async def record_done(
    unit: Unit, request: SiteRequest, step: SiteStep, began: datetime, built: Built
) -> None:
    """The step is done; the next one follows, or the site is ready."""
    if not await _record(unit, request, step, StepState.DONE, began, finished_at=unit.now, error=None):
        return
    values: dict[str, Any] = {"group_id": built.group_id, "site_id": built.site_id, "url": built.url}
    later = [other for other in request.steps if other.state is not StepState.DONE and other is not step]
    if not later:
        values |= {"state": SiteState.READY.value, "finished_at": unit.now}
    await unit.db.execute(update(SiteRequestRow).where(SiteRequestRow.id == request.id).values(**values))
    if later:
        await _enqueue(unit, request.id, later[0].step, attempt=later[0].attempts, at=unit.now)
        await show(unit, REQUESTER_VIEW, request.id, request.requester_id, only_if_posted=True)
    else:
        await tell_outcome(unit, request)


async def record_waiting(
    unit: Unit, request: SiteRequest, step: SiteStep, began: datetime, error: str, again_at: datetime
) -> None:
    """Not yet: the same step is tried again then."""
    if await _record(unit, request, step, StepState.WAITING, began, error=error):
        await _enqueue(unit, request.id, step.step, attempt=step.attempts + 1, at=again_at)
        if step.state is StepState.TODO:
            await show(unit, REQUESTER_VIEW, request.id, request.requester_id, only_if_posted=True)


async def record_failed(
    unit: Unit, request: SiteRequest, step: SiteStep, began: datetime, error: str, operators: Sequence[Person]
) -> None:
    """It stops here until an operator has it tried again."""
    if not await _record(unit, request, step, StepState.FAILED, began, finished_at=unit.now, error=error):
        return
    await unit.db.execute(
        update(SiteRequestRow).where(SiteRequestRow.id == request.id).values(state=SiteState.FAILED.value)
    )
    await tell_outcome(unit, request)
    for operator in operators:
        await show(unit, OPERATOR_VIEW, request.id, operator.id)


async def tell_outcome(unit: Unit, request: SiteRequest) -> None:
    """Bring every card of the request up to date, and give the requester a new one that says how it ended."""
    await show(unit, REQUESTER_VIEW, request.id, request.requester_id, only_if_posted=True)
    await show(unit, RESULT_VIEW, request.id, request.requester_id)
    approval = select(ApprovalRow.id).where(ApprovalRow.kind == KIND, ApprovalRow.subject_id == request.id)
    await refresh_cards(unit, (await unit.db.execute(approval)).scalar_one())


async def _record(
    unit: Unit, request: SiteRequest, step: SiteStep, state: StepState, began: datetime, **values: Any
) -> bool:
    """Write how an attempt went. False when another worker wrote it already: then what it wrote counts."""
    this_attempt = (
        SiteStepRow.request_id == request.id,
        SiteStepRow.step == step.step,
        SiteStepRow.attempts == step.attempts,
        SiteStepRow.state.in_(OPEN),
    )
    written = await unit.db.execute(
        update(SiteStepRow)
        .where(*this_attempt)
        .values(
            state=state.value,
            attempts=step.attempts + 1,
            started_at=func.coalesce(SiteStepRow.started_at, began),
            **values,
        )
    )
    return written.rowcount == 1


async def _enqueue(unit: Unit, request_id: str, step: Step, *, attempt: int, at: datetime) -> None:
    await unit.enqueue(
        PROVISION,
        {"request": request_id, "step": step.value, "attempt": attempt},
        key=f"{PROVISION}:{request_id}:{step.value}:{attempt}",
        lane=f"site:{request_id}",
        at=at,
    )
