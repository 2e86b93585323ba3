"""Notes of the desk stay at the desk, over every path there is: by what the code can read, and by trying.

The chat (every verb, every view, every typed way in) is tried in `chat/test_desk.py`.
"""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from adapters.database.tables import METADATA
from cards.helpdesk.requester import TicketFace
from connector.authentication import Caller
from connector.operation import Call
from connector.operations import BY_ID
from connector.shapes.tickets import TicketFilter
from domain.actor import Actor
from domain.api_keys.models import Scope
from domain.desk import Desk
from domain.errors import NotFound
from domain.helpdesk import notes, reading, search
from domain.helpdesk.notes import DeskFile, Note
from domain.helpdesk.rules import Step
from domain.helpdesk.ticket import Conversation, Message
from domain.jobs.models import Job
from domain.reports.actions import export_tickets
from domain.reports.rules import Period, Span
from domain.unit import Unit
from tests.conftest import Clock
from tests.helpdesk.conftest import Report, Take

ROOT = Path(__file__).resolve().parents[2]
SECRET = "koffievlek onder de toetsen"
MAY_READ_NOTES = {
    "domain/helpdesk/models.py",  # the table
    "domain/helpdesk/notes.py",  # the only reader
    "domain/helpdesk/merging.py",  # moves them along, unread
    "bot/helpdesk/faces.py",  # for an agent's card
    "cards/helpdesk/desk.py",  # draws them on it
}


def test_only_the_desks_own_modules_name_what_notes_are_read_with() -> None:
    names = re.compile(r"\b(?:ticket_notes|TicketNoteRow|read_file|DeskFile)\b")
    packages = (
        "adapters",
        "bot",
        "cards",
        "connector",
        "domain",
        "functions",
        "localhost",
        "locales",
        "wiring",
    )
    found = {
        path.relative_to(ROOT).as_posix()
        for package in packages
        for path in (ROOT / package).rglob("*.py")
        if names.search(path.read_text(encoding="utf-8"))
    }
    assert {path for path in found if "/migrations/" not in path} == MAY_READ_NOTES


def test_a_note_is_no_message_and_a_requesters_card_has_no_place_for_one() -> None:
    assert not issubclass(Note, Message)
    assert not issubclass(Message, Note)
    for made_of in (TicketFace, Conversation):
        assert not {str(field.type) for field in fields(made_of)} & {"Note", "DeskFile", "tuple[Note, ...]"}
    assert {"notes"} <= {field.name for field in fields(DeskFile)}


async def everything_stored(unit: Unit) -> dict[str, str]:
    """All rows of all tables, as text, by table."""
    return {
        name: repr((await unit.db.execute(select(table))).all()) for name, table in METADATA.tables.items()
    }


async def test_a_note_is_in_one_table_and_nowhere_else(
    units: DatabaseUnits, report: Report, amina: Actor, bram: Actor
) -> None:
    """Not in a job that shows cards, not in the history, not among the words of the search."""
    ticket = await report(amina)
    async with units() as unit:
        await notes.write_note(unit, bram, ticket.id, SECRET, key="n")
    async with units.read() as unit:
        stored = await everything_stored(unit)
        payloads = (await unit.db.execute(select(Job.payload).where(Job.kind == notes.NOTED))).scalars().all()
    assert [name for name, rows in stored.items() if SECRET in rows or "koffievlek" in rows] == [
        "ticket_notes"
    ]
    assert payloads == [{"ticket": ticket.id, "by": "bram"}]


async def test_a_note_is_in_no_answer_to_a_flow_no_search_and_no_export(
    units: DatabaseUnits,
    desk: Desk,
    report: Report,
    take: Take,
    amina: Actor,
    bram: Actor,
    clock: Clock,
) -> None:
    ticket = await take(bram, Step.ANSWER, (await report(amina)).id)
    async with units() as unit:
        await notes.write_note(unit, bram, ticket.id, SECRET, key="n")
        await search.index_words(unit, ticket.id, ticket.text)
    flow = Caller(Actor("flow:intake", "intake"), frozenset(Scope), "key:k")
    listed = await BY_ID["ListTickets"].handler(desk, flow, Call(TicketFilter(), None))
    got = await BY_ID["GetTicket"].handler(desk, flow, Call(None, None, {"ticketId": ticket.number}))
    policy = desk.organisation.helpdesk
    lead = next(person for person in desk.organisation.people if person.id == policy.lead_id).as_actor()
    period = Period(Span.DATES, clock.now.date().replace(day=1), clock.now.date())
    async with units.read() as unit:
        exported = [
            line async for line in export_tickets(unit, lead, period, policy, ZoneInfo("Europe/Brussels"))
        ]
        looked = [
            got,
            listed,
            exported,
            await reading.access_conversation(unit, amina, ticket.id),
            await reading.list_history(unit, amina, ticket.id),
            await reading.list_tickets(unit, amina),
            await search.search_tickets(unit, amina, "koffievlek"),
            await search.search_tickets(unit, bram, "koffievlek"),
        ]
    assert ticket.number in repr(looked)
    assert "koffievlek" not in repr(looked)


@pytest.mark.parametrize("asker", ["amina", "dirk", "gust"])
async def test_whoever_is_no_agent_reads_and_writes_no_notes(
    units: DatabaseUnits,
    report: Report,
    amina: Actor,
    bram: Actor,
    request: pytest.FixtureRequest,
    asker: str,
) -> None:
    actor: Actor = request.getfixturevalue(asker)
    ticket = await report(amina)
    async with units() as unit:
        await notes.write_note(unit, bram, ticket.id, SECRET, key="n")
        with pytest.raises(NotFound):
            await notes.read_file(unit, actor, ticket.id)
        with pytest.raises(NotFound):
            await notes.write_note(unit, actor, ticket.id, "x", key="m")
