"""Major incidents: one that touches many, the tickets that are part of it, and the news that reaches all of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, select

from domain.actor import Actor
from domain.errors import Conflict, NotFound
from domain.helpdesk.models import (
    MajorFollowerRow,
    MajorUpdateRow,
    major_followers,
    major_updates,
    tickets,
)
from domain.helpdesk.notes import access_as_agent
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.reading import TICKET, load_ticket, to_ticket
from domain.helpdesk.routing import same_trouble
from domain.helpdesk.rules import OPEN, State, Step
from domain.helpdesk.steps import Effect, take_step
from domain.helpdesk.texts import check_text
from domain.helpdesk.ticket import Ticket
from domain.tables import is_id, new_id
from domain.unit import Unit, Units

INFORM = "helpdesk.inform"
"""Job kind: a page of the people whom a major incident touches get a piece of news. Payload `{ticket, news, after}`."""
RESOLVE_PARTS = "helpdesk.resolve_parts"
"""Job kind: resolve a page of the parts of a main ticket as it was. Payload `{ticket, by, text, after}`."""
PAGE = 100
"""People or tickets per job: a transaction stays short however many there are."""
SHOWN_NEWS = 3


@dataclass(frozen=True, slots=True)
class News:
    """Something the desk told everybody whom a major incident touches."""

    id: str
    ticket_id: str
    author_id: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Major:
    """A major incident, as anybody may know it: nothing of the conversation."""

    ticket_id: str
    number: str
    title: str
    category: str | None
    state: State
    since: datetime
    news: tuple[News, ...] = ()
    """The latest, the newest first."""


@dataclass(frozen=True, slots=True)
class Parts:
    """How many tickets are part of a main ticket, and how many of these are open."""

    all: int
    open: int


NO_PARTS = Parts(0, 0)


async def declare(unit: Unit, actor: Actor, ticket_id: str, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    effect = Effect({"major_since": unit.now})
    return await take_step(
        unit, actor, Step.DECLARE_MAJOR, ticket_id, policy, key=key, effect=lambda _: effect
    )


async def end(unit: Unit, actor: Actor, ticket_id: str, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """It was not so major after all. Its parts stay its parts; nobody new is told about it."""
    effect = Effect({"major_since": None})
    return await take_step(unit, actor, Step.END_MAJOR, ticket_id, policy, key=key, effect=lambda _: effect)


async def tell(
    unit: Unit, actor: Actor, ticket_id: str, words: str, policy: HelpdeskPolicy, *, key: str
) -> Ticket:
    """News for everybody at once: the requesters of all parts and whoever follows it."""
    words = check_text(words, "text")
    news_id = new_id()
    ticket = await take_step(
        unit,
        actor,
        Step.INFORM,
        ticket_id,
        policy,
        key=key,
        effect=lambda _: Effect(details={"news": news_id}),
        command=words,
    )
    if await unit.once(actor.id, f"{key}:news", words, news_id) is None:
        await add_news(unit, ticket.id, News(news_id, ticket.id, actor.id, words, unit.now))
    return ticket


async def add_news(unit: Unit, ticket_id: str, news: News, *, told: str = "") -> None:
    """Keep it, and have it brought to everybody but who was `told` already. Doing so twice is doing it once."""
    row = {
        "id": news.id,
        "ticket_id": ticket_id,
        "author_id": news.author_id,
        "text": news.text,
        "at": news.at,
    }
    if await unit.insert_new(MajorUpdateRow, row):
        await unit.enqueue(INFORM, {"ticket": ticket_id, "news": news.id, "after": "", "told": told})


async def join(
    unit: Unit, actor: Actor, ticket_id: str, main: str, policy: HelpdeskPolicy, *, key: str
) -> Ticket:
    """Make a ticket (deelmelding) part of a main one (hoofdmelding), by id or number. Returns the part."""
    main_ticket = await access_as_agent(unit, actor, main)
    # A part has no parts: while one becomes a part, the other must not become one either.
    await unit.hold("helpdesk.main")
    main_ticket = await load_ticket(unit, main_ticket.id)
    part = await access_as_agent(unit, actor, ticket_id)
    if part.id == main_ticket.id:
        raise Conflict("That is this ticket itself.", field="main")
    if main_ticket.parent_id is not None:
        raise Conflict("{number} is itself part of another ticket.", field="main", number=main_ticket.number)
    if not main_ticket.state.open:
        raise Conflict(
            "{number} is not open any more: choose another.", field="main", number=main_ticket.number
        )
    if (await unit.db.execute(select(exists().where(tickets.c.parent_id == part.id)))).scalar_one():
        raise Conflict("This ticket has parts of its own: take these off first.")
    effect = Effect({"parent_id": main_ticket.id}, {"main": main_ticket.number})
    return await take_step(
        unit, actor, Step.JOIN, part.id, policy, key=key, effect=lambda _: effect, command=main_ticket.id
    )


async def leave(unit: Unit, actor: Actor, ticket_id: str, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    effect = Effect({"parent_id": None})
    return await take_step(unit, actor, Step.LEAVE, ticket_id, policy, key=key, effect=lambda _: effect)


async def resolve_parts(unit: Unit, actor: Actor, ticket_id: str, words: str, *, key: str) -> Ticket:
    """Resolve all parts of a resolved ticket with the same words, in jobs. Raises `Conflict` while it is open."""
    ticket = await access_as_agent(unit, actor, ticket_id)
    if ticket.state.open:
        raise Conflict("Resolve the main ticket first.")
    words = check_text(words, "text")
    if await unit.once(actor.id, key, ("parts", ticket.id, words), ticket.id) is None:
        await unit.enqueue(
            RESOLVE_PARTS, {"ticket": ticket.id, "by": actor.id, "text": words, "after": "", "key": key}
        )
    return ticket


# --- looking ----------------------------------------------------------------------------------------------


async def count_parts(unit: Unit, ticket_id: str) -> Parts:
    """Of a ticket the caller has access to."""
    states = await unit.db.execute(
        select(tickets.c.state, func.count())
        .where(tickets.c.parent_id == ticket_id)
        .group_by(tickets.c.state)
    )
    counts = {State(row[0]): row[1] for row in states}
    return Parts(sum(counts.values()), sum(n for state, n in counts.items() if state in OPEN))


async def parts_of(
    unit: Unit, actor: Actor, ticket_id: str, *, limit: int = 20, cursor: str | None = None
) -> tuple[Ticket, ...]:
    """The parts of a ticket, the newest first, from before `cursor` (an id) on. For agents."""
    main_ticket = await access_as_agent(unit, actor, ticket_id)
    statement = (
        select(*TICKET)
        .where(tickets.c.parent_id == main_ticket.id)
        .order_by(tickets.c.id.desc())
        .limit(limit)
    )
    if cursor is not None and is_id(cursor):
        statement = statement.where(tickets.c.id < cursor)
    return tuple(to_ticket(row) for row in await unit.db.execute(statement))


async def latest_news(unit: Unit, ticket_id: str, limit: int = SHOWN_NEWS) -> tuple[News, ...]:
    rows = await unit.db.execute(
        select(major_updates)
        .where(major_updates.c.ticket_id == ticket_id)
        .order_by(major_updates.c.id.desc())
        .limit(limit)
    )
    return tuple(News(row.id, row.ticket_id, row.author_id, row.text, row.at) for row in rows)


async def access_news(unit: Unit, actor: Actor, news_id: str) -> tuple[News, Major]:
    """A piece of news, for who follows the incident, whose ticket is part of it, and the desk."""
    if is_id(news_id):
        row = (
            await unit.db.execute(select(major_updates).where(major_updates.c.id == news_id))
        ).one_or_none()
        if row is not None and await is_touched(unit, actor, row.ticket_id):
            ticket = await load_ticket(unit, row.ticket_id)
            major = major_of(ticket, await latest_news(unit, ticket.id))
            return News(row.id, row.ticket_id, row.author_id, row.text, row.at), major
    raise NotFound("There is no such ticket.", field="id")


async def is_touched(unit: Unit, actor: Actor, ticket_id: str) -> bool:
    """Whether a major incident is the actor's business."""
    follows = exists().where(
        major_followers.c.ticket_id == ticket_id, major_followers.c.person_id == actor.id
    )
    return (
        actor.is_agent
        or bool((await unit.db.execute(select(follows))).scalar_one())
        or await has_ticket_in(unit, actor, ticket_id)
    )


async def has_ticket_in(unit: Unit, actor: Actor, ticket_id: str) -> bool:
    """Whether it is the actor's own ticket, or one of the actor's is part of it."""
    part = exists().where(tickets.c.parent_id == ticket_id, tickets.c.requester_id == actor.id)
    own = exists().where(tickets.c.id == ticket_id, tickets.c.requester_id == actor.id)
    return bool((await unit.db.execute(select(part | own))).scalar_one())


def major_of(ticket: Ticket, news: tuple[News, ...] = ()) -> Major:
    since = ticket.major_since or ticket.created_at
    return Major(ticket.id, ticket.number, ticket.title, ticket.category, ticket.state, since, news)


# --- following --------------------------------------------------------------------------------------------


async def follow(unit: Unit, actor: Actor, ticket_id: str) -> Major:
    """The actor has the same trouble and wants to hear of it. Raises `NotFound` when it is no major incident now."""
    major = next((major for major in await current_majors(unit) if major.ticket_id == ticket_id), None)
    if major is None:
        raise NotFound("This is over, or it is not a major incident any more.")
    await unit.insert_new(MajorFollowerRow, {"ticket_id": ticket_id, "person_id": actor.id, "at": unit.now})
    return major


async def unfollow(unit: Unit, actor: Actor, ticket_id: str) -> None:
    await unit.db.execute(
        delete(major_followers).where(
            major_followers.c.ticket_id == ticket_id, major_followers.c.person_id == actor.id
        )
    )


async def current_majors(unit: Unit) -> tuple[Major, ...]:
    """The major incidents that are not over, the newest first: a handful, on an index of their own."""
    rows = await unit.db.execute(
        select(*TICKET)
        .where(tickets.c.major_since.is_not(None), tickets.c.closed_at.is_(None))
        .order_by(tickets.c.major_since.desc())
        .limit(PAGE)
    )
    majors = [to_ticket(row) for row in rows]
    return tuple(major_of(ticket) for ticket in majors if ticket.state in OPEN)


class MajorBoard:
    """The major incidents of this moment, known without a look at the database in nearly every turn: one question
    every `fresh_for` seconds, however many people are reporting."""

    def __init__(
        self, units: Units, fresh_for: float = 5.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._units = units
        self._fresh_for = fresh_for
        self._clock = clock
        self._majors: tuple[Major, ...] = ()
        self._read_at: float | None = None

    async def matching(self, text: str, policy: HelpdeskPolicy) -> Major | None:
        """The major incident that a text seems to be about; of several, the newest."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= self._fresh_for:
            self._read_at = now
            async with self._units.read() as unit:
                self._majors = await current_majors(unit)
        for major in self._majors:
            if same_trouble(text, major.title, major.category, policy):
                return major
        return None
