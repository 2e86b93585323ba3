"""What features add to a ticket's cards."""

from __future__ import annotations

from bot import notifications, orders, planned, service_levels
from bot.helpdesk import enclosed
from cards.helpdesk.sections import NO_SECTION, Section
from domain.desk import Desk
from domain.helpdesk.rules import Kind, Party
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.unit import Unit


async def section_of(unit: Unit, desk: Desk, person: Person, ticket: Ticket, side: Party) -> Section:
    """For somebody who may see the ticket, on the card of that side of the desk.

    An order and a change come before the clocks: they know better what happens next.
    """
    asked = NO_SECTION
    if ticket.kind is Kind.REQUEST:
        asked = await orders.section(unit, desk, person, ticket)
    elif ticket.kind is Kind.CHANGE:
        asked = await planned.section(unit, desk, person, ticket)
    timed = await service_levels.section(unit, desk, person, ticket, side)
    hung = await enclosed.section(unit, desk, person, ticket, side)
    waits = await notifications.section(unit, desk, person, ticket, side)
    return Section(
        [*waits.elements, *asked.elements, *timed.elements, *hung.elements],
        [*asked.actions, *timed.actions, *hung.actions],
        asked.next or timed.next,
    )
