"""Queues and search, and what is done with many tickets at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.errors import Invalid
from domain.helpdesk import actions, search
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.queues import Order, Queue, for_each, list_queue
from domain.helpdesk.rules import Step
from domain.helpdesk.ticket import Ticket
from tests.helpdesk.conftest import Report, Take, incident


@pytest.mark.parametrize("order", Order)
async def test_a_queue_goes_on_where_a_page_ended(
    units: DatabaseUnits,
    policy: HelpdeskPolicy,
    report: Report,
    take: Take,
    amina: Actor,
    bram: Actor,
    order: Order,
) -> None:
    from domain.helpdesk.policy import Urgency

    made = []
    for number in range(9):
        urgency = (Urgency.HIGH, Urgency.LOW)[number % 2]
        made.append(await report(amina, replace(incident(f"Toestel {number}"), urgency=urgency)))
    await take(bram, Step.RESOLVE, made[0].id)
    found: list[Ticket] = []
    cursor = None
    async with units.read() as unit:
        while True:
            page = await list_queue(unit, bram, Queue.GROUP, policy, order=order, limit=3, cursor=cursor)
            found += page.tickets
            cursor = page.next_cursor
            if cursor is None:
                break
        with pytest.raises(Invalid):
            await list_queue(unit, bram, Queue.GROUP, policy, cursor="onzin")
    expected = sorted(made[1:], key=lambda one: one.id, reverse=order is Order.NEWEST)
    if order is Order.PRIORITY:
        expected.sort(key=lambda one: one.priority)
    assert [one.id for one in found] == [one.id for one in expected]


async def test_queues_are_whose_they_say(
    units: DatabaseUnits,
    policy: HelpdeskPolicy,
    report: Report,
    take: Take,
    amina: Actor,
    bram: Actor,
    carla: Actor,
    stijn: Actor,
) -> None:
    mine, free = await report(amina), await report(amina)
    network = await report(amina, incident("Geen wifi, geen netwerk."))
    await take(bram, Step.ASSIGN, mine.id)
    async with units() as unit:
        held = await actions.report_ticket(
            unit, amina, incident("Wacht"), policy, key="held", waits_for_approval=True
        )

        async def ids(actor: Actor, queue: Queue) -> set[str]:
            return {one.id for one in (await list_queue(unit, actor, queue, policy)).tickets}

        assert await ids(bram, Queue.MINE) == {mine.id}
        assert await ids(carla, Queue.GROUP) == {mine.id, free.id}
        assert await ids(carla, Queue.UNASSIGNED) == {free.id}
        assert await ids(stijn, Queue.GROUP) == {network.id}
        assert held.id not in await ids(bram, Queue.GROUP)


async def test_words_find_tickets_and_only_ones_own(
    units: DatabaseUnits, report: Report, amina: Actor, bram: Actor, dirk: Actor
) -> None:
    wifi = await report(amina, incident("De wifi in het stadhuis is traag."))
    screen = await report(dirk, incident("Scherm in het stadhuis flikkert, één streep."))
    async with units() as unit:
        for ticket, name in ((wifi, "Amina El Idrissi"), (screen, "Dirk Peeters")):
            for _ in range(2):
                await search.index_words(unit, ticket.id, f"{ticket.title} {name} {ticket.text}")

    async def found(actor: Actor, text: str) -> list[str]:
        async with units.read() as unit:
            return [one.id for one in (await search.search_tickets(unit, actor, text)).tickets]

    assert await found(bram, "stadhuis") == [screen.id, wifi.id]
    assert await found(bram, "stad wi") == []
    assert await found(bram, "stadhuis wi") == [wifi.id]
    assert await found(bram, "peeters scherm ") == [screen.id]
    assert await found(bram, "een streep") == [screen.id]
    assert await found(bram, wifi.number.lower()) == [wifi.id]
    assert await found(amina, "stadhuis") == [wifi.id]
    assert await found(dirk, wifi.number) == []
    assert await found(bram, "") == await found(bram, "!!! ?") == await found(bram, "nergens te vinden") == []
    async with units.read() as unit:
        page = await search.search_tickets(unit, bram, "stadhuis", limit=1)
        assert page.next_cursor == screen.id
        rest = await search.search_tickets(unit, bram, "stadhuis", limit=1, cursor=page.next_cursor)
        assert [one.id for one in rest.tickets] == [wifi.id]
        with pytest.raises(Invalid):
            await search.search_tickets(unit, bram, "stadhuis", cursor="x")


async def test_one_refusal_does_not_undo_the_others(
    units: DatabaseUnits,
    policy: HelpdeskPolicy,
    report: Report,
    take: Take,
    amina: Actor,
    bram: Actor,
    carla: Actor,
) -> None:
    made = [await report(amina) for _ in range(3)]
    await take(carla, Step.ASSIGN, made[1].id)
    bulk = await for_each(
        units,
        [*(one.id for one in made), "nonsense", made[0].id],
        lambda unit, one: actions.assign_to_me(unit, bram, one, policy, key=f"b:{one}"),
    )
    assert bulk.done == (made[0].id, made[2].id)
    assert [one for one, _ in bulk.refused] == [made[1].id, "nonsense"]
    with pytest.raises(Invalid):
        await for_each(units, [], lambda unit, one: actions.assign_to_me(unit, bram, one, policy, key="x"))
