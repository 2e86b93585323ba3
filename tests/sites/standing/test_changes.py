"""Sites that stand: found by who may, and changed after approval through the platform."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.approvable import subjects
from domain.approvals.actions import approve, refuse, send_back
from domain.errors import Conflict, NotFound
from domain.sites.changes import (
    CHANGE_VIEW,
    FAILED_VIEW,
    SITE_VIEW,
    AskChange,
    find_change,
    retry_change,
    send_change_again,
    withdraw_change,
)
from domain.sites.errors import InvalidRequest
from domain.sites.register import access_site, hubs, my_sites, open_site, team_sites
from domain.sites.site import ChangeKind, ChangeState, Site, StandingState
from domain.sites.upkeep import sweep_sites
from domain.tables import new_id
from tests.cast import person
from tests.sites.conftest import Office
from tests.sites.standing.conftest import ID, Built365, ask, decide, now, stand


async def test_a_site_stands_once_it_is_ready(office: Office) -> None:
    end = (office.clock.now + timedelta(days=200)).date()
    site = await stand(office, members="dirk", end_date=end.isoformat())
    today = office.clock.now.date()
    assert (site.number, site.name, site.state) == ("S-2026-000001", "Vlasmarkt", StandingState.ACTIVE)
    assert (site.owner_ids, site.member_ids, site.end_date) == (("amina", "els"), ("dirk",), end)
    assert site.review_on == today.replace(year=today.year + 1)
    async with office.units() as unit:  # the last step, repeated
        request = await office.now(site)  # type: ignore[arg-type] # it has the id of its request
        await open_site(unit, request, office.desk.organisation.life_cycle, site.url)
    assert await now(office, site.id) == site


@pytest.mark.parametrize(
    ("kind", "values", "asked", "becomes"),
    [
        (
            ChangeKind.RENAME,
            {"name": "Markt en plein"},
            ("rename", "Markt en plein"),
            {"name": "Markt en plein"},
        ),
        (
            ChangeKind.OWNER,
            {"owner": "bram", "second_owner": "Fatima Benali"},
            ("owners", "bram", "fatima"),
            {"owner_ids": ("bram", "fatima"), "member_ids": ("amina", "els")},
        ),
        (ChangeKind.ARCHIVE, {}, ("archive", ID), {"state": StandingState.ARCHIVED}),
    ],
)
async def test_what_was_approved_is_done_on_the_platform_and_told(
    office: Office, platform: Built365, kind: ChangeKind, values: dict[str, str], asked: Any, becomes: Any
) -> None:
    site = await stand(office)
    waiting = await ask(office, site, kind, **values)
    assert waiting.change is not None
    assert (waiting.change.state, platform.asked) == (ChangeState.ASKED, [])
    await decide(office, waiting, approve)
    changed = await now(office, site.id)
    assert platform.asked == [asked]
    assert {name: getattr(changed, name) for name in becomes} == becomes
    assert changed.change is None
    assert (CHANGE_VIEW, waiting.change.id, "amina") in office.shown
    assert (SITE_VIEW, site.id, "amina") in office.shown


async def test_a_site_comes_back_from_the_archive_and_is_asked_about_a_year_later(
    office: Office, platform: Built365
) -> None:
    site = await stand(office)
    await decide(office, await ask(office, site, ChangeKind.ARCHIVE), approve)
    with pytest.raises(Conflict):
        await ask(office, site, ChangeKind.RENAME, name="Iets anders")
    office.clock.forward(days=400)
    assert await sweep_sites(office.desk) == 0  # nobody is asked about what is in the archive
    await decide(office, await ask(office, site, ChangeKind.RESTORE), approve)
    back = await now(office, site.id)
    assert (back.state, back.archived_at) == (StandingState.ACTIVE, None)
    assert back.review_on > office.clock.now.date()
    assert [asked[0] for asked in platform.asked] == ["archive", "restore"]


async def test_a_later_end_moves_what_is_due(office: Office, platform: Built365) -> None:
    end = office.clock.now.date() + timedelta(days=60)
    site = await stand(office, end_date=end.isoformat())
    later = end + timedelta(days=100)
    await decide(office, await ask(office, site, ChangeKind.EXTEND, end_date=later.isoformat()), approve)
    assert (await now(office, site.id)).end_date == later
    assert platform.asked == []
    office.clock.forward(days=50)
    assert await sweep_sites(office.desk) == 0
    office.clock.forward(days=80)
    assert await sweep_sites(office.desk) == 1


@pytest.mark.parametrize("act", [refuse, send_back])
async def test_what_was_not_approved_leaves_the_site_as_it_was(
    office: Office, platform: Built365, act: Any
) -> None:
    site = await stand(office)
    waiting = await ask(office, site, ChangeKind.RENAME, name="Markt en plein")
    await decide(office, waiting, act, "Kies een naam zonder plein.")
    after = await now(office, site.id)
    assert (after.name, platform.asked) == ("Vlasmarkt", [])
    assert waiting.change is not None
    if act is refuse:
        assert after.change is None
        assert (CHANGE_VIEW, waiting.change.id, "amina") in office.shown
        return
    assert after.change is not None
    assert after.change.state is ChangeState.SENT_BACK
    command = AskChange(ChangeKind.ARCHIVE, "Zo is het duidelijker.", name="Markt van 2027")
    for who, error in (("dirk", NotFound), ("bram", NotFound)):
        with pytest.raises(error):
            async with office.units() as unit:
                await send_change_again(unit, office.desk, person(who), after.change.id, command, "again")
    async with office.units() as unit:  # its kind stays what it was
        again = await send_change_again(unit, office.desk, person("amina"), after.change.id, command, "again")
    await decide(office, again, approve)
    assert platform.asked == [("rename", "Markt van 2027")]


async def test_who_asked_can_take_it_back_and_something_else_can_be_asked(office: Office) -> None:
    site = await stand(office)
    waiting = await ask(office, site, ChangeKind.ARCHIVE)
    assert waiting.change is not None
    with pytest.raises(Conflict):
        await ask(office, site, ChangeKind.RENAME, "els", name="Markt en plein")
    with pytest.raises(NotFound):
        async with office.units() as unit:
            await withdraw_change(unit, person("els").as_actor(), waiting.change.id, subjects(office.desk))
    async with office.units() as unit:
        after = await withdraw_change(
            unit, person("amina").as_actor(), waiting.change.id, subjects(office.desk)
        )
    assert after.change is None
    assert (await ask(office, site, ChangeKind.RENAME, "els", name="Markt en plein")).change is not None


@pytest.mark.parametrize(
    ("kind", "values", "fields"),
    [
        (ChangeKind.RENAME, {"name": "Vlasmarkt"}, ["name"]),
        (ChangeKind.RENAME, {"name": "test", "reason": " "}, ["name", "reason"]),
        (ChangeKind.OWNER, {"owner": "amina", "second_owner": "amina"}, ["second_owner"]),
        (ChangeKind.OWNER, {"owner": "amina", "second_owner": "Els Wouters"}, ["owner"]),
        (ChangeKind.OWNER, {"owner": "verzonnen", "second_owner": "bram"}, ["owner"]),
        (ChangeKind.ARCHIVE, {"reason": ""}, ["reason"]),
    ],
)
async def test_a_change_that_cannot_be_says_so_at_its_field(
    office: Office, kind: ChangeKind, values: dict[str, str], fields: list[str]
) -> None:
    site = await stand(office)
    with pytest.raises(InvalidRequest) as refused:
        await ask(office, site, kind, **values)
    assert sorted(problem.field or "" for problem in refused.value.problems) == fields
    assert (await now(office, site.id)).change is None


async def test_what_the_platform_refuses_waits_for_an_administrator(
    office: Office, platform: Built365
) -> None:
    site = await stand(office)
    waiting = await ask(office, site, ChangeKind.ARCHIVE)
    platform.refuses = True
    await decide(office, waiting, approve)
    stuck = (await now(office, site.id)).change
    assert stuck is not None
    assert (stuck.state, stuck.error) == (ChangeState.FAILED, "403: not this one")
    assert (FAILED_VIEW, stuck.id, "gust") in office.shown
    platform.refuses = False
    with pytest.raises(NotFound):
        await retry(office, stuck.id, "amina")
    await retry(office, stuck.id, "gust")
    with pytest.raises(Conflict):
        await retry(office, stuck.id, "gust")
    await office.run_all()
    assert (await now(office, site.id)).state is StandingState.ARCHIVED


async def retry(office: Office, change_id: str, who: str) -> None:
    async with office.units() as unit:
        await retry_change(unit, person(who).as_actor(), change_id, new_id())


async def test_lists_are_paged_and_show_what_each_may_see(office: Office) -> None:
    mine = [await stand(office, f"Markt {n}") for n in range(5)]
    theirs = await stand(office, "Park", "dirk", second="joris", members="amina")
    seen: list[Site] = []
    cursor = None
    for _ in range(3):
        async with office.units.read() as unit:
            page = await my_sites(unit, person("amina").as_actor(), limit=2, cursor=cursor)
        seen, cursor = [*seen, *page.sites], page.next_cursor
    assert ([site.id for site in seen], cursor) == ([theirs.id, *[site.id for site in reversed(mine)]], None)
    for who, team, expected in (
        ("carla", "digitaal", 5),  # of the team
        ("els", "omgeving", 1),  # governs sites
        ("amina", "omgeving", 1),  # a member of it
        ("rik", "omgeving", 0),
        ("rik", "digitaal", 0),
    ):
        async with office.units.read() as unit:
            page = await team_sites(unit, office.desk, person(who).as_actor(), team)
        assert len(page.sites) == expected, who
    for who in ("fatima", "rik"):
        with pytest.raises(NotFound):
            async with office.units.read() as unit:
                await access_site(unit, office.desk, person(who).as_actor(), theirs.id)


async def test_a_hub_can_be_chosen_and_is_looked_up(office: Office) -> None:
    hub = await stand(office, "Digitaal", scenario="2")
    async with office.units.read() as unit:
        assert [site.id for site in await hubs(unit, office.desk, "digitaal")] == [hub.id]
    under = await office.request(name="Onder de hub", hub=hub.id, key="under")
    assert under.hub_id == hub.id
    with pytest.raises(InvalidRequest):
        await office.request(name="Nog een hub", scenario="2", hub=hub.id, key="hub")


async def test_a_change_is_done_once_though_its_job_comes_back(office: Office, platform: Built365) -> None:
    site = await stand(office)
    waiting = await ask(office, site, ChangeKind.RENAME, name="Markt en plein")
    await decide(office, waiting, approve)
    assert waiting.change is not None
    async with office.units() as unit:
        await unit.enqueue("sites.change", {"change": waiting.change.id})
    await office.run_all()
    assert len(platform.asked) == 1
    async with office.units.read() as unit:
        change = await find_change(unit, waiting.change.id)
    assert change is not None
    assert change.state is ChangeState.DONE
