"""Rating a closed ticket with one tap."""

from __future__ import annotations

from bot.helpdesk import tickets as helpdesk
from bot.turn import Card, Feature, Reply, Turn
from cards import satisfaction as cards
from domain.desk import Desk
from domain.errors import NotFound
from domain.helpdesk.reading import access_ticket
from domain.helpdesk.rules import State
from domain.people.models import Person
from domain.people.names import names_of
from domain.satisfaction import actions
from domain.satisfaction.notify import ASK, LOW
from domain.satisfaction.rules import may_change
from domain.unit import Unit
from locales import translator


async def rate(turn: Turn) -> Reply:
    """The ticket's card with the rating on it. Words come along only from the box that asks for them."""
    score = turn.data.get("score")
    words = turn.field("words") if "words" in turn.data else None
    async with turn.desk.units() as unit:
        await actions.rate_ticket(
            unit, turn.actor, turn.field("id"), score if isinstance(score, int) else 0, words
        )
    return await helpdesk.open_ticket(turn)


async def show_question(unit: Unit, desk: Desk, person: Person, ticket_id: str) -> Card | None:
    try:
        ticket = await access_ticket(unit, person.as_actor(), ticket_id)
    except NotFound:
        return None
    if ticket.requester_id != person.id or ticket.state is not State.CLOSED:
        return None
    rating = await actions.rating_of(unit, ticket.id, person.id)
    changes = rating is None or may_change(rating.given_at, unit.now)
    return cards.ask(translator(person.language), ticket, rating, changes=changes)


async def show_low(unit: Unit, desk: Desk, person: Person, ticket_id: str) -> Card | None:
    try:
        policy = desk.organisation.helpdesk
        ticket, rating = await actions.access_low_rating(unit, person.as_actor(), ticket_id, policy)
    except NotFound:
        return None
    handler_id = ticket.assignee_id
    names = await names_of(desk.directory, [ticket.requester_id, *([handler_id] if handler_id else [])])
    handler = names[handler_id] if handler_id else ""
    return cards.low(translator(person.language), ticket, rating, names[ticket.requester_id], handler)


FEATURE = Feature(
    name="satisfaction",
    verbs={"satisfaction.rate": rate},
    views={ASK: show_question, LOW: show_low},
)
