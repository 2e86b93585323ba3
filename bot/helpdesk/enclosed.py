"""What hangs on a ticket, on its cards: the message it was made of, its files, and the rating when it is over."""

from __future__ import annotations

from cards import attachments as files_cards
from cards import quotes as quote_cards
from cards import satisfaction as rating_cards
from cards.helpdesk.sections import NO_SECTION, Section
from domain.attachments.actions import list_on_ticket
from domain.desk import Desk
from domain.helpdesk.rules import Party, State
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.quotes.actions import quote_of
from domain.satisfaction.actions import rating_of
from domain.satisfaction.rules import may_change
from domain.unit import Unit
from locales import translator


async def section(unit: Unit, desk: Desk, person: Person, ticket: Ticket, side: Party) -> Section:
    """For somebody who may see the ticket, on the card of that side of the desk."""
    if ticket.created_at == unit.now:
        return NO_SECTION  # it is reported in this very transaction
    t = translator(person.language)
    files, more = await list_on_ticket(unit, ticket.id, internal=side is Party.DESK)
    quote = await quote_of(unit, ticket.id)
    enclosed = files_cards.on_ticket(t, ticket, files, more)
    quoted = quote_cards.on_ticket(t, quote)
    rated = NO_SECTION
    if ticket.state is State.CLOSED:
        rating = await rating_of(unit, ticket.id, ticket.requester_id)
        if side is Party.DESK:
            rated = rating_cards.for_desk(t, rating)
        elif ticket.requester_id == person.id:
            rated = rating_cards.for_requester(
                t, ticket, rating, changes=rating is None or may_change(rating.given_at, unit.now)
            )
    return Section(
        [*quoted.elements, *enclosed.elements, *rated.elements],
        [*enclosed.actions, *quoted.actions, *rated.actions],
    )
