"""Sites that stand are looked after in time: the yearly question, the end, owners who leave."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from adapters.organisation.loader import YamlDirectory
from domain.approvals.actions import approve, refuse
from domain.desk import Desk
from domain.errors import NotFound
from domain.sites.models import SiteChangeRow, SiteRow
from domain.sites.site import ChangeKind, Site
from domain.sites.upkeep import (
    NOTICE_VIEW,
    ORPHAN_VIEW,
    read_notice,
    still_needed,
    sweep_orphans,
    sweep_sites,
)
from tests.cast import demo_city, person
from tests.sites.conftest import Office
from tests.sites.standing.conftest import ID, Built365, ask, decide, now, stand


async def notices(office: Office, site: Site) -> list[tuple[str, str]]:
    """What was sent since the last look, and to whom."""
    await office.run_all()
    sent = [
        (read_notice(subject)[1].value, who)
        for view, subject, who in office.shown
        if view == NOTICE_VIEW and read_notice(subject)[0] == site.id
    ]
    office.shown.clear()
    return sent


async def test_the_yearly_question_comes_once_is_repeated_and_then_taken_over(office: Office) -> None:
    site = await stand(office)
    assert await sweep_sites(office.desk) == 0
    office.clock.now = office.clock.now.replace(year=2027)  # a Tuesday
    assert [await sweep_sites(office.desk) for _ in range(3)] == [1, 0, 0]
    assert await notices(office, site) == [("review", "amina"), ("review", "els")]
    office.clock.forward(days=14)
    assert [await sweep_sites(office.desk) for _ in range(2)] == [1, 0]
    assert await notices(office, site) == [("review_again", "amina"), ("review_again", "els")]
    office.clock.forward(days=14)
    assert [await sweep_sites(office.desk) for _ in range(2)] == [1, 0]
    assert await notices(office, site) == [("review_taken_over", "els")]


async def test_an_answer_is_good_for_a_year(office: Office) -> None:
    site = await stand(office)
    office.clock.now = office.clock.now.replace(year=2027)
    await sweep_sites(office.desk)
    for who in ("dirk", "rik"):
        with pytest.raises(NotFound):
            await answer(office, site, who)
    answered = await answer(office, site, "els")
    assert answered.review_on == office.clock.now.date().replace(year=2028)
    assert await answer(office, site, "amina") == answered
    office.clock.forward(days=60)
    assert await sweep_sites(office.desk) == 0
    office.clock.now = office.clock.now.replace(year=2028, month=11, day=23)
    assert await sweep_sites(office.desk) == 1


async def answer(office: Office, site: Site, who: str) -> Site:
    async with office.units() as unit:
        return await still_needed(unit, office.desk, person(who).as_actor(), site.id)


async def test_nobody_is_told_outside_working_hours(office: Office) -> None:
    await stand(office)
    office.clock.now = office.clock.now.replace(year=2027, hour=2)
    assert await sweep_sites(office.desk) == 0
    office.clock.forward(hours=7)
    assert await sweep_sites(office.desk) == 1


async def test_an_end_is_announced_and_then_the_archive_is_asked_for(
    office: Office, platform: Built365
) -> None:
    end = office.clock.now.date() + timedelta(days=44)  # a Wednesday, and no holiday near
    site = await stand(office, end_date=end.isoformat())
    office.clock.forward(days=14)
    assert await sweep_sites(office.desk) == 1
    assert await notices(office, site) == [("ends_soon", "amina"), ("ends_soon", "els")]
    office.clock.forward(days=31)
    assert [await sweep_sites(office.desk) for _ in range(2)] == [1, 0]
    assert ("ended", "amina") in await notices(office, site)
    ended = await now(office, site.id)
    assert ended.change is not None
    assert (ended.change.kind, ended.change.requester_id) == (ChangeKind.ARCHIVE, "amina")
    assert platform.asked == []  # it is asked, not done
    await decide(office, ended, approve)
    assert platform.asked == [("archive", ID)]


async def test_an_end_waits_for_what_is_open(office: Office) -> None:
    end = office.clock.now.date() + timedelta(days=44)
    site = await stand(office, end_date=end.isoformat())
    office.clock.forward(days=45)
    await ask(office, site, ChangeKind.EXTEND, end_date=(end + timedelta(days=90)).isoformat())
    await sweep_sites(office.desk)
    extending = await now(office, site.id)
    assert extending.change is not None
    assert extending.change.kind is ChangeKind.EXTEND
    await decide(office, extending, refuse, "Het project is klaar.")
    office.clock.forward(days=1)
    await sweep_sites(office.desk)
    ended = await now(office, site.id)
    assert ended.change is not None
    assert ended.change.kind is ChangeKind.ARCHIVE


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_many_sweeps_at_once_ask_each_site_once(office: Office) -> None:
    sites = [await stand(office, f"Markt {n}") for n in range(6)]
    office.clock.now = office.clock.now.replace(year=2027)
    counted = await asyncio.gather(*(sweep_sites(office.desk) for _ in range(6)))
    assert sum(counted) == len(sites)
    for site in sites:
        async with office.units.read() as unit:
            row = (await unit.db.execute(select(SiteRow.looked_on).where(SiteRow.id == site.id))).one()
        assert row.looked_on == office.clock.now.date()
    await office.run_all()
    sent = [shown for shown in office.shown if shown[0] == NOTICE_VIEW]
    assert len(sent) == len(set(sent)) == 2 * len(sites)


def without(office: Office, *gone: str) -> Desk:
    """The desk after these people left the city."""
    people = tuple(replace(one, active=False) if one.id in gone else one for one in demo_city().people)
    city = replace(office.desk.organisation, people=people)
    return replace(office.desk, organisation=city, directory=YamlDirectory(city))


async def test_when_an_owner_leaves_the_second_one_steps_in(office: Office, platform: Built365) -> None:
    site = await stand(office, second="carla")
    assert await sweep_orphans(office.desk) == 0
    desk = without(office, "amina")
    assert [await sweep_orphans(desk) for _ in range(2)] == [1, 0]
    await office.run_all()
    repaired = await now(office, site.id)
    assert (repaired.owner_ids, repaired.change) == (("carla",), None)
    assert platform.asked == [("owners", "carla")]
    told = {(view, who) for view, _, who in office.shown if view == ORPHAN_VIEW}
    assert told == {(ORPHAN_VIEW, "carla"), (ORPHAN_VIEW, "els")}


async def test_when_both_leave_an_owner_of_the_team_steps_in(office: Office, platform: Built365) -> None:
    site = await stand(office, second="dirk")
    assert await sweep_orphans(without(office, "amina", "dirk", "bram")) == 1
    await office.run_all()
    assert (await now(office, site.id)).owner_ids == ("carla",)
    assert platform.asked == [("owners", "carla")]


async def test_with_nobody_left_the_information_manager_has_a_task(
    office: Office, platform: Built365
) -> None:
    site = await stand(office, second="dirk")
    desk = without(office, "amina", "dirk", "bram", "carla")
    for _ in range(2):
        await sweep_orphans(desk)
    await office.run_all()
    assert (await now(office, site.id)).owner_ids == ("amina", "dirk")
    assert {who for view, _, who in office.shown if view == ORPHAN_VIEW} == {"els"}
    asked = await ask(office, site, ChangeKind.OWNER, "els", owner="fatima", second_owner="gust")
    await decide(office, asked, approve)
    assert (await now(office, site.id)).owner_ids == ("fatima", "gust")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_sweeps_at_once_repair_a_site_once(office: Office, platform: Built365) -> None:
    for n in range(4):
        await stand(office, f"Markt {n}", second="carla")
    desk = without(office, "amina")
    await asyncio.gather(*(sweep_orphans(desk) for _ in range(4)))
    await office.run_all()
    assert platform.asked == [("owners", "carla")] * 4
    async with office.units.read() as unit:
        changes = await unit.db.execute(select(func.count()).select_from(SiteChangeRow))
    assert changes.scalar_one() == 4


async def test_a_site_whose_scenario_is_gone_is_said_so(office: Office) -> None:
    site = await stand(office)
    async with office.units() as unit:
        await unit.db.execute(update(SiteRow).values(scenario_id="9"))
    with pytest.raises(LookupError, match="scenario 9"):
        await ask(office, site, ChangeKind.ARCHIVE)
