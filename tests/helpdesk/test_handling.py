"""What the desk does with tickets, on both databases: hand on, sort, note, link, merge, join, search, share, close."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.approvals.absences import Absence, set_absence
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.helpdesk import (
    actions,
    assigning,
    closing,
    majors,
    merging,
    notes,
    reading,
    relations,
    search,
    sorting,
)
from domain.helpdesk.deflections import Helped, count_deflection
from domain.helpdesk.models import TicketEventRow, deflections, tickets
from domain.helpdesk.policy import Category, Group, HelpdeskPolicy, Priority, Route, Sharing
from domain.helpdesk.queues import Order, Queue, for_each, list_queue
from domain.helpdesk.relations import Relation
from domain.helpdesk.routing import category_of, group_of, next_agent, same_trouble
from domain.helpdesk.rules import Kind, State, Step
from domain.helpdesk.standard_replies import filled
from domain.helpdesk.ticket import Ticket
from domain.tables import new_id
from tests.cast import person
from tests.conftest import Clock
from tests.helpdesk.conftest import Report, Take, incident

# --- who gets it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Mijn laptop start niet meer op", "toestel"),
        ("De afdrukken komen scheef uit de kopieermachine", "printer"),
        ("Ik kan niet aanmelden, mijn wachtwoord is vervallen", "account"),
        ("geen wifi en geen internet op mijn laptop", "netwerk"),
        ("Het regent", None),
        ("\x00" * 50, None),
    ],
)
def test_a_text_says_what_it_is_about(policy: HelpdeskPolicy, text: str, category: str | None) -> None:
    assert category_of(text, policy) == category


def test_the_first_route_of_which_everything_fits_counts(policy: HelpdeskPolicy) -> None:
    assert group_of(Kind.INCIDENT, "toestel", "sport", policy) == "werkplek"
    assert group_of(Kind.INCIDENT, "toestel", "digitaal", policy) == "eerste_lijn"
    assert group_of(Kind.INCIDENT, "netwerk", "sport", policy) == "tweede_lijn"
    assert group_of(Kind.INCIDENT, None, None, policy) == "eerste_lijn"
    only_changes = replace(policy, routes=(Route("tweede_lijn", kinds=frozenset({"change"})),))
    assert group_of(Kind.CHANGE, None, None, only_changes) == "tweede_lijn"
    assert group_of(Kind.REQUEST, None, None, only_changes) == "eerste_lijn"


def test_the_next_agent_is_the_least_loaded_who_waited_longest_and_is_there(clock: Clock) -> None:
    group = Group("g", "Groep", frozenset({"bram", "carla", "stijn"}), None, Sharing.LEAST_LOADED)
    everybody, nobody = ["bram", "carla", "stijn"], frozenset[str]()
    now = clock.now
    assert (
        next_agent(group, everybody, nobody, {"bram": 2, "carla": 1, "stijn": 1}, {"carla": now}) == "stijn"
    )
    last = {"bram": now - timedelta(hours=1), "carla": now, "stijn": now}
    assert next_agent(group, everybody, nobody, {}, last) == "bram"
    assert next_agent(group, everybody, frozenset({"bram", "stijn"}), {}, {}) == "carla"
    assert (
        next_agent(group, ["dirk"], nobody, {}, {}) is None
    )  # members who are no agents any more get nothing


def test_a_major_incident_is_recognised_by_what_it_is_about(policy: HelpdeskPolicy) -> None:
    title = "De wifi valt telkens weg in het stadhuis"
    assert same_trouble("ik heb geen internet", title, "netwerk", policy)
    assert same_trouble("in het stadhuis valt alles telkens weg", title, None, policy)
    assert not same_trouble("mijn muis is stuk", title, "netwerk", policy)


async def test_a_group_that_shares_gives_each_new_ticket_to_whose_turn_it_is(
    units: DatabaseUnits, desk: Desk, report: Report, clock: Clock
) -> None:
    """Carla is away: Stijn gets everything, until she is back."""
    ulrike = person("ulrike").as_actor()  # of a team in the sports hall
    async with units() as unit:
        away = Absence("carla", "bram", clock.now.date(), clock.now.date() + timedelta(days=1))
        await set_absence(unit, desk, person("carla").as_actor(), away)
    given = []
    for number in range(4):
        if number == 2:
            clock.forward(days=3)
        ticket = await report(ulrike, incident(f"Laptop {number} is stuk"))
        assert ticket.group_id == "werkplek"
        async with units() as unit:
            given.append(await assigning.give_turn(unit, desk, ticket))
    assert given == ["stijn", "stijn", "carla", "carla"]
    async with units() as unit:
        with pytest.raises(Conflict):
            stale = await reading.load_ticket(unit, ticket.id)
            await assigning.give_turn(unit, desk, replace(stale, assignee_id=None, state=State.NEW))


async def test_only_who_works_at_the_desk_gets_a_ticket(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, bram: Actor
) -> None:
    ticket = await report(amina)
    async with units() as unit:
        with pytest.raises(Invalid, match=r"Dirk Peeters|\{name\}"):
            await assigning.hand_over(unit, bram, ticket.id, person("dirk"), policy, had=None, key="k")


async def test_the_last_line_has_nobody_behind_it(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, bram: Actor
) -> None:
    ticket = await report(amina)
    async with units() as unit:
        moved = await assigning.escalate(unit, bram, ticket.id, policy, why="", key="one")
        assert (moved.group_id, moved.state) == ("tweede_lijn", State.NEW)
        with pytest.raises(Conflict, match="no line behind"):
            await assigning.escalate(unit, bram, ticket.id, policy, why="", key="two")
        with pytest.raises(NotFound):
            await assigning.move(unit, bram, ticket.id, "nergens", policy, why="", key="three")


async def test_tickets_of_an_agent_who_left_go_back_to_the_group(
    units: DatabaseUnits, desk: Desk, report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    ticket = await take(bram, Step.ASSIGN, (await report(amina)).id)
    waiting = await take(bram, Step.ASK, (await report(amina)).id)
    async with units() as unit:
        await unit.db.execute(tickets.update().values(assignee_id="vertrokken"))
    assert await closing.sweep_left(desk) == 2
    assert await closing.sweep_left(desk) == 0
    async with units.read() as unit:
        for one, state in ((ticket, State.NEW), (waiting, State.WAITING_REQUESTER)):
            found = await reading.load_ticket(unit, one.id)
            assert (found.assignee_id, found.state) == (None, state)
    assert (await take(bram, Step.ASSIGN, waiting.id)).assignee_id == "bram"


# --- what it is -------------------------------------------------------------------------------------------


async def test_another_kind_keeps_the_history_and_both_numbers(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, bram: Actor
) -> None:
    ticket = await report(amina)
    async with units() as unit:
        changed = await sorting.change_kind(unit, bram, ticket.id, Kind.REQUEST, policy, key="k")
        assert await sorting.change_kind(unit, bram, ticket.id, Kind.REQUEST, policy, key="k") == changed
        back = await sorting.change_kind(unit, bram, ticket.id, Kind.INCIDENT, policy, key="back")
    assert [ticket.number, changed.number, back.number] == ["I-2026-000001", "A-2026-000001", "I-2026-000002"]
    async with units.read() as unit:
        for number in (ticket.number, changed.number, back.number):
            assert (await reading.access_ticket(unit, amina, number)).id == ticket.id
        history = await reading.list_history(unit, amina, ticket.id)
    assert [event.details.get("number") for event in history] == [None, "I-2026-000001", "A-2026-000001"]


async def test_a_priority_goes_back_to_the_matrix_without_a_reason(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, bram: Actor
) -> None:
    ticket = await report(amina)
    async with units() as unit:
        with pytest.raises(Invalid) as refusal:
            await sorting.prioritise(unit, bram, ticket.id, Priority.CRITICAL, "  ", policy, key="a")
        assert refusal.value.field == "why"
    async with units() as unit:
        high = await sorting.prioritise(
            unit, bram, ticket.id, Priority.CRITICAL, "Verkiezingen", policy, key="b"
        )
        assert (high.priority, high.priority_reason) == (Priority.CRITICAL, "Verkiezingen")
        usual = await sorting.prioritise(unit, bram, ticket.id, ticket.priority, "", policy, key="c")
        assert (usual.priority, usual.priority_reason) == (ticket.priority, None)


async def test_the_desks_steps_are_not_for_a_requester(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, dirk: Actor
) -> None:
    """The requester of the ticket itself, and an outsider: neither finds anything."""
    ticket, other = await report(amina), await report(amina)
    for actor in (amina, dirk):
        async with units() as unit:
            for attempt in (
                notes.write_note(unit, actor, ticket.id, "x", key="n"),
                notes.spend_time(unit, actor, ticket.id, 5, key="t"),
                notes.read_file(unit, actor, ticket.id),
                sorting.change_kind(unit, actor, ticket.id, Kind.CHANGE, policy, key="k"),
                relations.link(unit, actor, ticket.id, other.id, Relation.RELATED, policy, key="l"),
                relations.links_of(unit, actor, ticket.id),
                merging.merge(unit, actor, ticket.id, other.id, policy, key="m"),
                majors.join(unit, actor, ticket.id, other.id, policy, key="j"),
                majors.resolve_parts(unit, actor, ticket.id, "x", key="r"),
                assigning.escalate(unit, actor, ticket.id, policy, why="", key="e"),
            ):
                with pytest.raises(NotFound):
                    await attempt
            with pytest.raises(NotFound):
                await list_queue(unit, actor, Queue.MINE, policy)


# --- notes ------------------------------------------------------------------------------------------------


async def test_a_note_leaves_no_trace_where_a_requester_can_look(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    ticket = await take(bram, Step.ANSWER, (await report(amina)).id)
    async with units() as unit:
        note = await notes.write_note(unit, bram, ticket.id, "koffievlek onder de toetsen", key="n")
        assert await notes.write_note(unit, bram, ticket.id, "koffievlek onder de toetsen", key="n") != note
        await search.index_words(unit, ticket.id, ticket.text)
    async with units.read() as unit:
        file = await notes.read_file(unit, bram, ticket.id)
        assert [one.text for one in file.notes] == ["koffievlek onder de toetsen"]
        seen = [
            await reading.access_conversation(unit, amina, ticket.id),
            await reading.list_history(unit, amina, ticket.id),
            await reading.latest_history(unit, amina, ticket.id),
            await reading.list_tickets(unit, amina),
            await search.search_tickets(unit, amina, "koffievlek"),
            await search.search_tickets(unit, bram, "koffievlek"),
        ]
        with pytest.raises(NotFound):
            await reading.access_message(unit, amina, note.id)
    assert "koffievlek" not in repr(seen)
    assert (await reading_version(units, ticket.id)) == ticket.version  # a note is no change of the ticket


async def reading_version(units: DatabaseUnits, ticket_id: str) -> int:
    async with units.read() as unit:
        return (await reading.load_ticket(unit, ticket_id)).version


async def test_a_closed_ticket_takes_a_note_and_no_edit(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    ticket = await take(bram, Step.RESOLVE, (await report(amina)).id)
    ticket = await take(amina, Step.CLOSE, ticket.id)
    async with units() as unit:
        await notes.write_note(unit, bram, ticket.id, "Model uit de lijst halen", key="n")
        with pytest.raises(Conflict, match="closed"):
            await sorting.prioritise(unit, bram, ticket.id, Priority.LOW, "x", policy, key="p")


# --- together ---------------------------------------------------------------------------------------------


async def test_what_is_merged_goes_on_in_one_place(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    first = await report(amina, incident("Mijn scherm flikkert."))
    await take(amina, Step.REPLY, first.id, "Ook na herstart")
    second = await report(amina, incident("Scherm nog altijd stuk."))
    third = await report(amina, incident("Derde keer over het scherm."))
    async with units() as unit:
        await notes.write_note(unit, bram, first.id, "Garantie?", key="n")
        survivor = await merging.merge(unit, bram, first.id, second.number, policy, key="m")
        again = await merging.merge(unit, bram, first.id, second.number, policy, key="m")
        assert survivor.id == again.id == second.id
    async with units() as unit:
        await merging.merge(unit, bram, second.id, third.id, policy, key="m2")
    landed = await take(amina, Step.REPLY, first.id, "Hallo?")
    assert landed.id == third.id  # over two merges
    async with units.read() as unit:
        conversation = await reading.access_conversation(unit, amina, third.id, shown=10)
        said = [message.text for message in conversation.messages]
        assert said == ["Mijn scherm flikkert.", "Ook na herstart", "Scherm nog altijd stuk.", "Hallo?"]
        assert [note.text for note in (await notes.read_file(unit, bram, third.id)).notes] == ["Garantie?"]
        assert (await reading.load_ticket(unit, first.id)).state is State.MERGED
    with pytest.raises(Conflict, match="merged"):
        await take(bram, Step.ANSWER, first.id)
    with pytest.raises(Conflict, match="merged"):
        await take(amina, Step.REOPEN, first.id)


async def test_tickets_of_two_people_are_not_merged(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, bram: Actor, dirk: Actor
) -> None:
    first, second = await report(amina), await report(dirk)
    async with units() as unit:
        with pytest.raises(Conflict, match="two people"):
            await merging.merge(unit, bram, first.id, second.id, policy, key="m")
        with pytest.raises(Conflict, match="itself"):
            await merging.merge(unit, bram, first.id, first.id, policy, key="m2")


async def test_a_part_has_no_parts(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, bram: Actor, dirk: Actor
) -> None:
    main, part, other = await report(amina), await report(dirk), await report(dirk)
    async with units() as unit:
        await majors.join(unit, bram, part.id, main.number, policy, key="a")
        with pytest.raises(Conflict, match="itself part"):
            await majors.join(unit, bram, other.id, part.id, policy, key="b")
    async with units() as unit:
        with pytest.raises(Conflict, match="parts of its own"):
            await majors.join(unit, bram, main.id, other.id, policy, key="c")
    async with units() as unit:
        assert await majors.count_parts(unit, main.id) == majors.Parts(1, 1)
        assert [one.id for one in await majors.parts_of(unit, bram, main.id)] == [part.id]
        await majors.leave(unit, bram, part.id, policy, key="d")
        assert await majors.count_parts(unit, main.id) == majors.Parts(0, 0)


async def test_links_are_seen_from_both_sides(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, bram: Actor
) -> None:
    one, two = await report(amina), await report(amina)
    async with units() as unit:
        await relations.link(unit, bram, one.id, two.number, Relation.CAUSED_BY, policy, key="a")
        assert [link.relation for link in await relations.links_of(unit, bram, two.id)] == [Relation.CAUSES]
        await relations.link(unit, bram, two.id, one.number, Relation.RELATED, policy, key="b")
        assert [link.relation for link in await relations.links_of(unit, bram, one.id)] == [Relation.RELATED]
        await relations.unlink(unit, bram, one.id, two.id, policy, key="c")
        assert await relations.links_of(unit, bram, two.id) == ()


async def test_who_follows_sees_the_ticket_until_taken_off(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, fatima: Actor, dirk: Actor
) -> None:
    ticket = await report(amina)
    async with units() as unit:
        for key in ("a", "b"):
            await relations.watch(unit, amina, ticket.id, person("fatima"), policy, key=key)
        assert (await reading.access_ticket(unit, fatima, ticket.id)).id == ticket.id
        with pytest.raises(NotFound):
            await relations.watch(unit, dirk, ticket.id, person("dirk"), policy, key="c")
        with pytest.raises(Conflict):  # seeing is not handling
            await actions.reply(unit, fatima, actions.Say(ticket.id, "Schiet eens op"), policy, key="d")
    async with units() as unit:
        await relations.unwatch(unit, fatima, ticket.id, "fatima", policy, key="e")
        with pytest.raises(NotFound):
            await reading.access_ticket(unit, fatima, ticket.id)


async def test_news_reaches_only_whom_it_touches(
    units: DatabaseUnits,
    policy: HelpdeskPolicy,
    report: Report,
    amina: Actor,
    stijn: Actor,
    dirk: Actor,
    fatima: Actor,
) -> None:
    ticket = await report(amina)
    async with units() as unit:
        await majors.declare(unit, stijn, ticket.id, policy, key="a")
        await majors.follow(unit, dirk, ticket.id)
        for _ in range(2):
            await majors.tell(unit, stijn, ticket.id, "We zoeken nog", policy, key="b")
        [news] = await majors.latest_news(unit, ticket.id)
        for actor in (amina, dirk, stijn):
            told, major = await majors.access_news(unit, actor, news.id)
            assert (told.text, major.number) == ("We zoeken nog", ticket.number)
        with pytest.raises(NotFound):
            await majors.access_news(unit, fatima, news.id)
        with pytest.raises(NotFound):  # following a major incident is not seeing somebody's ticket
            await reading.access_ticket(unit, dirk, ticket.id)
        await majors.end(unit, stijn, ticket.id, policy, key="c")
        with pytest.raises(NotFound):
            await majors.follow(unit, fatima, ticket.id)


# --- lists, search, bulk ----------------------------------------------------------------------------------


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


# --- by itself --------------------------------------------------------------------------------------------


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
