"""Files from the message to the ticket, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.attachments import actions
from domain.attachments.attachment import SentFile, Source
from domain.attachments.rules import Problem, State, check_file
from domain.errors import NotFound
from domain.helpdesk.actions import ReportTicket, report_ticket
from domain.helpdesk.policy import HelpdeskPolicy, Impact, Urgency
from domain.helpdesk.rules import Kind
from domain.helpdesk.ticket import Ticket
from domain.organisation import Organisation
from tests.attachments.contents import PNG
from tests.attachments.test_rules import POLICY
from tests.conftest import Clock

CHANNEL = "http://127.0.0.1:1/"
KNOWN = check_file("a.png", PNG, len(PNG), [], POLICY)


def sent(*names: str) -> list[SentFile]:
    return [SentFile(name, Source(f"{CHANNEL}v3/attachments/{name}", CHANNEL, True)) for name in names]


@pytest.fixture
def policy(organisation: Organisation) -> HelpdeskPolicy:
    return organisation.helpdesk


@pytest.fixture
async def ticket(units: DatabaseUnits, amina: Actor, policy: HelpdeskPolicy) -> Ticket:
    async with units() as unit:
        command = ReportTicket(Kind.INCIDENT, "De printer doet niets.", Impact.LOW, Urgency.LOW)
        return await report_ticket(unit, amina, command, policy, key="1")


async def keep(units: DatabaseUnits, actor: Actor, *names: str, key: str = "k", most: int = 10) -> str:
    async with units() as unit:
        return (await actions.keep_files(unit, actor, sent(*names), most, key=key))[0]


async def arrive(units: DatabaseUnits, batch: str) -> None:
    """Everything of a batch is fetched."""
    async with units.read() as unit:
        files = await actions.load_batch(unit, batch)
    for file in files:
        async with units() as unit:
            await actions.is_here(unit, file, KNOWN, len(PNG))


async def test_a_message_is_kept_once_and_too_many_are_named(units: DatabaseUnits, amina: Actor) -> None:
    batch = await keep(units, amina, "1.png", "2.png", "3.png", most=2)
    assert await keep(units, amina, "1.png", "2.png", "3.png", most=2) == batch
    async with units.read() as unit:
        files = await actions.list_batch(unit, amina, batch)
    assert [(file.name, file.problem) for file in files] == [
        ("1.png", None),
        ("2.png", None),
        ("3.png", Problem.TOO_MANY),
    ]


async def test_one_job_follows_when_the_last_file_is_settled(units: DatabaseUnits, amina: Actor) -> None:
    batch = await keep(units, amina, "1.png", "2.png", "3.png")
    async with units.read() as unit:
        files = await actions.load_batch(unit, batch)

    async def settle(place: int) -> int:
        async with units() as unit:
            await actions.is_here(unit, files[place], KNOWN, len(PNG))
            return len(unit.rung)

    assert sum(await asyncio.gather(settle(0), settle(1), settle(2))) == 1
    assert await settle(0) == 0  # a repeated job changes nothing
    async with units.read() as unit:
        assert await actions.to_fetch(unit, files[0].id) is None


async def test_files_go_on_one_ticket_once_and_are_seen_by_who_may_see_it(
    units: DatabaseUnits, amina: Actor, bram: Actor, dirk: Actor, ticket: Ticket
) -> None:
    batch = await keep(units, amina, "scherm.png")
    await arrive(units, batch)
    async with units() as unit:
        with pytest.raises(NotFound):
            await actions.put_on_ticket(unit, dirk, batch, ticket.id)
        assert await actions.put_on_ticket(unit, bram, batch, ticket.id) == 0  # not his files
        assert await actions.put_on_ticket(unit, amina, batch, ticket.id) == 1
        assert await actions.put_on_ticket(unit, amina, batch, ticket.id) == 0
        assert await actions.put_on_ticket(unit, amina, "no id", ticket.id) == 0
    async with units.read() as unit:
        (file,), more = await actions.list_on_ticket(unit, ticket.id, internal=False)
        assert (file.name, file.state, file.size, more) == ("scherm.png", State.STORED, len(PNG), 0)
        for actor in (amina, bram):
            assert (await actions.access_file(unit, actor, file.id)).name == "scherm.png"
        for actor, wanted in ((dirk, file.id), (amina, "no id"), (amina, ticket.id)):
            with pytest.raises(NotFound):
                await actions.access_file(unit, actor, wanted)


async def test_internal_files_are_the_desks_and_a_requester_makes_none(
    units: DatabaseUnits, amina: Actor, bram: Actor, carla: Actor, ticket: Ticket
) -> None:
    desks, hers = await keep(units, bram, "intern.png"), await keep(units, amina, "haar.png")
    for batch in (desks, hers):
        await arrive(units, batch)
    async with units() as unit:
        await actions.put_on_ticket(unit, bram, desks, ticket.id, internal=True)
        await actions.put_on_ticket(unit, amina, hers, ticket.id, internal=True)
    async with units.read() as unit:
        seen, _ = await actions.list_on_ticket(unit, ticket.id, internal=False)
        everything, _ = await actions.list_on_ticket(unit, ticket.id, internal=True)
        assert [file.name for file in seen] == ["haar.png"]
        assert [file.name for file in everything] == ["intern.png", "haar.png"]
        assert (await actions.access_file(unit, carla, everything[0].id)).internal
        with pytest.raises(NotFound):
            await actions.access_file(unit, amina, everything[0].id)


async def test_a_long_list_says_how_many_more_there_are(
    units: DatabaseUnits, amina: Actor, ticket: Ticket
) -> None:
    batch = await keep(units, amina, *(f"{n}.png" for n in range(9)))
    async with units() as unit:
        await actions.put_on_ticket(unit, amina, batch, ticket.id)
        files, more = await actions.list_on_ticket(unit, ticket.id, internal=False, limit=4)
    assert (len(files), more) == (4, 5)


async def test_files_follow_a_ticket_that_is_merged(
    units: DatabaseUnits, amina: Actor, policy: HelpdeskPolicy, ticket: Ticket
) -> None:
    batch = await keep(units, amina, "1.png")
    async with units() as unit:
        await actions.put_on_ticket(unit, amina, batch, ticket.id)
        command = ReportTicket(Kind.INCIDENT, "Nog eens de printer.", Impact.LOW, Urgency.LOW)
        other = await report_ticket(unit, amina, command, policy, key="2")
        await actions.move_files(unit, ticket.id, other.id)
        files, _ = await actions.list_on_ticket(unit, other.id, internal=False)
    assert [file.name for file in files] == ["1.png"]


async def test_only_loose_old_files_are_forgotten(
    units: DatabaseUnits, clock: Clock, amina: Actor, ticket: Ticket
) -> None:
    loose, placed = await keep(units, amina, "los.png"), await keep(units, amina, "vast.png", key="k2")
    async with units() as unit:
        await actions.put_on_ticket(unit, amina, placed, ticket.id)
    clock.forward(days=3)
    fresh = await keep(units, amina, "vers.png", key="k3")
    async with units() as unit:
        old = await actions.old_loose_files(unit, unit.now - timedelta(days=2), 10)
        await actions.forget(unit, old)
    async with units.read() as unit:
        assert await actions.load_batch(unit, loose) == ()
        assert len(await actions.load_batch(unit, placed)) == len(await actions.load_batch(unit, fresh)) == 1


async def test_open_tickets_can_be_chosen(
    units: DatabaseUnits, amina: Actor, dirk: Actor, ticket: Ticket
) -> None:
    async with units.read() as unit:
        assert [each.id for each in await actions.tickets_to_choose(unit, amina, 8)] == [ticket.id]
        assert await actions.tickets_to_choose(unit, dirk, 8) == ()
