"""Many at the same moment, on PostgreSQL."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.errors import Conflict
from domain.helpdesk import reading
from domain.helpdesk.models import ticket_messages, tickets
from domain.helpdesk.rules import State, Step
from domain.helpdesk.ticket import Ticket
from tests.helpdesk.conftest import Report, Take
from tests.servers.postgres import PostgresServer


@pytest.fixture
def database_url(postgres: PostgresServer) -> str:
    return postgres.new_database()


async def test_of_two_agents_at_once_one_gets_the_ticket_a_hundred_times(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, bram: Actor, carla: Actor
) -> None:
    winners = []
    for _ in range(100):
        ticket = await report(amina)
        ended = await asyncio.gather(
            take(bram, Step.ASSIGN, ticket.id), take(carla, Step.ASSIGN, ticket.id), return_exceptions=True
        )
        [won] = [end for end in ended if isinstance(end, Ticket)]
        [lost] = [end for end in ended if not isinstance(end, Ticket)]
        assert isinstance(lost, Conflict)
        async with units.read() as unit:
            events = await reading.list_history(unit, amina, ticket.id)
            stands = await reading.access_ticket(unit, bram, ticket.id)
        assert [event.what for event in events] == ["report", "assign"]
        assert stands.assignee_id == events[1].by_id == won.assignee_id
        winners.append(won.assignee_id)
    assert len(winners) == 100


async def test_the_same_key_at_once_makes_one_ticket(
    units: DatabaseUnits, report: Report, amina: Actor
) -> None:
    for turn in range(20):
        made = await asyncio.gather(*(report(amina, key=f"form-{turn}") for _ in range(4)))
        assert len({ticket.id for ticket in made}) == 1
    async with units.read() as unit:
        numbers = (await unit.db.execute(select(tickets.c.number))).scalars().all()
    assert sorted(numbers) == [f"I-2026-{n:06d}" for n in range(1, 21)]


async def test_fifty_reports_at_once_have_numbers_without_gap_or_twin(
    report: Report, amina: Actor, dirk: Actor
) -> None:
    made = await asyncio.gather(*(report(dirk if n % 2 else amina) for n in range(50)))
    assert sorted(ticket.number for ticket in made) == [f"I-2026-{n:06d}" for n in range(1, 51)]


async def test_an_answer_and_replies_at_once_are_all_kept(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    ticket = await report(amina)
    await asyncio.gather(
        take(bram, Step.ANSWER, ticket.id),
        *(take(amina, Step.REPLY, ticket.id, f"reply {n}") for n in range(9)),
    )
    async with units.read() as unit:
        stands = await reading.access_ticket(unit, amina, ticket.id)
        said = (await unit.db.execute(select(ticket_messages.c.text))).scalars().all()
        events = await reading.list_history(unit, amina, ticket.id)
    assert stands.state is State.IN_PROGRESS
    assert stands.version == len(events) == 11
    assert len(set(said)) == 10


async def test_a_reply_that_meets_the_solution_is_either_in_or_refused(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    for _ in range(30):
        ticket = await report(amina)
        resolved, replied = await asyncio.gather(
            take(bram, Step.RESOLVE, ticket.id), take(amina, Step.REPLY, ticket.id), return_exceptions=True
        )
        assert isinstance(resolved, Ticket)
        assert isinstance(replied, Ticket | Conflict)
        async with units.read() as unit:
            events = [event.what for event in await reading.list_history(unit, amina, ticket.id)]
            stands = await reading.access_ticket(unit, amina, ticket.id)
        assert stands.state is State.RESOLVED
        assert events == (
            ["report", "reply", "resolve"] if isinstance(replied, Ticket) else ["report", "resolve"]
        )
