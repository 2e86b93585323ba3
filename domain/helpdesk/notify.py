"""Telling people what changed. One job per change decides who sees what; the cards render as things stand then."""

from __future__ import annotations

from collections.abc import Sequence

from domain.actor import Role
from domain.chats.actions import show
from domain.desk import Desk
from domain.helpdesk.actions import REPORT
from domain.helpdesk.changes import Subscriber, TicketChanged
from domain.helpdesk.reading import load_ticket
from domain.helpdesk.rules import State, Step
from domain.helpdesk.steps import CHANGED
from domain.jobs.handling import ClaimedJob, JobHandler

DESK = "ticket.desk"
"""View of a ticket for an agent."""
REQUESTER = "ticket.requester"
"""View of a ticket for its requester: the receipt, as it stands now."""
ANSWER = "ticket.answer"
"""View of a message of the desk, for the requester."""
REPLY = "ticket.reply"
"""View of a message of the requester, for the agent who has the ticket, or for every agent when nobody has it."""


FROM_DESK = (Step.ANSWER, Step.ASK, Step.AWAIT_SUPPLIER, Step.RESOLVE, Step.REJECT)
"""Steps in which the desk says something to the requester."""


def handlers(desk: Desk, subscribers: Sequence[Subscriber] = ()) -> dict[str, JobHandler]:
    async def changed(job: ClaimedJob) -> None:
        """Repeating it shows the same cards in the same places once more."""
        change = TicketChanged.from_payload(job.payload)
        what, message_id = change.what, change.message_id
        agents = [person.id for person in await desk.directory.with_role(Role.AGENT)]
        async with desk.units() as unit:
            ticket = await load_ticket(unit, change.ticket_id)
            for hear in subscribers:
                await hear(unit, change, ticket)
            # What waits for an approval comes to the desk when that has been given.
            comes = what in (REPORT, Step.START) and ticket.state is not State.WAITING_APPROVAL
            for agent_id in agents:
                await show(unit, DESK, ticket.id, agent_id, only_if_posted=not comes)
            reachable = await desk.directory.person(ticket.requester_id) is not None  # and not a flow
            if reachable:
                # The person who reported it here sees the receipt in place of the form.
                new = what == REPORT and ticket.reporter_id != ticket.requester_id
                await show(unit, REQUESTER, ticket.id, ticket.requester_id, only_if_posted=not new)
            if message_id is None:
                return
            by = change.by_id
            if what in FROM_DESK or by != ticket.requester_id:
                if reachable:
                    await show(unit, ANSWER, message_id, ticket.requester_id)
                return
            # A message is a card of its own: it is new, and they may have nothing of this ticket in sight.
            for agent_id in [ticket.assignee_id] if ticket.assignee_id in agents else agents:
                if agent_id != by:
                    await show(unit, REPLY, message_id, agent_id)

    return {CHANGED: changed}
