"""What time does: reminders, the next digicoach, the helpdesk; shortages each month, and thanks each year."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select, update

from domain.digicoaches import actions, moves, register, services
from domain.digicoaches.help import note_on_the_floor
from domain.digicoaches.models import CoachHelpRow
from domain.digicoaches.rules import Outcome, State
from domain.digicoaches.services import standing_of, sweep_shortages, sweep_thanks
from domain.digicoaches.timers import sweep_questions
from domain.helpdesk.models import tickets
from domain.jobs.models import Job
from domain.tables import new_id
from tests.conftest import Clock
from tests.digicoaches.conftest import TEXT, Floor, actor


async def jobs(floor: Floor, kind: str) -> list[dict[str, str]]:
    async with floor.desk.units.read() as unit:
        rows = await unit.db.execute(select(Job.payload).where(Job.kind == kind).order_by(Job.id))
    return list(rows.scalars())


async def test_who_says_nothing_is_reminded_once_and_then_another_is_asked(
    floor: Floor, clock: Clock
) -> None:
    question = await floor.ask()
    assert await sweep_questions(floor.desk) == 0
    clock.forward(hours=2)
    assert [await sweep_questions(floor.desk) for _ in range(2)] == [1, 0]
    assert [who for who, _ in await floor.shown(moves.COACH_NEWS_VIEW)] == ["joris"]
    clock.forward(hours=2)
    await sweep_questions(floor.desk)
    moved = await floor.now(question.id)
    assert (moved.state, moved.coach_id) == (State.OFFERED, "chantal")


async def test_what_nobody_answers_in_time_goes_to_the_helpdesk_once(floor: Floor, clock: Clock) -> None:
    question = await floor.ask()
    await floor.do(actions.accept, "joris", question.id, key="1")
    clock.forward(days=2)
    assert [await sweep_questions(floor.desk) for _ in range(2)] == [1, 0]
    handed = await floor.now(question.id)
    async with floor.desk.units.read() as unit:
        ticket = (await unit.db.execute(select(tickets))).one()
    assert (handed.state, handed.ticket_id, handed.next_at) == (State.TICKET, ticket.id, None)
    assert ticket.requester_id == "dirk"
    assert ticket.text == f"{TEXT}\n\n{floor.desk.organisation.digicoaches.handover.late}"
    assert [who for who, _ in await floor.shown(moves.ASKER_NEWS_VIEW)] == ["dirk"]


async def test_at_night_and_in_the_weekend_nobody_is_late(floor: Floor, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # Friday, half an hour before the city closes
    await floor.ask()
    clock.now = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # Monday, an hour after it opened
    assert await sweep_questions(floor.desk) == 0


async def test_with_nobody_else_free_it_stays_with_who_has_it_as_long_as_it_can(
    floor: Floor, clock: Clock
) -> None:
    question = await floor.ask()
    clock.forward(hours=2)
    await sweep_questions(floor.desk)
    everybody = [one.id for one in floor.desk.organisation.people if one.id != "joris"]
    async with floor.desk.units() as unit:
        for one in everybody:
            if await register.coach_of(unit, floor.desk, one):
                mine = await register.access_coach(unit, floor.desk, actor(one))
                await register.remove_coach(unit, floor.desk, actor("gust"), mine.service_id, one)
    clock.forward(hours=2)
    assert [await sweep_questions(floor.desk) for _ in range(2)] == [1, 0]
    assert (await floor.now(question.id)).coach_id == "joris"
    clock.forward(days=1)
    await sweep_questions(floor.desk)
    assert (await floor.now(question.id)).state is State.TICKET


async def test_what_waits_for_who_is_no_digicoach_any_more_goes_to_another_at_once(
    floor: Floor, clock: Clock
) -> None:
    question = await floor.ask()
    await floor.do(register.remove_coach, "gust", "omgeving", "joris")
    await sweep_questions(floor.desk)
    assert (await floor.now(question.id)).coach_id == "chantal"


# --- months and years -------------------------------------------------------------------------------------


async def test_a_service_without_enough_digicoaches_is_shown_to_its_contact_once_a_month(
    floor: Floor, clock: Clock
) -> None:
    assert await sweep_shortages(floor.desk) == 0  # only in the first week of a month
    clock.now = datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
    for _ in range(2):
        assert await sweep_shortages(floor.desk) > 0
    told = {(job["service"], job["person"]) for job in await jobs(floor, services.REPORT_SHORT)}
    assert ("wegen", "an") in told  # nobody comes to Depot Zuid
    assert ("bibliotheek", "freya") not in told  # one is all it wants
    assert len(told) == len(await jobs(floor, services.REPORT_SHORT))


async def test_the_standing_of_a_service_says_who_is_missing_where(floor: Floor) -> None:
    wegen = floor.desk.organisation.digicoaches.services["wegen"]
    async with floor.desk.units.read() as unit:
        standing = await standing_of(unit, floor.desk, wegen)
    assert (standing.wanted, standing.missing) == (3, 2)
    assert standing.places_without == ("Depot Zuid", "Begraafplaats")


async def test_who_helped_is_thanked_once_a_year_with_the_figures_of_that_year(
    floor: Floor, clock: Clock
) -> None:
    for who, minutes in (("joris", 10), ("joris", 15), ("zeno", 5)):
        await floor.do(note_on_the_floor, who, minutes, Outcome.HELPED, key=new_id())
    async with floor.desk.units() as unit:  # Zeno helped last year, and not since
        last_year = datetime(2025, 11, 3, 9, tzinfo=UTC)
        await unit.db.execute(
            update(CoachHelpRow).where(CoachHelpRow.coach_id == "zeno").values(at=last_year)
        )
    assert await sweep_thanks(floor.desk) == 0
    clock.now = datetime(2026, 12, 10, 1, 30, tzinfo=UTC)
    assert [await sweep_thanks(floor.desk) for _ in range(2)] == [1, 1]
    assert await jobs(floor, services.THANK) == [{"person": "joris", "year": 2026}]
    await floor.do(note_on_the_floor, "zeno", 5, Outcome.HELPED, key=new_id())  # too late for this year's
    clock.now = datetime(2027, 12, 10, 1, 30, tzinfo=UTC)
    assert await sweep_thanks(floor.desk) == 1
    assert (await jobs(floor, services.THANK))[1:] == [{"person": "zeno", "year": 2027}]
