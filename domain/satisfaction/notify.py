"""Who hears of a rating: of a low one, whoever leads the desk."""

from __future__ import annotations

from collections.abc import Mapping

from domain.chats.actions import show
from domain.desk import Desk
from domain.helpdesk.changes import TicketChanged
from domain.helpdesk.reading import load_ticket
from domain.helpdesk.rules import State
from domain.helpdesk.ticket import Ticket
from domain.jobs.handling import NOTHING_HEARD, ClaimedJob, JobHandler, nobody_hears
from domain.satisfaction.actions import LOW_RATING, RATED, leads_of, rating_of
from domain.unit import Unit

ASK = "ticket.rating"
"""View of a closed ticket for its requester: how was it?"""
LOW = "ticket.low_rating"
"""View of a low rating, for the desk lead."""


async def ask_when_closed(unit: Unit, change: TicketChanged, ticket: Ticket) -> None:
    """A ticket that closed by itself asks for a rating in a card of its own. Who closed it sees the question on the
    card that was pressed: one closing, one message."""
    closed = change.to_state is State.CLOSED and change.from_state is not State.CLOSED
    if closed and ticket.state is State.CLOSED and change.by_id != ticket.requester_id:
        await show(unit, ASK, ticket.id, ticket.requester_id)


def handlers(desk: Desk, heard: Mapping[str, JobHandler] = NOTHING_HEARD) -> dict[str, JobHandler]:
    """`heard` has whoever wants to hear of every rating."""

    async def low(job: ClaimedJob) -> None:
        async with desk.units() as unit:
            rating = await rating_of(unit, job.payload["ticket"], job.payload["person"])
            if rating is None:
                return
            ticket = await load_ticket(unit, rating.ticket_id)
            for lead_id in sorted(leads_of(ticket, desk.organisation.helpdesk)):
                # When somebody thinks better of it, the card that stands follows and no new one comes.
                await show(unit, LOW, ticket.id, lead_id, only_if_posted=not rating.low)

    return {LOW_RATING: low, RATED: heard.get(RATED, nobody_hears)}
