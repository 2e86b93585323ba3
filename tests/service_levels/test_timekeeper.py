"""Clocks in the database: kept with every change, told of once, and recounted when promises change."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.desk import Desk
from domain.errors import Invalid, NotFound
from domain.helpdesk import actions, sorting
from domain.helpdesk.policy import Impact, Priority, Urgency
from domain.helpdesk.reading import load_ticket
from domain.helpdesk.rules import Kind
from domain.service_levels.actions import Timekeeper
from domain.service_levels.models import ticket_clocks
from domain.service_levels.notify import concerned
from domain.service_levels.policy import Targets
from domain.service_levels.reading import due_of, list_at_risk
from domain.service_levels.rules import Level
from tests.conftest import Clock
from tests.service_levels.conftest import TicketDesk
from tests.service_levels.test_calendar import local

AT_RISK, BREACHED = int(Level.AT_RISK), int(Level.BREACHED)


async def test_a_report_starts_both_clocks(at_desk: TicketDesk, amina: Actor) -> None:
    row = await at_desk.row(await at_desk.report(amina))  # Monday, half past nine
    # Normal priority: a reaction within 8 hours, solved within 24; a day has 8 and a half.
    assert row.response_due_at == local("2026-11-24T09:00")
    assert row.resolution_due_at == local("2026-11-25T16:30")
    assert row.due_at == row.response_due_at
    assert row.at_risk_at == row.next_at == local("2026-11-23T15:30")
    assert (row.response_target, row.resolution_target) == (8 * 3600, 24 * 3600)


async def test_waiting_stops_the_clock_and_an_answer_continues_it(
    at_desk: TicketDesk, amina: Actor, bram: Actor, clock: Clock
) -> None:
    ticket = await at_desk.report(amina)
    clock.now = local("2026-11-23T11:30")
    await at_desk.say(actions.ask, bram, ticket)
    row = await at_desk.row(ticket)
    assert (row.response_done_at, row.response_used) == (clock.now, 2 * 3600)
    assert row.resolution_used == 2 * 3600
    assert (row.resolution_due_at, row.due_at, row.at_risk_at, row.next_at) == (None,) * 4
    clock.now = local("2026-12-01T11:30")
    assert await at_desk.sweep() == 0
    await at_desk.say(actions.reply, amina, ticket)
    row = await at_desk.row(ticket)
    assert row.resolution_due_at == local("2026-12-03T16:30")  # 22 hours further on


async def test_solving_it_ends_the_clock_and_opening_it_again_continues_it(
    at_desk: TicketDesk, amina: Actor, bram: Actor, clock: Clock
) -> None:
    ticket = await at_desk.report(amina)
    clock.forward(hours=3)
    await at_desk.say(actions.resolve, bram, ticket)
    row = await at_desk.row(ticket)
    assert (row.resolution_done_at, row.resolution_due_at) == (clock.now, None)
    clock.forward(days=2)
    await at_desk.say(actions.reopen, amina, ticket)
    row = await at_desk.row(ticket)
    assert row.resolution_done_at is None
    assert row.resolution_due_at == at_desk.desk.organisation.calendar.add(clock.now, timedelta(hours=21))


async def test_another_priority_or_kind_keeps_the_time_that_was_used(
    at_desk: TicketDesk, amina: Actor, bram: Actor, clock: Clock
) -> None:
    ticket = await at_desk.report(amina)
    clock.forward(hours=1)
    await at_desk.say(actions.await_supplier, bram, ticket)
    clock.forward(days=1)
    await at_desk.do(actions.resume, bram, ticket)
    await at_desk.do(sorting.prioritise, bram, ticket, Priority.HIGH, "De raad vergadert straks.")
    row = await at_desk.row(ticket)
    calendar = at_desk.desk.organisation.calendar
    assert row.resolution_due_at == calendar.add(
        clock.now, timedelta(hours=7)
    )  # 8 hours, of which one is gone
    await at_desk.do(sorting.change_kind, bram, ticket, Kind.REQUEST)
    row = await at_desk.row(ticket)
    assert row.resolution_due_at == calendar.add(clock.now, timedelta(hours=23))
    await at_desk.do(sorting.change_kind, bram, ticket, Kind.CHANGE)
    row = await at_desk.row(ticket)
    assert (row.resolution_target, row.resolution_due_at) == (None, None)


async def test_people_are_warned_at_three_quarters_and_at_the_end_once_each(
    at_desk: TicketDesk, amina: Actor, clock: Clock
) -> None:
    ticket = await at_desk.report(amina)
    clock.now = local("2026-11-23T15:29")
    assert await at_desk.sweep() == 0
    clock.now = local("2026-11-23T15:30")
    assert await at_desk.sweep() == 1
    assert await at_desk.sweep() == 0
    assert await at_desk.warnings() == [(ticket.id, "response", AT_RISK)]
    clock.now = local("2026-11-24T09:00")
    assert await at_desk.sweep() == 1
    assert await at_desk.sweep() == 0
    assert (await at_desk.warnings())[1:] == [(ticket.id, "response", BREACHED)]
    clock.now = local("2026-11-26T09:00")  # after a night without timers: late at once, and only that
    assert await at_desk.sweep() == 1
    assert (await at_desk.warnings())[2:] == [(ticket.id, "resolution", BREACHED)]


async def test_nobody_is_warned_again_after_waiting(
    at_desk: TicketDesk, amina: Actor, bram: Actor, clock: Clock
) -> None:
    ticket = await at_desk.report(amina)
    await at_desk.say(actions.answer, bram, ticket)
    clock.now = local("2026-11-25T12:00")
    await at_desk.sweep()
    await at_desk.say(actions.ask, bram, ticket)
    clock.forward(days=1)
    await at_desk.say(actions.reply, amina, ticket)
    assert await at_desk.sweep() == 0
    assert await at_desk.warnings() == [(ticket.id, "resolution", AT_RISK)]


async def test_a_target_further_away_has_its_own_warnings(
    at_desk: TicketDesk, amina: Actor, bram: Actor, clock: Clock
) -> None:
    ticket = await at_desk.report(amina)
    await at_desk.say(actions.answer, bram, ticket)
    await at_desk.do(sorting.prioritise, bram, ticket, Priority.CRITICAL, "Het loket ligt stil.")
    clock.forward(hours=5)
    await at_desk.sweep()
    await at_desk.do(sorting.prioritise, bram, ticket, Priority.LOW, "Er is een omweg.")
    row = await at_desk.row(ticket)
    assert row.resolution_told == Level.CALM
    clock.now = row.resolution_due_at
    await at_desk.sweep()
    assert [level for _, _, level in await at_desk.warnings()] == [BREACHED, BREACHED]


async def test_what_was_solved_in_time_is_never_warned_about(
    at_desk: TicketDesk, amina: Actor, bram: Actor, clock: Clock
) -> None:
    ticket = await at_desk.report(amina)
    await at_desk.say(actions.resolve, bram, ticket)
    clock.forward(days=60)
    assert await at_desk.sweep() == 0
    assert await at_desk.warnings() == []


async def test_hearing_of_a_change_twice_counts_once(at_desk: TicketDesk, amina: Actor, clock: Clock) -> None:
    ticket = await at_desk.report(amina)
    before = await at_desk.row(ticket)
    clock.forward(minutes=5)
    async with at_desk.units() as unit:
        await Timekeeper(at_desk.desk).keep(unit, await load_ticket(unit, ticket.id))
    after = await at_desk.row(ticket)
    assert (after.due_at, after.at_risk_at, after.next_at) == (
        before.due_at,
        before.at_risk_at,
        before.next_at,
    )


async def test_sweeps_and_changes_at_once_warn_once(at_desk: TicketDesk, amina: Actor, clock: Clock) -> None:
    made = [await at_desk.report(amina) for _ in range(5)]
    clock.now = local("2026-11-23T16:00")
    keeper = Timekeeper(at_desk.desk)

    async def change(ticket_id: str) -> None:
        async with at_desk.units() as unit:
            await keeper.keep(unit, await load_ticket(unit, ticket_id))

    await asyncio.gather(*(keeper.sweep(2) for _ in range(4)), *(change(ticket.id) for ticket in made))
    await at_desk.sweep()
    assert sorted(await at_desk.warnings()) == sorted((one.id, "response", AT_RISK) for one in made)


async def test_new_promises_recount_what_is_open_and_keep_what_was_used(
    at_desk: TicketDesk, amina: Actor, bram: Actor, clock: Clock
) -> None:
    open_, done = await at_desk.report(amina), await at_desk.report(amina)
    await at_desk.say(actions.resolve, bram, done)
    before = await at_desk.row(done)
    clock.forward(hours=2)
    organisation = at_desk.desk.organisation
    sooner = {kind: dict.fromkeys(Priority, Targets(timedelta(hours=1), timedelta(hours=3))) for kind in Kind}
    promises = replace(organisation.service_levels, targets=sooner, fingerprint="another")
    other = replace(at_desk.desk, organisation=replace(organisation, service_levels=promises))
    await Timekeeper(other).sweep()
    assert (await at_desk.row(open_)).resolution_due_at == clock.now + timedelta(hours=1)
    assert await at_desk.row(done) == before


async def test_tickets_from_before_there_were_clocks_are_counted_by_the_sweep(
    at_desk: TicketDesk, amina: Actor
) -> None:
    ticket = await at_desk.report(amina)
    wanted = await at_desk.row(ticket)
    async with at_desk.units() as unit:  # as the migration leaves them
        await unit.db.execute(ticket_clocks.delete())
        await unit.db.execute(
            insert(ticket_clocks).values(
                ticket_id=ticket.id,
                response_used=0,
                response_told=0,
                resolution_used=0,
                resolution_told=0,
                counted_with="",
            )
        )
    assert await at_desk.sweep() == 1
    assert await at_desk.row(ticket) == wanted


# --- who hears of it --------------------------------------------------------------------------------------


async def test_the_agent_who_has_it_hears_of_it_and_the_lead_when_it_is_late(
    at_desk: TicketDesk, desk: Desk, amina: Actor, bram: Actor
) -> None:
    ticket = await at_desk.report(amina)
    await at_desk.do(actions.assign_to_me, bram, ticket)
    async with at_desk.units.read() as unit:
        taken = await load_ticket(unit, ticket.id)
    assert await concerned(desk, ticket, Level.AT_RISK) == ["tine"]
    assert await concerned(desk, taken, Level.AT_RISK) == ["bram"]
    assert await concerned(desk, taken, Level.BREACHED) == ["bram", "tine"]
    assert await concerned(desk, replace(taken, assignee_id="tine"), Level.BREACHED) == ["tine"]
    assert await concerned(desk, replace(taken, assignee_id="left-the-city"), Level.AT_RISK) == ["tine"]


# --- lists ------------------------------------------------------------------------------------------------


async def test_who_is_at_risk_is_listed_page_by_page(
    at_desk: TicketDesk, amina: Actor, bram: Actor, clock: Clock
) -> None:
    made = []
    for number in range(5):
        made.append(await at_desk.report(amina))
        clock.forward(minutes=1 if number % 2 else 0)  # some at the same moment
    await at_desk.do(actions.assign_to_me, bram, made[3])
    calm = await at_desk.report(amina, impact=Impact.LOW, urgency=Urgency.LOW)
    clock.now = local("2026-11-23T16:00")
    found, cursor = [], None
    async with at_desk.units.read() as unit:
        for _ in range(3):
            page = await list_at_risk(unit, bram, limit=2, cursor=cursor)
            found += [due.ticket_id for due in page.due]
            cursor = page.next_cursor
        mine = await list_at_risk(unit, bram, assignee_id=bram.id)
        group = await list_at_risk(unit, bram, group_ids=["nothing_here"])
        due = await due_of(unit, [made[0].id, calm.id])
    assert cursor is None
    assert found == [ticket.id for ticket in made]
    assert [one.ticket_id for one in mine.due] == [made[3].id]
    assert group.due == ()
    assert (due[made[0].id].level, due[calm.id].level) == (Level.AT_RISK, Level.CALM)


async def test_the_list_is_for_the_desk_and_its_cursor_is_checked(
    at_desk: TicketDesk, amina: Actor, bram: Actor
) -> None:
    async with at_desk.units.read() as unit:
        with pytest.raises(NotFound):
            await list_at_risk(unit, amina)
        for cursor in ("x", "2026-11-23T10:00:00|x", "2026-11-23T10:00:00+00:00|x"):
            with pytest.raises(Invalid):
                await list_at_risk(unit, bram, cursor=cursor)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("next_at <= :now ORDER BY next_at", "ix_ticket_clocks_next"),
        ("at_risk_at <= :now ORDER BY at_risk_at, ticket_id", "ix_ticket_clocks_at_risk"),
        (
            "resolution_done_at IS NULL AND (counted_with < 'm' OR counted_with > 'm')",
            "ix_ticket_clocks_counted",
        ),
    ],
)
async def test_what_a_sweep_looks_for_is_on_an_index(
    units: DatabaseUnits, clock: Clock, query: str, index: str
) -> None:
    async with units.read() as unit:
        if unit.db.dialect.name == "sqlite":
            explain, now = "EXPLAIN QUERY PLAN", "'2026-11-23'"
        else:
            explain, now = "EXPLAIN", "timestamptz '2026-11-23'"
            await unit.db.execute(text("SET enable_seqscan = off"))
        asked = query.replace(":now", now)
        statement = f"{explain} SELECT ticket_id FROM ticket_clocks WHERE {asked} LIMIT 20"  # noqa: S608
        plan = " ".join(str(row) for row in await unit.db.execute(text(statement)))
    assert index in plan
