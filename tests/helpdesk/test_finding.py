"""Lists of tickets by what they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.errors import Invalid
from domain.helpdesk.filters import Filter
from domain.helpdesk.finding import find_tickets
from domain.helpdesk.rules import Kind, State, Step
from domain.helpdesk.search import index_words
from domain.organisation import Organisation
from domain.unit import Unit
from tests.conftest import Clock
from tests.helpdesk.conftest import Report, Take


async def ids(unit: Unit, actor: Actor, wanted: Filter, text: str = "") -> list[str]:
    return [ticket.id for ticket in (await find_tickets(unit, actor, wanted, text=text)).tickets]


async def test_every_filter_keeps_what_fits_and_they_add_up(
    units: DatabaseUnits,
    report: Report,
    take: Take,
    clock: Clock,
    amina: Actor,
    dirk: Actor,
    bram: Actor,
) -> None:
    early = await report(amina)
    clock.forward(days=1)
    middle = clock.now
    taken = await report(dirk)
    await take(bram, Step.ASSIGN, taken.id)
    clock.forward(days=1)
    late = await report(dirk)
    async with units() as unit:
        for ticket in (early, taken, late):
            await index_words(unit, ticket.id, "scherm " + ("zwart" if ticket is late else "wit"))
    async with units.read() as unit:
        for wanted, found in [
            (Filter(), [late, taken, early]),
            (Filter(kind=early.kind), [late, taken, early]),
            (Filter(kind=Kind.CHANGE), []),
            (Filter(state=State.NEW), [late, early]),
            (Filter(category=early.category, group_id=early.group_id), [late, taken, early]),
            (
                Filter(team_id=amina.team_id),
                [early] if amina.team_id != dirk.team_id else [late, taken, early],
            ),
            (Filter(requester_id=dirk.id), [late, taken]),
            (Filter(requester_id=dirk.id, state=State.NEW), [late]),
            (Filter(assignee_id=bram.id), [taken]),
            (Filter(created_from=middle), [late, taken]),
            (Filter(created_to=middle), [early]),
            (Filter(created_from=middle, created_to=clock.now), [taken]),
            (Filter(created_from=clock.now + timedelta(days=1)), []),
            (Filter(created_to=middle - timedelta(days=9)), []),
            (Filter(updated_from=middle), [taken, late]),
        ]:
            assert await ids(unit, bram, wanted) == [ticket.id for ticket in found], wanted
        assert await ids(unit, bram, Filter(), "scherm") == [late.id, taken.id, early.id]
        assert await ids(unit, bram, Filter(state=State.NEW), "scherm") == [late.id, early.id]
        assert await ids(unit, bram, Filter(requester_id=dirk.id), "scherm zwart") == [late.id]
        assert await ids(unit, bram, Filter(state=State.CLOSED), late.number) == []
        assert await ids(unit, bram, Filter(state=State.NEW), late.number) == [late.id]


async def test_who_is_not_of_the_desk_finds_only_their_own(
    units: DatabaseUnits, report: Report, amina: Actor, dirk: Actor
) -> None:
    mine, _ = await report(amina), await report(dirk)
    async with units.read() as unit:
        assert await ids(unit, amina, Filter()) == [mine.id]
        assert await ids(unit, amina, Filter(requester_id=dirk.id)) == []


async def test_what_changes_while_a_list_of_changes_is_read_comes_again_at_its_end(
    units: DatabaseUnits, report: Report, take: Take, clock: Clock, amina: Actor, bram: Actor
) -> None:
    start = clock.now
    first, second, third = [await report(amina) for _ in range(3)]  # at the same moment
    wanted, seen, cursor = Filter(updated_from=start), [], None
    for step in range(4):
        async with units.read() as unit:
            page = await find_tickets(unit, bram, wanted, limit=1, cursor=cursor)
        seen += [ticket.id for ticket in page.tickets]
        cursor = page.next_cursor
        if step == 0:
            clock.forward(minutes=1)
            await take(bram, Step.ASSIGN, first.id)
    assert cursor is None
    assert seen == [first.id, second.id, third.id, first.id]


@pytest.mark.parametrize(
    "cursor", ["", "x", "1~x", "²~00000000-0000-0000-0000-000000000000", "9" * 30 + "~x"]
)
@pytest.mark.parametrize("changes", [False, True])
async def test_a_cursor_of_somebody_else_is_refused(
    units: DatabaseUnits, bram: Actor, clock: Clock, cursor: str, changes: bool
) -> None:
    async with units.read() as unit:
        with pytest.raises(Invalid):
            await find_tickets(unit, bram, Filter(updated_from=clock.now if changes else None), cursor=cursor)


async def test_no_list_reads_the_whole_table(
    engine: AsyncEngine, organisation: Organisation, bram: Actor, clock: Clock
) -> None:
    wanted = [
        Filter(category="printen"),
        Filter(group_id="werkplek"),
        Filter(team_id="kinderopvang"),
        Filter(requester_id="amina"),
        Filter(assignee_id="bram"),
        Filter(updated_from=clock.now),
        Filter(created_from=clock.now - timedelta(days=2), created_to=clock.now),
    ]
    async with engine.connect() as opened:
        unit = Unit(opened, clock.now)  # of the domain: everything it asks goes through SQLAlchemy
        if unit.db.dialect.name != "sqlite":
            pytest.skip("an empty PostgreSQL plans by its statistics")
        asked: list[tuple[str, object]] = []

        def note(
            connection: Connection, cursor: object, statement: str, parameters: object, *_: object
        ) -> None:
            asked.append((statement, parameters))

        sync = unit.db.sync_connection
        event.listen(sync, "before_cursor_execute", note)
        for one in wanted:
            await find_tickets(unit, bram, one)
        event.remove(sync, "before_cursor_execute", note)
        for statement, parameters in asked:
            plan = await unit.db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
            lines = [row["detail"] for row in plan.mappings()]
            assert any("SEARCH tickets" in line for line in lines), (statement, lines)
            assert not any("TEMP B-TREE" in line for line in lines), (statement, lines)
