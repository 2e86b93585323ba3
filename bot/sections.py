"""What features add to a ticket's cards."""

from __future__ import annotations

from bot import enclosed, orders, service_levels
from cards.sections import NO_SECTION, Section
from domain.desk import Desk
from domain.helpdesk.rules import Kind, Party
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.unit import Unit


async def section_of(unit: Unit, desk: Desk, person: Person, ticket: Ticket, side: Party) -> Section:
    """For somebody who may see the ticket, on the card of that side of the desk.

    An order comes before the clocks: it knows better what happens next.
    """
    ordered = await orders.section(unit, desk, person, ticket) if ticket.kind is Kind.REQUEST else NO_SECTION
    timed = await service_levels.section(unit, desk, person, ticket, side)
    hung = await enclosed.section(unit, desk, person, ticket, side)
    return Section(
        [*ordered.elements, *timed.elements, *hung.elements],
        [*ordered.actions, *timed.actions, *hung.actions],
        ordered.next or timed.next,
    )
