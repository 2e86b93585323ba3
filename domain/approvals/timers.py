"""What time does to approvals: reminders, deadlines and escalations, each once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from domain.approvals import rules
from domain.approvals.approval import Approval, ApprovalState, Event, Why
from domain.approvals.models import ApprovalRow
from domain.approvals.notify import refresh_cards, remind_later
from domain.approvals.reading import load
from domain.approvals.stages import NOBODY, Walk, choose_circle, claim, record, seat
from domain.desk import Desk
from domain.unit import Unit

BITE = 100


async def sweep_approvals(desk: Desk, limit: int = BITE) -> int:
    """Do what has come due, each approval in a transaction of its own. How many there were."""
    async with desk.units.read() as unit:
        due = select(ApprovalRow.id).where(ApprovalRow.next_at <= unit.now)
        ids = (await unit.db.execute(due.order_by(ApprovalRow.next_at).limit(limit))).scalars().all()
    for approval_id in ids:
        async with desk.units() as unit:
            await _come_due(unit, desk, approval_id)
    return len(ids)


async def _come_due(unit: Unit, desk: Desk, approval_id: str) -> None:
    """Nothing when another timer, or a decision, was first."""
    row = (await unit.db.execute(select(ApprovalRow).where(ApprovalRow.id == approval_id))).one()
    if row.next_at is None or row.next_at > unit.now:
        return
    if not await claim(unit, approval_id, ApprovalState.PENDING, next_at=row.next_at):
        return
    approval = await load(unit, approval_id)
    stage = approval.plan.stages[approval.stage]
    began: datetime = row.stage_at or row.asked_at
    soonest = rules.next_moment(stage, began, row.due_at, unit.now, desk.organisation.calendar)
    await unit.db.execute(update(ApprovalRow).where(ApprovalRow.id == approval_id).values(next_at=soonest))
    if (
        row.due_at is not None
        and row.due_at <= unit.now
        and await _escalate(unit, desk, approval, row.team_id)
    ):
        return
    to_ids = list(approval.approver_ids)
    here = (approval_id, Event.REMINDED, NOBODY, approval.round, approval.stage)
    await record(unit, *here, to_ids=to_ids)
    await remind_later(unit, desk, to_ids)


async def _escalate(unit: Unit, desk: Desk, approval: Approval, team_id: str | None) -> bool:
    """Let others decide too. False when there is nobody who does not have a say already."""
    walk = Walk(approval.id, approval.requester_id, team_id, approval.plan, approval.round)
    seated = {one.person_id for one in approval.here}
    for circle in approval.plan.stages[approval.stage].escalate_to:
        chosen = await choose_circle(desk, walk, [circle])
        people = [
            one for one in (chosen[1] if chosen else ()) if one not in seated | rules.approved_by(approval)
        ]
        if people:
            places = {one: one for one in people}
            await seat(unit, desk, walk, approval.stage, places, why=Why.ESCALATED, seated=seated)
            line = (approval.id, Event.ESCALATED, NOBODY, approval.round, approval.stage)
            await record(unit, *line, to_ids=people)
            await refresh_cards(unit, approval.id)
            return True
    return False
