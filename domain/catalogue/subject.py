"""What an approval means to an order, and what the end of an order means to its approval."""

from __future__ import annotations

from domain.actor import Actor
from domain.approvals.actions import Decide, approval_of, withdraw
from domain.approvals.approval import Approval, ApprovalState
from domain.approvals.subjects import Subjects
from domain.catalogue.actions import KIND, find_order, start_delivery
from domain.chats.actions import show
from domain.desk import Desk
from domain.helpdesk.actions import Say, settle_approval
from domain.helpdesk.actions import withdraw as withdraw_ticket
from domain.helpdesk.changes import Subscriber, TicketChanged
from domain.helpdesk.reading import load_ticket
from domain.helpdesk.rules import ENDED, State
from domain.helpdesk.ticket import Ticket
from domain.unit import Unit

RESULT_VIEW = "order.result"
"""View of a ticket for its requester: the order was approved or refused."""


class OrderSubject:
    """Implements `domain.approvals.subjects.Subject` for orders; the subject is the ticket."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def decided(self, unit: Unit, approval: Approval) -> None:
        """Approved, it is the desk's and its delivery time starts; refused or withdrawn, it ends."""
        ticket_id, policy = approval.subject_id, self._desk.organisation.helpdesk
        if (await load_ticket(unit, ticket_id)).state is not State.WAITING_APPROVAL:
            return  # it ended in the meantime
        if approval.state is ApprovalState.WITHDRAWN:
            requester = Actor(approval.requester_id, approval.requester_id)
            await withdraw_ticket(unit, requester, Say(ticket_id, ""), policy, key=f"withdraw:{approval.id}")
            return
        approved = approval.state is ApprovalState.APPROVED
        await settle_approval(unit, ticket_id, policy, approved=approved)
        if approved:
            await start_delivery(unit, self._desk.organisation.calendar, ticket_id)
        await show(unit, RESULT_VIEW, ticket_id, approval.requester_id)

    async def sent_back(self, unit: Unit, approval: Approval) -> None:
        """The ticket goes on waiting; the approval's own card asks the requester."""


def subscriber(subjects: Subjects) -> Subscriber:
    """Takes the question back from the approvers when the ticket ended before they answered."""

    async def hear(unit: Unit, change: TicketChanged, ticket: Ticket) -> None:
        if change.from_state is not State.WAITING_APPROVAL or ticket.state not in ENDED:
            return
        if await find_order(unit, ticket.id) is None:
            return
        approval = await approval_of(unit, KIND, ticket.id)
        if approval.open:
            requester = Actor(ticket.requester_id, ticket.requester_id)
            await withdraw(unit, requester, Decide(approval.id), subjects)

    return hear
