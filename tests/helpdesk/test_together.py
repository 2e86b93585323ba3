"""Tickets together, on both databases: merged, linked, joined to a major incident, followed."""

from __future__ import annotations

import pytest

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.errors import Conflict, NotFound
from domain.helpdesk import actions, majors, merging, notes, reading, relations
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.relations import Relation
from domain.helpdesk.rules import State, Step
from tests.cast import person
from tests.helpdesk.conftest import Report, Take, incident


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
