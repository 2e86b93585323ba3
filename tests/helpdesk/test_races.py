"""Many at the same moment, on PostgreSQL."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.desk import Desk
from domain.errors import Conflict
from domain.helpdesk import actions, assigning, closing, majors, merging, reading, sorting
from domain.helpdesk.actions import Say
from domain.helpdesk.models import ticket_messages, tickets
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.queues import for_each
from domain.helpdesk.rules import Kind, State, Step
from domain.helpdesk.ticket import Ticket
from domain.unit import Unit
from tests.cast import person
from tests.conftest import Clock
from tests.helpdesk.conftest import Report, Take

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


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


async def test_a_reply_that_meets_a_merge_is_on_the_ticket_that_goes_on(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    async def merge(ticket: Ticket, into: Ticket) -> Ticket:
        async with units() as unit:
            return await merging.merge(unit, bram, ticket.id, into.id, policy, key=f"m{ticket.id}")

    for _ in range(30):
        first, second = await report(amina), await report(amina)
        replied, merged = await asyncio.gather(
            take(amina, Step.REPLY, first.id, "hallo?"), merge(first, second), return_exceptions=True
        )
        assert isinstance(replied, Ticket), replied
        assert isinstance(merged, Ticket), merged
        async with units.read() as unit:
            places = select(ticket_messages.c.ticket_id).where(ticket_messages.c.text == "hallo?")
            newest = places.order_by(ticket_messages.c.id.desc()).limit(1)
            assert (await unit.db.execute(newest)).scalar_one() == second.id
            left = select(ticket_messages.c.id).where(ticket_messages.c.ticket_id == first.id)
            assert (await unit.db.execute(left)).all() == []


async def test_two_merges_that_cross_leave_one_ticket_open(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, bram: Actor, carla: Actor
) -> None:
    async def merge(actor: Actor, ticket: Ticket, into: Ticket) -> Ticket:
        async with units() as unit:
            return await merging.merge(unit, actor, ticket.id, into.id, policy, key=f"x{ticket.id}")

    for _ in range(15):
        one, two = await report(amina), await report(amina)
        ended = await asyncio.gather(merge(bram, one, two), merge(carla, two, one), return_exceptions=True)
        assert sorted(type(end).__name__ for end in ended) == ["Conflict", "Ticket"]
        async with units.read() as unit:
            states = [(await reading.load_ticket(unit, ticket.id)).state for ticket in (one, two)]
        assert sorted(states) == [State.MERGED, State.NEW]


async def test_two_who_join_each_other_do_not_both_become_parts(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, bram: Actor, carla: Actor
) -> None:
    async def join(actor: Actor, part: Ticket, main: Ticket) -> Ticket:
        async with units() as unit:
            return await majors.join(unit, actor, part.id, main.id, policy, key=f"j{part.id}")

    for _ in range(15):
        one, two = await report(amina), await report(amina)
        ended = await asyncio.gather(join(bram, one, two), join(carla, two, one), return_exceptions=True)
        assert sorted(type(end).__name__ for end in ended) == ["Conflict", "Ticket"]


async def test_of_two_who_hand_it_on_at_once_the_second_is_told(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, bram: Actor, carla: Actor
) -> None:
    async def give(actor: Actor, ticket: Ticket, to: str) -> Ticket:
        async with units() as unit:
            return await assigning.hand_over(
                unit, actor, ticket.id, person(to), policy, had=None, key=f"g{ticket.id}"
            )

    for _ in range(20):
        ticket = await report(amina)
        ended = await asyncio.gather(
            give(bram, ticket, "stijn"), give(carla, ticket, "tine"), return_exceptions=True
        )
        assert sorted(type(end).__name__ for end in ended) == ["Conflict", "Ticket"]


async def test_a_bulk_action_and_single_presses_each_count_once(
    units: DatabaseUnits,
    policy: HelpdeskPolicy,
    report: Report,
    take: Take,
    amina: Actor,
    bram: Actor,
    carla: Actor,
) -> None:
    made = [await report(amina) for _ in range(20)]

    async def resolve(unit: Unit, ticket_id: str) -> Ticket:
        return await actions.resolve(unit, bram, Say(ticket_id, "Samen"), policy, key=f"b{ticket_id}")

    async def single(ticket: Ticket) -> bool:
        try:
            await take(carla, Step.RESOLVE, ticket.id, "Alleen")
        except Conflict:
            return False
        return True

    bulk, singles = await asyncio.gather(
        for_each(units, [ticket.id for ticket in made], resolve),
        asyncio.gather(*(single(ticket) for ticket in made)),
    )
    assert len(bulk.done) + sum(singles) == len(made)
    async with units.read() as unit:
        for ticket in made:
            events = [event.what for event in await reading.list_history(unit, amina, ticket.id)]
            assert events == ["report", "resolve"]


async def test_two_who_change_the_kind_at_once_use_up_one_number(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, bram: Actor, carla: Actor
) -> None:
    async def change(actor: Actor, ticket: Ticket) -> Ticket:
        async with units() as unit:
            return await sorting.change_kind(
                unit, actor, ticket.id, Kind.REQUEST, policy, key=f"k{ticket.id}"
            )

    for number in range(1, 11):
        ticket = await report(amina)
        ended = await asyncio.gather(change(bram, ticket), change(carla, ticket), return_exceptions=True)
        assert sorted(type(end).__name__ for end in ended) == ["Conflict", "Ticket"]
        [changed] = [end for end in ended if isinstance(end, Ticket)]
        assert changed.number == f"A-2026-{number:06d}"


async def test_a_turn_that_is_given_and_an_agent_who_takes_it_end_with_one(
    units: DatabaseUnits, desk: Desk, report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    async def give(ticket: Ticket) -> str | None:
        async with units() as unit:
            return await assigning.give_turn(unit, desk, ticket)

    for _ in range(15):
        ticket = await report(amina)
        await asyncio.gather(give(ticket), take(bram, Step.ASSIGN, ticket.id), return_exceptions=True)
        async with units.read() as unit:
            events = await reading.list_history(unit, amina, ticket.id)
        assert len(events) == 2


async def test_what_closes_by_itself_and_what_is_reopened_end_in_one_state(
    units: DatabaseUnits, desk: Desk, report: Report, take: Take, amina: Actor, bram: Actor, clock: Clock
) -> None:
    made = [await take(bram, Step.RESOLVE, (await report(amina)).id) for _ in range(10)]
    clock.forward(days=5)
    assert await closing.sweep_closing(desk) == 10  # announced
    clock.forward(days=5)
    await asyncio.gather(
        closing.sweep_closing(desk),
        closing.sweep_closing(desk),
        *(take(amina, Step.REOPEN, ticket.id) for ticket in made),
        return_exceptions=True,
    )
    async with units.read() as unit:
        for ticket in made:
            stands = await reading.load_ticket(unit, ticket.id)
            assert stands.state is State.IN_PROGRESS  # also one that had just closed
            assert stands.closed_at is stands.resolved_at is None
