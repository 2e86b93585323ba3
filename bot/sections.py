"""What features add to a ticket's cards, by the kind of ticket: an incident's card costs no look-up here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot import orders
from cards.sections import NO_SECTION, Section
from domain.desk import Desk
from domain.helpdesk.rules import Kind
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.unit import Unit

SECTIONS: Mapping[Kind, Callable[[Unit, Desk, Person, Ticket], Awaitable[Section]]] = {
    Kind.REQUEST: orders.section,
}


async def section_of(unit: Unit, desk: Desk, person: Person, ticket: Ticket) -> Section:
    """For somebody who may see the ticket."""
    made = SECTIONS.get(ticket.kind)
    return await made(unit, desk, person, ticket) if made else NO_SECTION
