"""Tips that come by themselves: when, which, to whom, and until when."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from domain.actor import Actor
from domain.chats.actions import SHOW
from domain.desk import Desk
from domain.errors import Conflict, Forbidden, Invalid, NotFound
from domain.jobs.models import Job
from domain.service_levels.calendar import Hours, WorkingTime
from domain.tables import new_id
from domain.tip_series import actions, week
from domain.tip_series.rules import monday_of, next_sending, week_of
from domain.tip_series.sending import DONE_VIEW, TIP_VIEW, WEEK_VIEW, sweep_series
from domain.tip_series.series import WEEK, Subscription
from domain.tips.actions import record_questions
from domain.tips.bringing import import_tips
from domain.tips.finding import tip_for
from domain.tips.tip import Asked, Audience, Zone
from tests.cast import person
from tests.conftest import Clock
from tests.tips.test_clusters import TIP

MONDAY_9 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # nine o'clock in Brussels


def calendar(closed: Iterable[date] = ()) -> WorkingTime:
    hours = {weekday: (Hours(time(8), time(17)),) for weekday in range(5)}
    shut = dict.fromkeys(closed, "closed")
    return WorkingTime(hours, ZoneInfo("Europe/Brussels"), lambda year: shut)


@pytest.mark.parametrize(
    ("weekday", "at", "after", "closed", "expected"),
    [
        (0, time(9), MONDAY_9.replace(hour=7), [], MONDAY_9),
        (0, time(9), MONDAY_9, [], MONDAY_9.replace(day=30)),
        (1, time(9), MONDAY_9, [], MONDAY_9.replace(day=24)),
        (0, time(9), MONDAY_9.replace(hour=7), [date(2026, 11, 23)], MONDAY_9.replace(day=24)),
        (5, time(9), MONDAY_9, [], MONDAY_9.replace(day=30)),  # a Saturday: the city is closed
        # nine o'clock in winter and in summer
        (0, time(9), datetime(2027, 3, 22, 8, tzinfo=UTC), [], datetime(2027, 3, 29, 7, tzinfo=UTC)),
    ],
)
def test_the_next_tip_comes_on_its_day_and_hour_or_when_the_city_is_open_again(
    weekday: int, at: time, after: datetime, closed: list[date], expected: datetime
) -> None:
    assert next_sending(weekday, at, after, calendar(closed)) == expected


def test_weeks_are_those_of_iso_8601() -> None:
    assert week_of(date(2027, 1, 1)) == "2026-W53"
    assert monday_of("2026-W53") == date(2026, 12, 28)


TIPS = [
    replace(TIP, id="a", title="Eerste"),
    replace(TIP, id="b", title="Tweede"),
    replace(TIP, id="c", title="Voor wie leiding geeft", audience=Audience.SUPERVISORS),
    replace(TIP, id="x", theme="veilig", theme_name="Veilig werken", title="Veilig"),
    replace(TIP, id="b-fr", language="fr", title="Deuxième", translation_of="b", theme_name="Réunions"),
]


@pytest.fixture
async def few(desk: Desk) -> Desk:
    async with desk.units() as unit:
        await import_tips(unit, TIPS)
    return desk


async def subscribe(desk: Desk, actor: Actor, series: str, weekday: str = "1", at: str = "09:00") -> None:
    async with desk.units() as unit:
        await actions.subscribe(unit, desk, actor, series, weekday, at)


async def shown(desk: Desk) -> list[tuple[str, str, str]]:
    async with desk.units.read() as unit:
        jobs = (await unit.db.execute(select(Job.payload).where(Job.kind == SHOW).order_by(Job.id))).scalars()
        return [(job["view"], job["subject"], job["person"]) for job in jobs]


async def test_a_theme_is_a_series_one_tip_a_week_until_there_are_no_more(
    few: Desk, amina: Actor, fatima: Actor, clock: Clock
) -> None:
    await subscribe(few, amina, "vergaderen")
    await subscribe(few, fatima, "vergaderen", "2", "14:30")
    assert await sweep_series(few) == 0
    for _ in range(4):
        clock.forward(days=7)
        assert await sweep_series(few) <= 2
        await sweep_series(few)
    told = await shown(few)
    assert [one[:2] for one in told if one[2] == "amina"] == [
        (TIP_VIEW, "2026-11-24/a"),
        (TIP_VIEW, "2026-12-01/b"),
        (DONE_VIEW, "2026-12-08/vergaderen"),
    ]
    assert [one[1][11:] for one in told if one[2] == "fatima"] == ["a", "b", "c", "vergaderen"]
    async with few.units.read() as unit:
        assert all(one.subscription is None for one in await actions.list_series(unit, few, amina))


async def test_a_theme_is_in_ones_own_language_and_holds_the_tips_of_ones_team(
    desk: Desk, clock: Clock
) -> None:
    """Maxime reads French: of what there is only in Dutch nothing comes, unless a theme has nothing else."""
    ours = replace(TIP, id="d", title="Van ons", audience=Audience.TEAM, team_id=person("maxime").team_id)
    french = replace(ours, id="d-fr", language="fr", translation_of="d")
    theirs = replace(french, id="e-fr", team_id="omgeving", translation_of=None)
    async with desk.units() as unit:
        await import_tips(unit, [*TIPS, ours, french, theirs])
    maxime = person("maxime").as_actor()
    await subscribe(desk, maxime, "vergaderen")
    await subscribe(desk, maxime, "veilig")
    for _ in range(3):
        clock.forward(days=7)
        await sweep_series(desk)
    came = [subject[11:] for _, subject, _ in await shown(desk)]
    assert sorted(came) == sorted(["b-fr", "d-fr", "vergaderen", "x", "veilig"])


async def test_everybody_gets_the_same_tip_in_a_week_and_another_one_in_the_next(
    few: Desk, amina: Actor, dirk: Actor, clock: Clock
) -> None:
    asked = [
        Asked(new_id(), "els", "nl", "iets", Zone.ANSWER, 0.9, (tip_id,)) for tip_id in ("b", "b", "c", "a")
    ]
    async with few.units() as unit:
        await record_questions(unit, asked)
    await subscribe(few, amina, WEEK)
    await subscribe(few, dirk, WEEK, "3")
    tips = []
    for days in (8, 15):
        clock.now = MONDAY_9 + timedelta(days=days)
        await sweep_series(few)
        async with few.units() as unit:
            tips.append(await week.week_tip(unit, few, week_of(few.organisation.day(clock.now))))
    assert tips == ["b", "a"]  # the most asked of what is for everybody
    assert {view for view, _, _ in await shown(few)} == {WEEK_VIEW}
    assert {who for _, _, who in await shown(few)} == {"amina", "dirk"}


async def test_who_stops_and_starts_again_gets_the_first_tip_once_more_as_a_new_message(
    few: Desk, amina: Actor, clock: Clock
) -> None:
    for _ in range(2):
        await subscribe(few, amina, "veilig")
        clock.forward(days=7)
        await sweep_series(few)
        async with few.units() as unit:
            await actions.unsubscribe(unit, few, amina, "veilig")
    assert [subject for _, subject, _ in await shown(few)] == ["2026-11-24/x", "2026-12-01/x"]


async def test_a_tip_that_waits_over_a_weekend_is_that_of_the_week_it_was_for(
    few: Desk, amina: Actor, clock: Clock
) -> None:
    shut = replace(few, organisation=replace(few.organisation, calendar=calendar([date(2026, 11, 27)])))
    await subscribe(shut, amina, WEEK, "4")
    for day in (datetime(2026, 11, 30, 8, tzinfo=UTC), datetime(2026, 12, 4, 8, tzinfo=UTC)):
        clock.now = day
        assert await sweep_series(shut) == 1
    assert [subject for _, subject, _ in await shown(few)] == ["2026-W48", "2026-W49"]


async def test_an_author_plans_the_coming_weeks_and_thinks_better_of_it(
    few: Desk, dirk: Actor, clock: Clock
) -> None:
    hanne = person("hanne").as_actor()
    async with few.units() as unit:
        for _ in range(2):
            planned = await week.plan_week_tip(unit, few, hanne, "x", "press")
        assert (planned.week, planned.title) == ("2026-W49", "Veilig")
        assert (await week.plan_week_tip(unit, few, hanne, "a", "2")).week == "2026-W50"
        await week.unplan_week(unit, few, hanne, "2026-W50")
        assert [one.tip_id for one in await week.planned_weeks(unit, few)] == ["x"]
        for at in range(week.AHEAD - 1):
            await week.plan_week_tip(unit, few, hanne, "a", f"more {at}")
        with pytest.raises(Conflict):
            await week.plan_week_tip(unit, few, hanne, "a", "too many")
        with pytest.raises(NotFound):
            await week.plan_week_tip(unit, few, hanne, "nothing", "3")
        with pytest.raises(Forbidden):
            await week.plan_week_tip(unit, few, dirk, "a", "4")
    clock.forward(days=7)
    async with few.units() as unit:
        assert await week.week_tip(unit, few, "2026-W49") == "x"


async def test_a_tip_comes_in_the_language_of_who_gets_it(few: Desk) -> None:
    amina = person("amina").as_actor()
    french = replace(amina, language="fr")
    async with few.units.read() as unit:
        assert (await tip_for(unit, french, "b")).title == "Deuxième"
        assert (await tip_for(unit, french, "a")).title == "Eerste"
        assert (await tip_for(unit, amina, "b-fr")).title == "Tweede"  # shared by a French colleague


async def test_day_and_hour_are_ones_own_and_can_be_changed(few: Desk, amina: Actor) -> None:
    await subscribe(few, amina, "veilig", "1", "09:00")
    await subscribe(few, amina, "veilig", "4", "16:15")
    async with few.units() as unit:
        series = await actions.access_series(unit, few, amina, "veilig")
        assert series.name == "Veilig werken"
        assert series.subscription == Subscription(
            "veilig", 4, time(16, 15), datetime(2026, 11, 27, 15, 15, tzinfo=UTC)
        )
        stopped = await actions.unsubscribe(unit, few, amina, "veilig")
        assert stopped.subscription == series.subscription
        assert (await actions.unsubscribe(unit, few, amina, "veilig")).subscription is None
        for weekday, at, field in (("5", "09:00", "weekday"), ("", "09:00", "weekday"), ("1", "25:00", "at")):
            with pytest.raises(Invalid) as wrong:
                await actions.subscribe(unit, few, amina, "veilig", weekday, at)
            assert wrong.value.field == field
        with pytest.raises(NotFound):
            await actions.subscribe(unit, few, amina, "niets", "1", "09:00")


async def test_two_sweeps_at_once_send_once(few: Desk, amina: Actor, clock: Clock) -> None:
    await subscribe(few, amina, WEEK)
    await subscribe(few, amina, "veilig")
    clock.forward(days=7)
    await asyncio.gather(sweep_series(few), sweep_series(few))
    assert len(await shown(few)) == 2
