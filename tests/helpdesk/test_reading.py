"""Lists, and who may be typing to an agent."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.errors import Invalid, NotFound
from domain.helpdesk import actions
from domain.helpdesk.actions import ReportTicket
from domain.helpdesk.pending import PendingAnswers
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.reading import (
    access_conversation,
    list_history,
    list_tickets,
    pending_answer,
    people_with_pending_answers,
)
from domain.helpdesk.rules import Kind, State, Step
from domain.unit import Unit
from tests.conftest import Clock
from tests.helpdesk.conftest import Report, Take


async def test_a_list_is_newest_first_and_goes_on_where_it_ended(
    units: DatabaseUnits, report: Report, amina: Actor, dirk: Actor
) -> None:
    mine = [(await report(amina)).id for _ in range(5)]
    await report(dirk)
    seen: list[str] = []
    cursor = None
    async with units.read() as unit:
        for size in (2, 2, 1):
            page = await list_tickets(unit, amina, limit=2, cursor=cursor)
            assert len(page.tickets) == size
            seen += [ticket.id for ticket in page.tickets]
            cursor = page.next_cursor
    assert cursor is None
    assert seen == mine[::-1]


async def test_a_ticket_that_comes_in_between_moves_nothing(
    units: DatabaseUnits, report: Report, amina: Actor
) -> None:
    first, second = [(await report(amina)).id for _ in range(2)]
    async with units.read() as unit:
        page = await list_tickets(unit, amina, limit=1)
    await report(amina)
    async with units.read() as unit:
        rest = await list_tickets(unit, amina, limit=5, cursor=page.next_cursor)
    assert [ticket.id for ticket in page.tickets + rest.tickets] == [second, first]


async def test_the_desk_sees_everybodys_tickets_and_nobody_else_does(
    units: DatabaseUnits, report: Report, amina: Actor, dirk: Actor, bram: Actor
) -> None:
    reported = {(await report(amina)).id, (await report(dirk)).id}
    async with units.read() as unit:
        page = await list_tickets(unit, bram, mine=False)
        assert {ticket.id for ticket in page.tickets} == reported
        assert (await list_tickets(unit, bram)).tickets == ()
        with pytest.raises(NotFound):
            await list_tickets(unit, amina, mine=False)


async def test_a_list_is_narrowed_by_kind_and_state(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    incident = await report(amina)
    request = await report(amina, ReportTicket(Kind.REQUEST, "Een scherm", Impact.LOW, Urgency.LOW))
    await take(bram, Step.ASSIGN, incident.id)

    async def found(kind: Kind | None = None, state: State | None = None) -> list[str]:
        async with units.read() as unit:
            page = await list_tickets(unit, bram, mine=False, kind=kind, state=state)
        return [ticket.id for ticket in page.tickets]

    assert await found(kind=Kind.REQUEST) == [request.id]
    assert await found(state=State.ASSIGNED) == [incident.id]
    assert await found(Kind.INCIDENT, State.NEW) == []
    assert await found() == [request.id, incident.id]


@pytest.mark.parametrize("cursor", ["", "nonsense", "\x00", "' OR 1=1 --"])
async def test_a_cursor_of_nobody_is_refused(units: DatabaseUnits, amina: Actor, cursor: str) -> None:
    async with units.read() as unit:
        with pytest.raises(Invalid):
            await list_tickets(unit, amina, cursor=cursor)


# --- an answer to react to --------------------------------------------------------------------------------


async def pending(units: DatabaseUnits, actor: Actor) -> str | None:
    async with units.read() as unit:
        ticket = await pending_answer(unit, actor)
    assert await PendingAnswers(units).may_be(actor.id) is (ticket is not None)
    return ticket.id if ticket else None


async def test_an_answer_waits_for_a_reaction_for_eight_hours(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, bram: Actor, clock: Clock
) -> None:
    ticket = await report(amina)
    assert await pending(units, amina) is None
    await take(bram, Step.ASSIGN, ticket.id)
    assert await pending(units, amina) is None
    await take(bram, Step.ANSWER, ticket.id)
    clock.forward(hours=7, minutes=59)
    assert await pending(units, amina) == ticket.id
    assert await pending(units, bram) is None
    clock.forward(minutes=1)
    assert await pending(units, amina) is None


@pytest.mark.parametrize("reaction", [Step.REPLY, Step.CLOSE, Step.REOPEN])
async def test_a_reaction_ends_the_waiting(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, bram: Actor, reaction: Step
) -> None:
    ticket = await report(amina)
    await take(bram, Step.ANSWER if reaction is Step.REPLY else Step.RESOLVE, ticket.id)
    assert await pending(units, amina) == ticket.id
    await take(amina, reaction, ticket.id)
    assert await pending(units, amina) is None


async def test_the_latest_answer_is_the_one_and_can_be_set_aside(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, bram: Actor, dirk: Actor, clock: Clock
) -> None:
    first, second = await report(amina), await report(amina)
    for ticket in (second, first):
        clock.forward(minutes=1)
        await take(bram, Step.ANSWER, ticket.id)
    assert await pending(units, amina) == first.id
    with pytest.raises(NotFound):
        async with units() as unit:
            await actions.set_answer_aside(unit, dirk, first.id)
    async with units() as unit:
        await actions.set_answer_aside(unit, bram, first.id)  # not for an agent to say
    assert await pending(units, amina) == first.id
    async with units() as unit:
        await actions.set_answer_aside(unit, amina, first.id)
    assert await pending(units, amina) == second.id


async def test_knowing_who_has_answers_costs_one_look_for_everybody(
    units: DatabaseUnits,
    report: Report,
    take: Take,
    amina: Actor,
    bram: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = 0
    read = units.read

    def counted() -> object:
        nonlocal looks
        looks += 1
        return read()

    monkeypatch.setattr(units, "read", counted)
    now = 0.0
    known = PendingAnswers(units, fresh_for=2.0, clock=lambda: now)
    for _ in range(50):
        assert not await known.may_be("amina")
        assert not await known.may_be("dirk")
    assert looks == 1
    await take(bram, Step.ANSWER, (await report(amina)).id)
    now = 1.9
    assert not await known.may_be("amina")
    now = 2.0
    assert await known.may_be("amina")
    assert not await known.may_be("dirk")
    assert looks == 2


# --- speed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_list_and_look_up_goes_by_an_index(
    engine: AsyncEngine, clock: Clock, report: Report, amina: Actor, bram: Actor
) -> None:
    """SQLite says how it finds each row: never by going through a table, never by sorting afterwards."""
    first = await report(amina)
    async with engine.connect() as opened:
        unit = Unit(opened, clock.now)  # of the domain: everything it asks goes through SQLAlchemy
        asked: list[tuple[str, object]] = []

        def keep(_c: object, _cur: object, sql: str, values: object, *_: object) -> None:
            if sql.startswith("SELECT"):
                asked.append((sql, values))

        connection = unit.db.sync_connection
        assert connection is not None
        event.listen(connection, "before_cursor_execute", keep)
        for kind in (None, Kind.INCIDENT):
            for state in (None, State.NEW):
                for cursor in (None, first.id):
                    await list_tickets(unit, bram, mine=False, kind=kind, state=state, cursor=cursor)
                    await list_tickets(unit, amina, kind=kind, state=state, cursor=cursor)
        await access_conversation(unit, amina, first.id)
        await access_conversation(unit, amina, first.number)
        await list_history(unit, amina, first.id)
        await pending_answer(unit, amina)
        await people_with_pending_answers(unit, 10)
        event.remove(connection, "before_cursor_execute", keep)
        assert len(asked) > 20
        for sql, values in asked:
            plan = await unit.db.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)  # type: ignore[arg-type]
            steps = [row.detail for row in plan]
            # Without any condition the newest rows come off the end of the primary key: that is a scan too.
            whole = "WHERE" not in sql
            for step in steps:
                assert whole or step.startswith("SEARCH"), (step, sql)
                assert "USING" in step, (step, sql)
                assert "TEMP B-TREE" not in step, (step, sql)
