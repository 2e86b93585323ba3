"""Service levels in chat: what they add to a ticket's cards, warnings, and "why is it due then?"."""

from __future__ import annotations

import re

from bot.turn import NOTHING, Card, Feature, Reply, Turn, own_chat_only
from cards import service_levels as cards
from cards.helpdesk.sections import Section
from domain.desk import Desk
from domain.errors import NotFound
from domain.helpdesk.queues import Order, Queue, list_queue
from domain.helpdesk.reading import access_ticket, list_tickets
from domain.helpdesk.rules import Party, State
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.people.names import names_of
from domain.service_levels.notify import WARNING, parse_subject
from domain.service_levels.policy import Measure
from domain.service_levels.reading import explain_ticket, standings
from domain.service_levels.rules import Level, Standing, level_at
from domain.unit import Unit
from locales import translator

_WHY_THEN = frozenset({"waarom dan", "why then", "pourquoi donc", "pourquoi alors"})
_WHY = re.compile(r"(?:waarom|why|pourquoi)\b.*?\b([IAW]-[0-9]{4}-[0-9]{6,9})\b", re.IGNORECASE)


async def section(unit: Unit, desk: Desk, person: Person, ticket: Ticket, side: Party) -> Section:
    """By when, for the requester; both clocks and where they come from, for the desk."""
    t = translator(person.language)
    clocks = await standings(unit, desk, ticket)
    if side is Party.DESK:
        levels = [(clock, level_of(desk, clock, unit)) for clock in clocks]
        elements = cards.for_desk(t, levels)
        return Section(elements, [cards.why_button(t, ticket)] if elements else [])
    response, solution = clocks
    waits = ticket.state is State.NEW and response.clock.running
    told = cards.looks_at_it(t, response, desk.organisation.helpdesk.name) if waits else ""
    return Section(cards.for_requester(t, solution, ticket.state), next=told)


def level_of(desk: Desk, stands: Standing, unit: Unit) -> Level:
    warn_at, calendar = desk.organisation.service_levels.warn_at, desk.organisation.calendar
    return level_at(unit.now, stands.clock.at_risk_at(calendar, warn_at), stands.due_at)


async def why(turn: Turn) -> Reply:
    """Answers a press."""
    return await _why(turn, turn.field("id"))


async def claims(turn: Turn) -> Reply:
    """Answers "waarom I-2026-000123?", whatever else stands around it. Without a number it is about the newest ticket
    that an agent has under their hands, or that somebody reported."""
    typed = turn.text.strip()
    asked = _WHY.match(typed)
    if asked is None and typed.casefold().rstrip("?! ") not in _WHY_THEN:
        return NOTHING
    return await _typed(turn, asked[1] if asked else None)


@own_chat_only
async def _typed(turn: Turn, number: str | None) -> Reply:
    if number is not None:
        return await _why(turn, number)
    async with turn.desk.units.read() as unit:
        page = await list_tickets(unit, turn.actor, limit=1)
        if turn.actor.is_agent:
            policy = turn.desk.organisation.helpdesk
            handled = await list_queue(unit, turn.actor, Queue.MINE, policy, order=Order.NEWEST, limit=1)
            page = handled if handled.tickets else page
    return await _why(turn, page.tickets[0].id) if page.tickets else NOTHING


async def _why(turn: Turn, id_or_number: str) -> Reply:
    async with turn.desk.units.read() as unit:
        ticket, explained = await explain_ticket(unit, turn.desk, turn.actor, id_or_number)
    return Reply(cards.why(turn.t, ticket, explained))


async def show_warning(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    """Nothing when the clock does not run (any more), or when its target is further away by now."""
    found = await _warned(unit, desk, person, subject)
    if found is None:
        return None
    ticket, stands, level = found
    names = await names_of(desk.directory, [ticket.assignee_id] if ticket.assignee_id else [])
    return cards.warning(translator(person.language), ticket, stands, level, next(iter(names.values()), ""))


async def _warned(
    unit: Unit, desk: Desk, person: Person, subject: str
) -> tuple[Ticket, Standing, Level] | None:
    ticket_id, measure, warned = parse_subject(subject)
    try:
        ticket = await access_ticket(unit, person.as_actor(), ticket_id)
    except NotFound:
        return None
    stands = (await standings(unit, desk, ticket))[list(Measure).index(measure)]
    level = level_of(desk, stands, unit)
    return (ticket, stands, level) if stands.clock.running and level >= warned else None


FEATURE = Feature(
    name="service_levels",
    verbs={"service_levels.why": why},
    views={WARNING: show_warning},
    claims=claims,
)
