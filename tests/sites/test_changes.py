"""Sites that stand: found by who may, changed after approval through the platform, and looked after in time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from adapters.organisation.loader import YamlDirectory
from domain.approvable import subjects
from domain.approvals.actions import Decide, approval_of, approve, refuse, send_back
from domain.desk import Desk
from domain.errors import Conflict, NotFound
from domain.people.models import Person
from domain.sites.changes import (
    CHANGE_VIEW,
    FAILED_VIEW,
    SITE_VIEW,
    AskChange,
    ask_change,
    find_change,
    retry_change,
    send_change_again,
    withdraw_change,
)
from domain.sites.errors import InvalidRequest
from domain.sites.models import SiteChangeRow, SiteRow
from domain.sites.plan import Step
from domain.sites.policy import Scenario
from domain.sites.ports import Built, NameStatus, RefusedError, SiteOrder
from domain.sites.register import access_site, find_site, hubs, my_sites, open_site, team_sites
from domain.sites.site import ChangeKind, ChangeState, Site, StandingState
from domain.sites.upkeep import (
    NOTICE_VIEW,
    ORPHAN_VIEW,
    read_notice,
    still_needed,
    sweep_orphans,
    sweep_sites,
)
from domain.sites.verification import Finding
from domain.tables import new_id
from tests.cast import demo_city, person
from tests.sites.conftest import Office, office_with

ID = "id"


class Built365:
    """A platform on which everything is done at once; it writes down what it was asked. `refuses` has it say no."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.refuses = False

    def _do(self, *asked: Any) -> None:
        if self.refuses:
            raise RefusedError("403: not this one")
        self.asked.append(asked)

    async def name_status(self, alias: str) -> NameStatus:
        return NameStatus.FREE

    async def build(self, step: Step, order: SiteOrder, built: Built) -> Built:
        return replace(built, group_id=ID, site_id=ID, url=f"https://example.org/sites/{order.alias}")

    async def verify(self, order: SiteOrder, built: Built) -> Sequence[Finding]:
        return ()

    async def undo(self, order: SiteOrder, built: Built) -> None:
        raise AssertionError("nothing to undo")

    async def archive(self, built: Built) -> None:
        self._do("archive", built.site_id)

    async def restore(self, built: Built) -> None:
        self._do("restore", built.site_id)

    async def rename(self, built: Built, name: str) -> None:
        self._do("rename", name)

    async def set_owners(self, scenario: Scenario, built: Built, owners: Sequence[Person]) -> None:
        self._do("owners", *(owner.id for owner in owners))


@pytest.fixture
def platform() -> Built365:
    return Built365()


@pytest.fixture
def office(desk: Any, units: Any, bells: Any, clock: Any, platform: Built365) -> Office:
    return office_with(desk, units, bells, clock, platform)


async def stand(office: Office, name: str = "Vlasmarkt", who: str = "amina", **more: str) -> Site:
    """A site that was asked, approved and built."""
    request = await office.request(who, name=name, key=f"key-{name}", **more)
    await office.approve(request)
    await office.run_all()
    office.shown.clear()
    return await now(office, request.id)


async def now(office: Office, site_id: str) -> Site:
    async with office.units.read() as unit:
        site = await find_site(unit, site_id)
    assert site is not None
    return site


async def ask(office: Office, site: Site, kind: ChangeKind, who: str = "amina", **values: str) -> Site:
    command = AskChange(kind, values.pop("reason", "Het project loopt anders."), **values)
    async with office.units() as unit:
        return await ask_change(unit, office.desk, person(who), site.id, command, values.get("key", new_id()))


async def decide(office: Office, site: Site, act: Any, comment: str = "") -> None:
    """By whoever is asked, through every stage."""
    assert site.change is not None
    change = site.change
    while True:
        async with office.units() as unit:
            approval = await approval_of(unit, change.kind.approval_kind, change.id)
            if not approval.pending:
                break
            who = person(approval.approver_ids[0]).as_actor()
            await act(
                unit, office.desk, who, Decide(approval.id, comment, approval.round), subjects(office.desk)
            )
    await office.run_all()


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


# --- time ---------------------------------------------------------------------------------------------


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


async def test_a_site_whose_scenario_is_gone_is_said_so(office: Office) -> None:
    site = await stand(office)
    async with office.units() as unit:
        await unit.db.execute(update(SiteRow).values(scenario_id="9"))
    with pytest.raises(LookupError, match="scenario 9"):
        await ask(office, site, ChangeKind.ARCHIVE)
