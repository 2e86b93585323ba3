"""What a ticket is, and what only the desk may do with it: another kind, priority, notes."""

from __future__ import annotations

import pytest

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.errors import Conflict, Invalid, NotFound
from domain.helpdesk import assigning, majors, merging, notes, reading, relations, search, sorting
from domain.helpdesk.policy import HelpdeskPolicy, Priority
from domain.helpdesk.queues import Queue, list_queue
from domain.helpdesk.relations import Relation
from domain.helpdesk.rules import Kind, Step
from tests.helpdesk.conftest import Report, Take


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
