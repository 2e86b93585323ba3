"""What happens by itself: closing, what is counted, what stays; and the texts that stand ready."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.desk import Desk
from domain.helpdesk import closing, reading
from domain.helpdesk.deflections import Helped, count_deflection
from domain.helpdesk.models import TicketEventRow, deflections
from domain.helpdesk.policy import Category, HelpdeskPolicy
from domain.helpdesk.routing import category_of
from domain.helpdesk.rules import Kind, State, Step
from domain.helpdesk.standard_replies import filled
from domain.tables import new_id
from tests.conftest import Clock
from tests.helpdesk.conftest import Report, Take


async def test_what_is_resolved_is_announced_and_closes_after_working_days(
    units: DatabaseUnits, desk: Desk, report: Report, take: Take, amina: Actor, bram: Actor, clock: Clock
) -> None:
    """Resolved on Monday 23 November: announced the next Friday, closed on Monday the 30th. The weekend is none."""
    ticket = await take(bram, Step.RESOLVE, (await report(amina)).id)
    assert await closing.sweep_closing(desk) == 0
    clock.now = clock.now.replace(day=27) - timedelta(minutes=1)
    assert await closing.sweep_closing(desk) == 0
    clock.forward(minutes=1)
    assert clock.now.date() == date(2026, 11, 27)
    assert await closing.sweep_closing(desk) == 1
    assert await closing.sweep_closing(desk) == 0
    clock.forward(days=2)
    assert await closing.sweep_closing(desk) == 0
    clock.forward(days=1)
    assert await closing.sweep_closing(desk) == 1
    async with units.read() as unit:
        closed = await reading.load_ticket(unit, ticket.id)
        assert (closed.state, closed.closed_at) == (State.CLOSED, clock.now)
        events = await reading.list_history(unit, amina, ticket.id)
    assert (events[-1].what, events[-1].by_id) == ("close", reading.BY_ITSELF)


async def test_reopening_starts_the_days_anew(
    units: DatabaseUnits, desk: Desk, report: Report, take: Take, amina: Actor, bram: Actor, clock: Clock
) -> None:
    ticket = await take(bram, Step.RESOLVE, (await report(amina)).id)
    clock.forward(days=4)
    assert await closing.sweep_closing(desk) == 1
    await take(amina, Step.REOPEN, ticket.id)
    clock.forward(days=10)
    assert await closing.sweep_closing(desk) == 0
    await take(bram, Step.RESOLVE, ticket.id)
    assert await closing.sweep_closing(desk) == 0
    clock.forward(days=5)
    assert await closing.sweep_closing(desk) == 1  # announced again, and not closed unsaid
    async with units.read() as unit:
        assert (await reading.load_ticket(unit, ticket.id)).state is State.RESOLVED


async def test_a_form_that_was_left_counts_once(units: DatabaseUnits, amina: Actor) -> None:
    form = new_id()
    async with units() as unit:
        assert await count_deflection(unit, amina, form, Kind.INCIDENT, Helped.TIP, "printen-1")
        assert not await count_deflection(unit, amina, form, Kind.INCIDENT, Helped.DIGICOACH, "joris")
        row = (await unit.db.execute(select(deflections))).one()
    assert (row.by, row.subject, row.team_id) == ("tip", "printen-1", "digitaal")


async def test_the_history_only_grows(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    ticket = await report(amina)
    before: list[Any] = []
    for step in (Step.ASSIGN, Step.ANSWER, Step.ASK, Step.RESUME, Step.RESOLVE):
        await take(bram, step, ticket.id)
        async with units.read() as unit:
            now = (await unit.db.execute(select(TicketEventRow).order_by(TicketEventRow.version))).all()
        assert list(now[: len(before)]) == before
        assert len(now) == len(before) + 1 or not before
        before = list(now)
    assert [row.version for row in before] == [1, 2, 3, 4, 5, 6]
    assert [row.from_state for row in before[1:]] == [row.state for row in before[:-1]]


def test_a_standard_reply_leaves_no_blanks_and_keeps_braces_that_people_typed(policy: HelpdeskPolicy) -> None:
    from tests.cards.samples.helpdesk import TICKET

    for reply in policy.standard_replies:
        titled = replace(TICKET, title="{agent} {onzin}")
        text = filled(reply, titled, requester="Amina El Idrissi", agent="Bram", policy=policy)
        assert "Dag Amina" in text
        if "{title}" in reply.text:
            assert "{agent} {onzin}" in text


def test_categories_with_regular_expression_characters_are_taken_literally(policy: HelpdeskPolicy) -> None:
    odd = replace(policy, categories=(Category("x", "X", ("c++", "(", ".net")),))
    assert category_of("hulp met c++ graag", odd) == "x"
    assert category_of("dotnet", odd) is None
