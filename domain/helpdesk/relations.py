"""Tickets that have to do with each other, and colleagues who follow a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import and_, delete, select

from domain.actor import Actor
from domain.errors import Conflict, Invalid
from domain.helpdesk.models import TicketLinkRow, TicketWatcherRow, ticket_links, ticket_watchers, tickets
from domain.helpdesk.notes import access_as_agent
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.reading import access_ticket
from domain.helpdesk.rules import State, Step
from domain.helpdesk.steps import Effect, take_step
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.unit import Unit

MOST_LINKS = 50
MOST_WATCHERS = 50


class Relation(StrEnum):
    """What the other ticket is to this one."""

    RELATED = "related"
    CAUSED_BY = "caused_by"
    CAUSES = "causes"

    @property
    def back(self) -> Relation:
        """The same, seen from the other ticket."""
        turned = {Relation.CAUSED_BY: Relation.CAUSES, Relation.CAUSES: Relation.CAUSED_BY}
        return turned.get(self, self)


@dataclass(frozen=True, slots=True)
class Link:
    """What an agent sees of a ticket that is linked."""

    ticket_id: str
    number: str
    title: str
    state: State
    relation: Relation


async def link(
    unit: Unit,
    actor: Actor,
    ticket_id: str,
    other: str,
    relation: Relation,
    policy: HelpdeskPolicy,
    *,
    key: str,
) -> Ticket:
    """Link two tickets, `other` by id or number; linking them again changes what they are to each other.

    Raises `NotFound` when one is not there, `Conflict` for a ticket and itself.
    """
    linked = await access_as_agent(unit, actor, other)
    own = await access_as_agent(unit, actor, ticket_id)
    if linked.id == own.id:
        raise Conflict("That is this ticket itself.", field="other")
    effect = Effect(details={"other": linked.number, "relation": relation.value})
    ticket = await take_step(
        unit,
        actor,
        Step.LINK,
        own.id,
        policy,
        key=key,
        effect=lambda _: effect,
        command=(linked.id, relation.value),
    )
    await _unlink(unit, own.id, linked.id)
    for one, two, word in ((own.id, linked.id, relation), (linked.id, own.id, relation.back)):
        row = {
            "ticket_id": one,
            "other_id": two,
            "relation": word.value,
            "by_id": actor.id,
            "at": unit.now,
        }
        await unit.insert_new(TicketLinkRow, row)
    return ticket


async def unlink(
    unit: Unit, actor: Actor, ticket_id: str, other: str, policy: HelpdeskPolicy, *, key: str
) -> Ticket:
    linked = await access_as_agent(unit, actor, other)
    effect = Effect(details={"other": linked.number})
    ticket = await take_step(
        unit,
        actor,
        Step.UNLINK,
        ticket_id,
        policy,
        key=key,
        effect=lambda _: effect,
        command=linked.id,
    )
    await _unlink(unit, ticket.id, linked.id)
    return ticket


async def _unlink(unit: Unit, one: str, two: str) -> None:
    for ticket_id, other_id in ((one, two), (two, one)):
        await unit.db.execute(
            delete(ticket_links).where(
                and_(ticket_links.c.ticket_id == ticket_id, ticket_links.c.other_id == other_id)
            )
        )


async def links_of(unit: Unit, actor: Actor, ticket_id: str) -> tuple[Link, ...]:
    """For agents: which tickets have to do with this one, the newest first."""
    ticket = await access_as_agent(unit, actor, ticket_id)
    rows = await unit.db.execute(
        select(tickets.c.id, tickets.c.number, tickets.c.title, tickets.c.state, ticket_links.c.relation)
        .join(tickets, tickets.c.id == ticket_links.c.other_id)
        .where(ticket_links.c.ticket_id == ticket.id)
        .order_by(ticket_links.c.other_id.desc())
        .limit(MOST_LINKS)
    )
    return tuple(
        Link(row.id, row.number, row.title, State(row.state), Relation(row.relation)) for row in rows
    )


# --- who follows a ticket ---------------------------------------------------------------------------------


async def watch(
    unit: Unit, actor: Actor, ticket_id: str, colleague: Person, policy: HelpdeskPolicy, *, key: str
) -> Ticket:
    """Let a colleague see what the requester sees. The requester and the desk can; adding somebody twice is once."""
    ticket = await access_ticket(unit, actor, ticket_id)
    if colleague.id == ticket.requester_id:
        raise Invalid("{name} sees this ticket already.", field="watcher", name=colleague.name)
    if len(await watchers_of(unit, ticket)) >= MOST_WATCHERS:
        raise Conflict("More than {most} people cannot follow a ticket.", most=MOST_WATCHERS)
    effect = Effect(details={"person": colleague.id})
    ticket = await take_step(
        unit,
        actor,
        Step.WATCH,
        ticket.id,
        policy,
        key=key,
        effect=lambda _: effect,
        command=colleague.id,
    )
    row = {"ticket_id": ticket.id, "person_id": colleague.id, "added_by_id": actor.id, "at": unit.now}
    await unit.insert_new(TicketWatcherRow, row)
    return ticket


async def unwatch(
    unit: Unit, actor: Actor, ticket_id: str, person_id: str, policy: HelpdeskPolicy, *, key: str
) -> Ticket:
    """Take a follower off. Followers can take themselves off, which needs no place in the history."""
    ticket = await access_ticket(unit, actor, ticket_id)
    if actor.id != person_id:
        effect = Effect(details={"person": person_id})
        ticket = await take_step(
            unit,
            actor,
            Step.UNWATCH,
            ticket.id,
            policy,
            key=key,
            effect=lambda _: effect,
            command=person_id,
        )
    await unit.db.execute(
        delete(ticket_watchers).where(
            and_(ticket_watchers.c.ticket_id == ticket.id, ticket_watchers.c.person_id == person_id)
        )
    )
    return ticket


async def watchers_of(unit: Unit, ticket: Ticket) -> tuple[str, ...]:
    """Ids of who follows a ticket that the caller has access to."""
    rows = await unit.db.execute(
        select(ticket_watchers.c.person_id)
        .where(ticket_watchers.c.ticket_id == ticket.id)
        .order_by(ticket_watchers.c.person_id)
    )
    return tuple(rows.scalars())
