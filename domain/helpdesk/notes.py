"""What stays at the desk: notes of agents for each other, and the minutes they worked.

A note is another type than a message, in another table, read by this module alone. No card, list, search, export or
view of a requester imports it; `tests/helpdesk/test_notes.py` tries them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from domain.actor import Actor
from domain.errors import Invalid, NotFound
from domain.helpdesk.models import ticket_notes, ticket_times
from domain.helpdesk.reading import BY_ITSELF, access_ticket
from domain.helpdesk.texts import check_text
from domain.helpdesk.ticket import Ticket
from domain.tables import new_id
from domain.unit import Unit

NOTED = "helpdesk.noted"
"""Job kind: the desk's cards of a ticket follow. Payload `{ticket, by, at}`; nobody but agents is told."""
SHOWN_NOTES = 5
MOST_MINUTES = 24 * 60
"""One entry of time spent; who worked longer wrote something else than they meant."""


@dataclass(frozen=True, slots=True)
class Note:
    """For agents only."""

    id: str
    ticket_id: str
    author_id: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeskFile:
    """What the desk keeps on a ticket beside it: the latest notes, the oldest of them first, how many came before
    those, and the minutes that were worked on it."""

    notes: tuple[Note, ...]
    earlier: int
    minutes: int


EMPTY_FILE = DeskFile((), 0, 0)


async def access_as_agent(unit: Unit, actor: Actor, id_or_number: str) -> Ticket:
    """A ticket for somebody of the desk. `NotFound` for all others, its own requester among them."""
    if not (actor.is_agent or actor.id == BY_ITSELF):
        raise NotFound("There is no such ticket.", field="id")
    return await access_ticket(unit, actor, id_or_number)


async def write_note(unit: Unit, actor: Actor, ticket_id: str, text: str, *, key: str) -> Note:
    """Also on a ticket that is closed: what the desk found out later may help the next one.

    Raises `NotFound` for everybody but agents, `Invalid` (field `text`) for an empty note.
    """
    ticket = await access_as_agent(unit, actor, ticket_id)
    note = Note(new_id(), ticket.id, actor.id, check_text(text, "text"), unit.now)
    if await unit.once(actor.id, key, ("note", ticket.id, note.text), note.id) is None:
        await unit.db.execute(
            insert(ticket_notes),
            {"id": note.id, "ticket_id": ticket.id, "author_id": actor.id, "text": note.text, "at": unit.now},
        )
        await told_to_desk(unit, actor, ticket.id)
    return note


async def spend_time(unit: Unit, actor: Actor, ticket_id: str, minutes: int, *, key: str) -> None:
    """Add minutes to what the actor worked on this ticket; fewer than none corrects an earlier entry.

    Raises `Invalid` (field `minutes`) for none, and for more than a day.
    """
    ticket = await access_as_agent(unit, actor, ticket_id)
    if not 0 < abs(minutes) <= MOST_MINUTES:
        raise Invalid("This is a number of minutes, {most} at most.", field="minutes", most=MOST_MINUTES)
    if await unit.once(actor.id, key, ("time", ticket.id, minutes), ticket.id) is None:
        row = {
            "id": new_id(),
            "ticket_id": ticket.id,
            "agent_id": actor.id,
            "minutes": minutes,
            "at": unit.now,
        }
        await unit.db.execute(insert(ticket_times), row)
        await told_to_desk(unit, actor, ticket.id)


async def read_file(unit: Unit, actor: Actor, ticket_id: str, *, shown: int = SHOWN_NOTES) -> DeskFile:
    """What the desk keeps on a ticket. Raises `NotFound` for everybody but agents."""
    ticket = await access_as_agent(unit, actor, ticket_id)
    theirs = ticket_notes.c.ticket_id == ticket.id
    rows = (
        await unit.db.execute(
            select(ticket_notes).where(theirs).order_by(ticket_notes.c.id.desc()).limit(shown + 1)
        )
    ).all()
    earlier = 0
    if len(rows) > shown:
        count = select(func.count()).select_from(ticket_notes).where(theirs)
        earlier = (await unit.db.execute(count)).scalar_one() - shown
    spent = select(func.sum(ticket_times.c.minutes)).where(ticket_times.c.ticket_id == ticket.id)
    minutes = (await unit.db.execute(spent)).scalar_one() or 0
    notes = tuple(Note(row.id, row.ticket_id, row.author_id, row.text, row.at) for row in rows[:shown])
    return DeskFile(notes[::-1], earlier, int(minutes))


async def told_to_desk(unit: Unit, actor: Actor, ticket_id: str) -> None:
    """Have the desk's cards of the ticket follow, and nobody else's."""
    await unit.enqueue(NOTED, {"ticket": ticket_id, "by": actor.id}, lane=f"ticket:{ticket_id}")
