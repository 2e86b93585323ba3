"""Finding tickets by words, numbers and names, as quick among 100,000 as among 1,000.

A job writes down in which tickets a word stands. Only what the requester can read is looked at: a word of a note finds
nothing, not even for an agent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, func, select
from sqlalchemy import text as sql

from domain.actor import Actor
from domain.errors import Invalid, NotFound
from domain.helpdesk.filters import fits
from domain.helpdesk.models import TicketWordRow, ticket_words, tickets
from domain.helpdesk.reading import NUMBER, PAGE_LIMIT, TICKET, access_ticket, sees_all, to_ticket
from domain.helpdesk.ticket import Ticket, TicketPage
from domain.tables import Id, is_id
from domain.unit import NOTHING, Unit, dialect_insert

MOST_WORDS = 200
"""Different words of one text that are written down; the rest of a long one is not searched."""
ASKED = 6
"""Words of a search that count."""
ENDINGS = 8
"""Words that the last, half-typed word of a search may become."""
SCANNED = 64
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
    having: Mapping[str, Any] = NOTHING,
) -> TicketPage:
    """Tickets with all the words of a text, the newest first: the actor's own or, for the desk, everybody's. The last
    word may be half-typed. A number finds its ticket. `having` is what a `Filter` was given.

    Raises `Invalid` for a cursor that is none of ours.
    """
    if cursor is not None and not is_id(cursor):
        raise Invalid("This list cannot be continued from here.", field="cursor")
    limit = max(1, min(limit, PAGE_LIMIT))
    if NUMBER.fullmatch(text.strip().upper()):
        return TicketPage(await _numbered(unit, actor, text, having), None)
    words = words_of(text)[:ASKED]
    if not words:
        return TicketPage((), None)
    groups = [[word] for word in words[:-1]]
    groups.append([words[-1]] if text[-1:].isspace() else await _begun(unit, words[-1]))
    if not all(groups):
        return TicketPage((), None)
    asked = Asked(groups, having, cursor, limit + 1)
    if sees_all(actor):
        found, scanned_to = await _among_all(unit, asked)
    else:
        found, scanned_to = await _among_own(unit, actor, asked), None
    return TicketPage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else scanned_to)


async def _numbered(unit: Unit, actor: Actor, number: str, having: Mapping[str, Any]) -> tuple[Ticket, ...]:
    try:
        ticket = await access_ticket(unit, actor, number)
    except NotFound:
        return ()
    if having:
        fitting = select(tickets.c.id).where(tickets.c.id == ticket.id, *map(fits, having))
        return (ticket,) if (await unit.db.execute(fitting, having)).first() else ()
    return (ticket,)


async def _begun(unit: Unit, beginning: str) -> list[str]:
    """Words that begin so and are in use, in the order of the alphabet: each a step along the index."""
    rows = await unit.fetch(_BEGUN, {"low": beginning, "high": beginning + "{", "most": ENDINGS})
    return [row.word for row in rows]


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
).columns(word=String)


Groups = Sequence[Sequence[str]]
"""Words, of which one of each group has to be there."""


@dataclass(frozen=True, slots=True)
class Asked:
    groups: Groups
    having: Mapping[str, Any]
    cursor: str | None
    most: int

    def values(self, groups: Groups) -> dict[str, Any]:
        """Of the parameters that the statements below have."""
        return {**self.having, **_named(groups), "before": self.cursor, "most": self.most}


async def _among_own(unit: Unit, actor: Actor, asked: Asked) -> list[Ticket]:
    """A person has few tickets: those are looked at, and not everybody's."""
    values = asked.values(asked.groups) | {"requester_id": actor.id}
    names = tuple({**asked.having, "requester_id": actor.id})
    statement = _own(_sizes(asked.groups), names, asked.cursor is not None)
    return [to_ticket(row) for row in await unit.fetch(statement, values)]


async def _among_all(unit: Unit, asked: Asked) -> tuple[list[Ticket], str | None]:
    """From the rarest word on: its newest tickets, and of these the ones that fit otherwise too. With where the search
    stopped, when there are more tickets with that word than it looked at."""
    others = list(asked.groups)
    rarest = others.pop(await _rarest(unit, asked.groups))
    sifted, continued = bool(others or asked.having), asked.cursor is not None
    statement = _page(_sizes(others), tuple(asked.having), continued)
    values = asked.values(others) | {"scanned": SCANNED if sifted else asked.most}
    found: dict[str, Ticket] = {}
    ends: list[str] = []
    for word in rarest:
        rows = await unit.fetch(statement, {**values, "word": word})
        found |= {row.id: to_ticket(row) for row in rows}
        if sifted and len(found) < asked.most:
            end = await unit.fetch(_end(continued), {**values, "word": word, "before_end": SCANNED - 1})
            ends += [row.ticket_id for row in end]
    # Every word was looked at as far as the newest of these ends: what is older may have been passed over.
    scanned_to = max(ends, default=None)
    kept = [ticket for ticket in found.values() if scanned_to is None or ticket.id >= scanned_to]
    return sorted(kept, key=lambda ticket: ticket.id, reverse=True)[: asked.most], scanned_to


async def _rarest(unit: Unit, groups: Groups) -> int:
    """Which of the groups has the fewest tickets; `SCANNED` is many enough."""
    if len(groups) == 1:
        return 0
    [counts] = await unit.fetch(_counts(_sizes(groups)), {**_named(groups), "scanned": SCANNED})
    return min(range(len(groups)), key=counts.__getitem__)


# The statements, built once for each number of words: building one costs more than running it.


def _sizes(groups: Groups) -> tuple[int, ...]:
    return tuple(map(len, groups))


def _word(group: int, place: int) -> str:
    return f"word_{group}_{place}"


def _named(groups: Groups) -> dict[str, str]:
    return {_word(g, w): word for g, group in enumerate(groups) for w, word in enumerate(group)}


def _one_of(column: ColumnElement[str], group: int, size: int) -> ColumnElement[bool]:
    return column.in_([bindparam(_word(group, place), type_=String) for place in range(size)])


def _has(ticket_id: ColumnElement[Any], sizes: Sequence[int]) -> list[ColumnElement[bool]]:
    """Looked up ticket by ticket: the offset keeps PostgreSQL from making a join of it, which would read all tickets
    with a common word."""
    having: list[ColumnElement[bool]] = []
    for group, size in enumerate(sizes):
        words = ticket_words.alias()
        mine = select(words.c.word).where(words.c.ticket_id == ticket_id, _one_of(words.c.word, group, size))
        having.append(mine.offset(0).exists())
    return having


@lru_cache(256)
def _counts(sizes: tuple[int, ...]) -> Select[Any]:
    def count(group: int, size: int) -> ColumnElement[int]:
        one = select(ticket_words.c.ticket_id).where(_one_of(ticket_words.c.word, group, size))
        counted = select(func.count()).select_from(one.limit(bindparam("scanned")).subquery())
        return counted.scalar_subquery().label(f"of_{group}")

    counted: list[ColumnElement[Any]] = [count(group, size) for group, size in enumerate(sizes)]
    return select(*counted)


@lru_cache(256)
def _own(sizes: tuple[int, ...], names: tuple[str, ...], continued: bool) -> Select[Any]:
    """Which ones they are is told by two indexes alone; only those are read."""
    where = [*map(fits, names), *_has(tickets.c.id, sizes)]
    if continued:
        where.append(tickets.c.id < bindparam("before", type_=Id))
    fitting = select(tickets.c.id).where(*where).order_by(tickets.c.id.desc())
    some = fitting.limit(bindparam("most")).subquery()
    return select(*TICKET).join(some, some.c.id == tickets.c.id).order_by(some.c.id.desc())


def _newest(continued: bool) -> Select[Any]:
    newest = select(ticket_words.c.ticket_id).where(ticket_words.c.word == bindparam("word"))
    if continued:
        newest = newest.where(ticket_words.c.ticket_id < bindparam("before", type_=Id))
    return newest.order_by(ticket_words.c.ticket_id.desc())


@lru_cache(256)
def _page(sizes: tuple[int, ...], names: tuple[str, ...], continued: bool) -> Select[Any]:
    some = _newest(continued).limit(bindparam("scanned")).subquery()
    return (
        select(*TICKET)
        .join(some, some.c.ticket_id == tickets.c.id)
        .where(*map(fits, names), *_has(some.c.ticket_id, sizes))
        .order_by(some.c.ticket_id.desc())
        .limit(bindparam("most"))
    )


@lru_cache(2)
def _end(continued: bool) -> Select[Any]:
    return _newest(continued).offset(bindparam("before_end")).limit(1)
