"""The figures of a ticket follow its life."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.desk import Desk
from domain.helpdesk.actions import ReportTicket, Say, answer, close, reopen, report_ticket, resolve
from domain.helpdesk.changes import TicketChanged
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.rules import Kind
from domain.helpdesk.ticket import Ticket
from domain.reports.figures import keep_figures
from domain.reports.models import ticket_figures
from domain.service_levels.actions import Timekeeper
from tests.conftest import Clock


async def figures(units: DatabaseUnits, desk: Desk, ticket: Ticket) -> Any:
    """As the job after a change writes them."""
    changed = TicketChanged(
        ticket.id, ticket.version, "step", "bram", ticket.state, ticket.state, ticket.updated_at
    )
    async with units() as unit:
        await Timekeeper(desk)(unit, changed, ticket)
        await keep_figures(unit, changed, ticket)
        return (await unit.db.execute(select(ticket_figures))).one()


async def test_from_the_report_to_the_end_and_back(
    units: DatabaseUnits, desk: Desk, clock: Clock, amina: Actor, bram: Actor
) -> None:
    policy = desk.organisation.helpdesk
    async with units() as unit:
        command = ReportTicket(Kind.INCIDENT, "De printer doet niets meer.", Impact.LOW, Urgency.HIGH)
        ticket = await report_ticket(unit, amina, command, policy, key="1")
    row = await figures(units, desk, ticket)
    assert (row.kind, row.responded_at, row.solved_at, row.ended_at, row.reopened) == (
        "incident", None, None, None, 0,
    )  # fmt: skip

    clock.forward(minutes=30)  # 9:30 until 10:00 on a Monday
    async with units() as unit:
        ticket = await answer(unit, bram, Say(ticket.id, "Brandt het lampje?"), policy, key="2")
    row = await figures(units, desk, ticket)
    assert row.responded_at == clock.now
    assert (row.response_seconds, row.response_met) == (1800, True)

    clock.forward(hours=1)
    async with units() as unit:
        ticket = await resolve(unit, bram, Say(ticket.id, "Vervangen."), policy, key="3")
    row = await figures(units, desk, ticket)
    assert row.solved_at == row.ended_at == clock.now
    assert (row.solution_seconds, row.solution_met) == (5400, True)

    async with units() as unit:
        ticket = await reopen(unit, amina, Say(ticket.id, "Nog niet."), policy, key="4")
    row = await figures(units, desk, ticket)
    assert (row.solved_at, row.ended_at, row.solution_seconds, row.reopened) == (None, None, None, 1)

    async with units() as unit:
        ticket = await resolve(unit, bram, Say(ticket.id, "Nu wel."), policy, key="5")
        ticket = await close(unit, amina, ticket.id, policy, key="6")
    row = await figures(units, desk, ticket)
    assert row.solved_at == row.ended_at == clock.now


async def test_a_late_job_does_not_undo_what_a_later_one_wrote(
    units: DatabaseUnits, desk: Desk, amina: Actor, bram: Actor
) -> None:
    policy = desk.organisation.helpdesk
    async with units() as unit:
        command = ReportTicket(Kind.INCIDENT, "De printer doet niets meer.", Impact.LOW, Urgency.HIGH)
        old = await report_ticket(unit, amina, command, policy, key="1")
        new = await resolve(unit, bram, Say(old.id, "Vervangen."), policy, key="2")
    await figures(units, desk, new)
    assert (await figures(units, desk, old)).solved_at is not None
