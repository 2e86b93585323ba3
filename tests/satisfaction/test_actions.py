"""Rating a closed ticket, on both databases."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.errors import Conflict, Invalid, NotFound
from domain.helpdesk.actions import ReportTicket, Say, close, report_ticket, resolve
from domain.helpdesk.policy import HelpdeskPolicy, Impact, Urgency
from domain.helpdesk.rules import Kind
from domain.helpdesk.ticket import Ticket
from domain.jobs.models import Job
from domain.organisation import Organisation
from domain.satisfaction.actions import LOW_RATING, access_low_rating, rate_ticket
from domain.satisfaction.models import ticket_ratings
from domain.satisfaction.rating import Rating
from tests.conftest import Clock


@pytest.fixture
def policy(organisation: Organisation) -> HelpdeskPolicy:
    return organisation.helpdesk


@pytest.fixture
async def closed(units: DatabaseUnits, amina: Actor, bram: Actor, policy: HelpdeskPolicy) -> Ticket:
    """Amina's, handled by Bram."""
    async with units() as unit:
        command = ReportTicket(Kind.INCIDENT, "De printer doet niets.", Impact.LOW, Urgency.LOW)
        ticket = await report_ticket(unit, amina, command, policy, key="1")
        await resolve(unit, bram, Say(ticket.id, "Vervangen."), policy, key="2")
        return await close(unit, amina, ticket.id, policy, key="3")


async def rate(
    units: DatabaseUnits, actor: Actor, ticket: Ticket, score: int, words: str | None = None
) -> Rating:
    async with units() as unit:
        return (await rate_ticket(unit, actor, ticket.id, score, words))[1]


async def low_jobs(units: DatabaseUnits) -> int:
    async with units.read() as unit:
        count = select(func.count()).select_from(Job).where(Job.kind == LOW_RATING)
        return int((await unit.db.execute(count)).scalar_one())


async def test_one_tap_is_enough_and_words_come_later(
    units: DatabaseUnits, amina: Actor, closed: Ticket
) -> None:
    assert (await rate(units, amina, closed, 4)).score == 4
    worded = await rate(units, amina, closed, 4, "Vriendelijk geholpen.\x00")
    assert (worded.score, worded.words, worded.version) == (4, "Vriendelijk geholpen.", 2)
    assert (await rate(units, amina, closed, 5)).words == "Vriendelijk geholpen."
    assert (await rate(units, amina, closed, 5, "")).words is None


async def test_the_same_tap_twice_is_one_rating(units: DatabaseUnits, amina: Actor, closed: Ticket) -> None:
    first = await rate(units, amina, closed, 3)
    assert await rate(units, amina, closed, 3) == first


async def test_two_taps_at_once_leave_one_rating(units: DatabaseUnits, amina: Actor, closed: Ticket) -> None:
    await asyncio.gather(*(rate(units, amina, closed, score) for score in (1, 5, 3)))
    async with units.read() as unit:
        [row] = await unit.db.execute(select(ticket_ratings))
    assert row.version == 3


async def test_it_can_be_changed_for_a_week(
    units: DatabaseUnits, clock: Clock, amina: Actor, closed: Ticket
) -> None:
    await rate(units, amina, closed, 2)
    clock.forward(days=7)
    assert (await rate(units, amina, closed, 5)).score == 5
    clock.forward(seconds=1)
    with pytest.raises(Conflict):
        await rate(units, amina, closed, 1)


async def test_only_the_requester_rates(
    units: DatabaseUnits, bram: Actor, dirk: Actor, closed: Ticket
) -> None:
    for other in (bram, dirk):
        with pytest.raises(NotFound):
            await rate(units, other, closed, 5)


async def test_a_ticket_that_is_not_closed_has_no_rating(
    units: DatabaseUnits, amina: Actor, policy: HelpdeskPolicy
) -> None:
    async with units() as unit:
        command = ReportTicket(Kind.INCIDENT, "De muis doet niets.", Impact.LOW, Urgency.LOW)
        ticket = await report_ticket(unit, amina, command, policy, key="9")
    with pytest.raises(Conflict):
        await rate(units, amina, ticket, 5)


@pytest.mark.parametrize("score", [0, 6, -1, 10**9])
async def test_a_score_that_is_none_is_refused(
    units: DatabaseUnits, amina: Actor, closed: Ticket, score: int
) -> None:
    with pytest.raises(Invalid):
        await rate(units, amina, closed, score)


async def test_low_ratings_and_second_thoughts_reach_who_leads_the_desk(
    units: DatabaseUnits, amina: Actor, closed: Ticket
) -> None:
    await rate(units, amina, closed, 3)
    assert await low_jobs(units) == 0
    await rate(units, amina, closed, 1)
    await rate(units, amina, closed, 5)
    assert await low_jobs(units) == 2


async def test_a_low_rating_is_for_the_lead_alone(
    units: DatabaseUnits, amina: Actor, dirk: Actor, closed: Ticket, policy: HelpdeskPolicy
) -> None:
    await rate(units, amina, closed, 1)
    async with units.read() as unit:
        for other in (amina, dirk):
            with pytest.raises(NotFound):
                await access_low_rating(unit, other, closed.id, policy)
