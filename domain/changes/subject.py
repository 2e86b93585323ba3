"""What a board's decision means to a change, and what the end of its ticket means to the board."""

from __future__ import annotations

from sqlalchemy import update

from domain.actor import Actor
from domain.approvals.actions import Decide, approval_of, withdraw
from domain.approvals.approval import Approval, ApprovalState
from domain.approvals.notify import post_subject
from domain.approvals.subjects import Subjects
from domain.changes.actions import KIND
from domain.changes.models import ChangeRow
from domain.changes.reading import change_of, find_change
from domain.changes.rules import ChangeState
from domain.chats.actions import show
from domain.desk import Desk
from domain.helpdesk.actions import Say, settle_approval
from domain.helpdesk.actions import withdraw as withdraw_ticket
from domain.helpdesk.changes import Subscriber, TicketChanged
from domain.helpdesk.reading import load_ticket
from domain.helpdesk.rules import ENDED, Kind, State
from domain.helpdesk.ticket import Ticket
from domain.unit import Unit

RESULT_VIEW = "change.result"
"""View for who planned the change: the board approved or refused it. Its subject is `post_subject` of the ticket and
the round, so that a decision that comes after another is news again."""
_AFTER = {
    ApprovalState.APPROVED: ChangeState.PLANNED,
    ApprovalState.REFUSED: ChangeState.REFUSED,
    ApprovalState.WITHDRAWN: ChangeState.WITHDRAWN,
}


class ChangeSubject:
    """Implements `domain.approvals.subjects.Subject` for changes; the subject is the ticket."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def decided(self, unit: Unit, approval: Approval) -> None:
        """A ticket that was made with its plan follows the decision; one that was there before stays the desk's."""
        ticket_id, policy = approval.subject_id, self._desk.organisation.helpdesk
        if not await _move(unit, ticket_id, _AFTER[approval.state]):
            return  # it ended in the meantime
        if (await load_ticket(unit, ticket_id)).state is State.WAITING_APPROVAL:
            if approval.state is ApprovalState.WITHDRAWN:
                planner = Actor(approval.requester_id, approval.requester_id)
                key = f"withdraw:{approval.id}"
                await withdraw_ticket(unit, planner, Say(ticket_id, ""), policy, key=key)
                return
            approved = approval.state is ApprovalState.APPROVED
            await settle_approval(unit, ticket_id, policy, approved=approved)
        if approval.state is not ApprovalState.WITHDRAWN:
            subject = post_subject(ticket_id, approval.round)
            await show(unit, RESULT_VIEW, subject, (await change_of(unit, ticket_id)).planned_by_id)

    async def sent_back(self, unit: Unit, approval: Approval) -> None:
        """The change goes on waiting; the approval's own card asks who planned it."""


def subscriber(subjects: Subjects) -> Subscriber:
    """A change whose ticket ended is off the calendar, and the board is not asked any longer."""

    async def hear(unit: Unit, change: TicketChanged, ticket: Ticket) -> None:
        if ticket.kind is not Kind.CHANGE or ticket.state not in ENDED:
            return
        planned = await find_change(unit, ticket.id)
        if planned is None or not planned.state.ahead:
            return
        if planned.state is ChangeState.ASKED:
            approval = await approval_of(unit, KIND, ticket.id)
            if approval.open:
                planner = Actor(planned.planned_by_id, planned.planned_by_id)
                await withdraw(unit, planner, Decide(approval.id), subjects)
        await _move(unit, ticket.id, ChangeState.WITHDRAWN)

    return hear


async def _move(unit: Unit, ticket_id: str, after: ChangeState) -> bool:
    """Take a change that is ahead to another state. False when it no longer is."""
    ahead = (ChangeState.ASKED, ChangeState.PLANNED)
    moved = await unit.db.execute(
        update(ChangeRow)
        .where(ChangeRow.ticket_id == ticket_id, ChangeRow.state.in_([state.value for state in ahead]))
        .values(state=after.value)
    )
    return moved.rowcount == 1
