"""Telling approvers: a card when they are asked, and the decision on every card that is still open."""

from __future__ import annotations

from sqlalchemy import select

from domain.approvals.approval import ApprovalState
from domain.approvals.models import ApprovalRow, ApproverRow
from domain.chats.actions import show
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.unit import Unit

TELL = "approvals.tell"
"""Job kind: payload `{approval: id}`."""
VIEW = "approval.approver"


async def refresh_cards(unit: Unit, approval_id: str) -> None:
    """Have the approvers' cards follow: something changed in the approval or in what it is about."""
    await unit.enqueue(TELL, {"approval": approval_id})


def handlers(desk: Desk) -> dict[str, JobHandler]:
    async def tell(job: ClaimedJob) -> None:
        """One card per approver. Once it is decided nothing new appears: cards that stand are updated."""
        approval_id = job.payload["approval"]
        async with desk.units() as unit:
            state = (
                await unit.db.execute(select(ApprovalRow.state).where(ApprovalRow.id == approval_id))
            ).scalar_one()
            asked = await unit.db.execute(
                select(ApproverRow.person_id)
                .where(ApproverRow.approval_id == approval_id)
                .order_by(ApproverRow.person_id)
            )
            for person_id in asked.scalars():
                await show(unit, VIEW, approval_id, person_id, only_if_posted=state != ApprovalState.PENDING)

    return {TELL: tell}
