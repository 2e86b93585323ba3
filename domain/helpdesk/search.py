"""Finding tickets by words, numbers and names, as quick among 100,000 as among 1,000.

A job writes down in which tickets a word stands. Only what the requester can read is looked at: a word of a note finds
nothing, not even for an agent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy import text as sql

from domain.actor import Actor
from domain.errors import Invalid, NotFound
from domain.helpdesk.models import TicketWordRow, ticket_words, tickets
from domain.helpdesk.reading import NUMBER, PAGE_LIMIT, TICKET, access_ticket, sees_all, to_ticket
from domain.helpdesk.ticket import Ticket, TicketPage
from domain.tables import is_id
from domain.unit import Unit, dialect_insert

MOST_WORDS = 200
"""Different words of one text that are written down; the rest of a long one is not searched."""
ASKED = 6
"""Words of a search that count."""
ENDINGS = 8
"""Words that the last, half-typed word of a search may become."""
SCANNED = 300
"""Tickets with the rarest word among which the other words are looked for at a time, the newest first: the bound that
keeps a search as quick whatever its words. The next page goes on behind them."""

_WORD = re.compile(r"[a-z0-9]{2,40}")


def words_of(text: str) -> list[str]:
    """The words of a text as they are looked up: lower case and without accents, each once, in order."""
    folded = unicodedata.normalize("NFKD", text.lower())
    return list(dict.fromkeys(_WORD.findall("".join(c for c in folded if not unicodedata.combining(c)))))


async def index_words(unit: Unit, ticket_id: str, text: str) -> None:
    """Have a ticket found by the words of a text that its requester can read. Doing so twice changes nothing more."""
    rows = [{"word": word, "ticket_id": ticket_id} for word in words_of(text)[:MOST_WORDS]]
    if rows:
        statement = dialect_insert(unit.db.dialect.name, TicketWordRow).on_conflict_do_nothing()
        await unit.db.execute(statement, rows)


async def search_tickets(
    unit: Unit,
    actor: Actor,
    text: str,
    *,
    limit: int = 10,
    cursor: str | None = None,
    where: Sequence[ColumnElement[bool]] = (),
) -> TicketPage:
    """Tickets with all the words of a text, the newest first: the actor's own or, for the desk, everybody's. The last
    word may be half-typed. A number finds its ticket. `where` has what else has to be so.

    Raises `Invalid` for a cursor that is none of ours.
    """
    if cursor is not None and not is_id(cursor):
        raise Invalid("This list cannot be continued from here.", field="cursor")
    limit = max(1, min(limit, PAGE_LIMIT))
    if NUMBER.fullmatch(text.strip().upper()):
        return TicketPage(await _numbered(unit, actor, text, where), None)
    words = words_of(text)[:ASKED]
    if not words:
        return TicketPage((), None)
    groups = [[word] for word in words[:-1]]
    groups.append([words[-1]] if text[-1:].isspace() else await _begun(unit, words[-1]))
    if not all(groups):
        return TicketPage((), None)
    if sees_all(actor):
        found, scanned_to = await _among_all(unit, groups, limit, cursor, where)
    else:
        found, scanned_to = await _among_own(unit, actor, groups, limit, cursor, where), None
    return TicketPage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else scanned_to)


async def _numbered(
    unit: Unit, actor: Actor, number: str, where: Sequence[ColumnElement[bool]]
) -> tuple[Ticket, ...]:
    try:
        ticket = await access_ticket(unit, actor, number)
    except NotFound:
        return ()
    if where:
        fits = await unit.db.execute(select(tickets.c.id).where(tickets.c.id == ticket.id, *where))
        return (ticket,) if fits.first() else ()
    return (ticket,)


async def _begun(unit: Unit, beginning: str) -> list[str]:
    """Words that begin so and are in use, in the order of the alphabet: each a step along the index."""
    rows = await unit.db.execute(_BEGUN, {"low": beginning, "high": beginning + "{", "most": ENDINGS})
    return list(rows.scalars())


_BEGUN = sql(
    """
    WITH RECURSIVE begun(word) AS (
        SELECT min(word) FROM ticket_words WHERE word >= :low AND word < :high
        UNION ALL
        SELECT (SELECT min(w.word) FROM ticket_words w WHERE w.word > begun.word AND w.word < :high)
        FROM begun WHERE begun.word IS NOT NULL
    )
    SELECT word FROM begun WHERE word IS NOT NULL LIMIT :most
    """
)


async def _among_own(
    unit: Unit,
    actor: Actor,
    groups: Sequence[Sequence[str]],
    limit: int,
    cursor: str | None,
    where: Sequence[ColumnElement[bool]],
) -> list[Ticket]:
    """A person has few tickets: those are looked at, and not everybody's."""
    where = [tickets.c.requester_id == actor.id, *where, *(_has(tickets.c.id, group) for group in groups)]
    if cursor is not None:
        where.append(tickets.c.id < cursor)
    # Which ones they are is told by two indexes alone; only those are read.
    some = select(tickets.c.id).where(*where).order_by(tickets.c.id.desc()).limit(limit + 1).subquery()
    statement = select(*TICKET).join(some, some.c.id == tickets.c.id).order_by(some.c.id.desc())
    return [to_ticket(row) for row in await unit.db.execute(statement)]


async def _among_all(
    unit: Unit,
    groups: Sequence[Sequence[str]],
    limit: int,
    cursor: str | None,
    where: Sequence[ColumnElement[bool]],
) -> tuple[list[Ticket], str | None]:
    """From the rarest word on: its newest tickets, and of these the ones that fit otherwise too. With where the search
    stopped, when there are more tickets with that word than it looked at."""
    counts = [await _count(unit, group) for group in groups] if len(groups) > 1 else [0]
    rarest = counts.index(min(counts))
    others = [group for place, group in enumerate(groups) if place != rarest]
    sifted = bool(others or where)
    found: dict[str, Ticket] = {}
    ends: list[str] = []
    for word in groups[rarest]:
        newest = select(ticket_words.c.ticket_id).where(ticket_words.c.word == word)
        if cursor is not None:
            newest = newest.where(ticket_words.c.ticket_id < cursor)
        newest = newest.order_by(ticket_words.c.ticket_id.desc())
        some = newest.limit(SCANNED if sifted else limit + 1).subquery()
        statement = (
            select(*TICKET)
            .join(some, some.c.ticket_id == tickets.c.id)
            .where(*where, *(_has(some.c.ticket_id, group) for group in others))
            .order_by(some.c.ticket_id.desc())
            .limit(limit + 1)
        )
        found |= {row.id: to_ticket(row) for row in await unit.db.execute(statement)}
        if sifted and len(found) <= limit:
            end = (await unit.db.execute(newest.offset(SCANNED - 1).limit(1))).scalar_one_or_none()
            ends += [end] if end else []
    # Every word was looked at as far as the newest of these ends: what is older may have been passed over.
    scanned_to = max(ends, default=None)
    kept = [ticket for ticket in found.values() if scanned_to is None or ticket.id >= scanned_to]
    return sorted(kept, key=lambda ticket: ticket.id, reverse=True)[: limit + 1], scanned_to


def _has(ticket_id: ColumnElement[Any], group: Sequence[str]) -> ColumnElement[bool]:
    words = ticket_words.alias()
    return exists().where(words.c.ticket_id == ticket_id, words.c.word.in_(group))


async def _count(unit: Unit, group: Sequence[str]) -> int:
    """In how many tickets one of these words stands; `SCANNED` is many enough."""
    some = select(ticket_words.c.ticket_id).where(ticket_words.c.word.in_(group)).limit(SCANNED).subquery()
    return int((await unit.db.execute(select(func.count()).select_from(some))).scalar_one())
