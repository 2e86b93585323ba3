"""Asking for a site: who may, what is refused and where, and who can see it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.approvable import subjects
from domain.approvals.actions import Decide, approve, send_back
from domain.errors import Conflict, Invalid, NotFound
from domain.sites import names
from domain.sites.actions import (
    access_request,
    list_requests,
    my_requests,
    request_site,
    send_again,
    withdraw_request,
)
from domain.sites.checking import RequestSite
from domain.sites.errors import InvalidRequest
from domain.sites.models import SiteRequestRow
from domain.sites.names import check_name
from domain.sites.policy import Question
from domain.sites.ports import BusyError, NameStatus, PlatformError
from domain.sites.request import SiteRequest, SiteState
from domain.tables import new_id
from tests.cast import demo_city, person
from tests.sites.conftest import Office, office_with
from tests.sites.nowhere import Nowhere

GOOD = RequestSite("1", "Vlasmarkt", "We plannen er samen de markt van 2027.", "amina", second_owner="els")


def good(scenario: str, name: str, owner: str, **more: Any) -> RequestSite:
    """A form with nothing wrong in it, but for what a test gives it."""
    return replace(GOOD, scenario_id=scenario, name=name, owner=owner, **more)


@pytest.fixture
def office(desk: Any, units: Any, bells: Any, clock: Any) -> Office:
    return office_with(desk, units, bells, clock, Nowhere())


async def ask(office: Office, command: RequestSite, who: str = "amina", key: str = "k") -> Any:
    async with office.units() as unit:
        return await request_site(unit, office.desk, person(who), command, key)


async def problems_of(office: Office, command: RequestSite, who: str = "amina") -> dict[str, str]:
    with pytest.raises(InvalidRequest) as refused:
        await ask(office, command, who)
    async with office.units.read() as unit:
        assert (await unit.db.execute(select(func.count()).select_from(SiteRequestRow))).scalar_one() == 0
    return {problem.field or "": str(problem) for problem in reversed(refused.value.problems)}


async def test_a_request_gets_a_number_an_address_and_its_people(office: Office) -> None:
    command = RequestSite(
        "1", "  Vlas   markt ", " Samen de markt plannen. ", "bram",
        "carla.maes@vlaskerke.example; Dirk Peeters\nDirk Peeters, Els Wouters <els.wouters@vlaskerke.example>, "
        "Jan@Provincie.example, bram.desmet@vlaskerke.example",
        second_owner="Fatima Benali",
    )  # fmt: skip
    request = await ask(office, command)
    assert (request.number, request.name, request.alias) == ("S-2026-000001", "Vlas markt", "prj-vlas-markt")
    assert request.owner_ids == ("bram", "fatima")
    assert request.member_ids == ("carla", "dirk", "els")
    assert request.guests == ("jan@provincie.example",)
    assert (request.state, request.team_id, request.steps) == (SiteState.ASKED, "digitaal", ())


async def test_every_problem_is_said_at_its_own_field(office: Office) -> None:
    outsider = next(p for p in demo_city().people if p.id == "dirk")
    found = await problems_of(
        office,
        RequestSite("5", "test", "?", "nobody at all", "Piet Onbekend, kees@vlaskerke.example"),
        outsider.id,
    )
    assert sorted(found) == ["members", "name", "owner", "purpose", "scenario"]
    assert "Piet Onbekend, kees@vlaskerke.example" in found["members"]


async def test_a_name_that_more_people_have_is_asked_about(office: Office) -> None:
    found = await problems_of(office, good("1", GOOD.name, "amina", members="de"))
    assert "More than one person" in found["members"]


@pytest.mark.parametrize("scenario", ["", "6", "1 ", "x" * 10_000, "<b>"])
async def test_only_scenarios_of_the_table_can_be_asked_for(office: Office, scenario: str) -> None:
    command = good(scenario, GOOD.name, "amina")
    if scenario.strip() == "1":
        assert (await ask(office, command)).scenario_id == "1"
    else:
        assert list(await problems_of(office, command)) == ["scenario"]


async def test_a_team_that_is_not_ready_hears_whom_to_talk_to(office: Office) -> None:
    team = next(t for t in demo_city().teams if not t.phase.completed and t.information_manager_id)
    member = next(p for p in demo_city().people if p.team_id == team.id)
    assert team.information_manager_id is not None
    found = await problems_of(office, good("3", GOOD.name, member.id), member.id)
    assert person(team.information_manager_id).name in found["scenario"]


async def test_the_same_form_sent_twice_is_one_request(office: Office) -> None:
    first = await ask(office, GOOD, key="form-1")
    assert await ask(office, GOOD, key="form-1") == first
    assert await ask(office, good("2", "Iets anders", "amina"), key="form-1") == first


async def test_an_address_is_given_once_and_not_told_whose_it_is(office: Office) -> None:
    first = await ask(office, GOOD, key="a")
    with pytest.raises(Conflict) as mine:
        await ask(office, good("1", "VLASMARKT!", "amina"), key="b")
    assert (mine.value.field, first.number in str(mine.value)) == ("name", True)
    with pytest.raises(Conflict) as others:
        await ask(office, good("1", "Vlasmarkt", "dirk"), "dirk", key="c")
    assert first.number not in str(others.value)
    assert (await ask(office, good("2", "Vlasmarkt", "amina"), key="d")).alias == "hub-vlasmarkt"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_people_who_ask_for_one_address_at_once_get_one_site(office: Office) -> None:
    for number in range(30):
        command = good("1", f"Plein {number}", "amina")
        results = await asyncio.gather(
            ask(office, command, "amina", f"k{number}"),
            ask(office, command, "dirk", f"k{number}"),
            return_exceptions=True,
        )
        assert [isinstance(result, Conflict) for result in results].count(True) == 1


async def test_who_has_nothing_to_do_with_a_request_does_not_find_it(office: Office) -> None:
    request = await ask(office, GOOD)
    for who in ("amina", "bram", "carla", "els", "gust"):
        async with office.units.read() as unit:
            assert await access_request(unit, person(who).as_actor(), request.id) == request
    for who, request_id in (
        ("dirk", request.id),
        ("fatima", request.id),
        ("amina", new_id()),
        ("amina", "1; --"),
    ):
        with pytest.raises(NotFound):
            async with office.units.read() as unit:
                await access_request(unit, person(who).as_actor(), request_id)


async def test_lists_are_newest_first_page_by_page_and_each_sees_their_own(office: Office) -> None:
    mine = [await ask(office, good("1", f"Markt {n}", "amina"), key=f"k{n}") for n in range(7)]
    theirs = await ask(office, good("1", "Park", "dirk"), "dirk")
    seen: list[Any] = []
    cursor = None
    for _ in range(3):
        async with office.units.read() as unit:
            page = await my_requests(unit, person("amina").as_actor(), limit=3, cursor=cursor)
        seen += page.requests
        cursor = page.next_cursor
    assert (seen, cursor) == (mine[::-1], None)
    async with office.units.read() as unit:
        everything = await list_requests(unit, person("els").as_actor(), limit=50)
        assert list(everything.requests) == [theirs, *mine[::-1]]
        assert (await list_requests(unit, person("dirk").as_actor())).requests == (theirs,)
        with pytest.raises(Invalid):
            await my_requests(unit, person("amina").as_actor(), cursor="volgende")


async def test_everything_that_was_asked_is_kept(office: Office) -> None:
    answers = dict(zip(Question, ("no", "no", "no", "team"), strict=True))
    end = (office.clock.now + timedelta(days=300)).date()
    request = await ask(
        office,
        replace(
            GOOD,
            guests="jan@provincie.example; An <an@provincie.example>",
            language="fr",
            libraries="verslagen,publicaties,verslagen",
            retention_label="507 Projecten",
            end_date=end.isoformat(),
            answers=answers,
            reason="We werken ook met de handelaars.",
        ),
    )
    assert request.owner_ids == ("amina", "els")
    assert request.guests == ("jan@provincie.example", "an@provincie.example")
    assert (request.language, request.library_ids) == ("fr", ("verslagen", "publicaties"))
    assert (request.retention_label, request.end_date) == ("507 Projecten", end)
    assert (request.answers, request.advised_id) == (answers, "3")
    assert request.scenario_reason == "We werken ook met de handelaars."


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"second_owner": ""}, "second_owner"),
        ({"second_owner": "Amina El Idrissi"}, "second_owner"),
        ({"second_owner": "Piet Onbekend"}, "second_owner"),
        ({"second_owner": "jan@provincie.example"}, "second_owner"),
        ({"second_owner": "de"}, "second_owner"),
        ({"guests": "Dirk Peeters"}, "guests"),
        ({"guests": "jan@"}, "guests"),
        ({"scenario_id": "2", "guests": "jan@provincie.example"}, "guests"),
        ({"scenario_id": "2", "members": "jan@provincie.example"}, "members"),
        ({"libraries": "personeelsdossiers"}, "libraries"),
        ({"libraries": "verzonnen"}, "libraries"),
        ({"retention_label": "verzonnen"}, "retention_label"),
        ({"language": "de"}, "language"),
        ({"end_date": "2020-01-01"}, "end_date"),
        ({"end_date": "morgen"}, "end_date"),
        ({"hub": "verzonnen"}, "hub"),
        ({"hub": "01a00000-0000-7000-8000-000000000001"}, "hub"),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(
    office: Office, changed: dict[str, str], field: str
) -> None:
    assert list(await problems_of(office, replace(GOOD, **changed))) == [field]  # type: ignore[arg-type]


async def test_another_kind_than_was_advised_needs_a_reason_here_too(office: Office) -> None:
    answers = dict(zip(Question, ("no", "yes", "no", "team"), strict=True))
    assert list(await problems_of(office, replace(GOOD, answers=answers))) == ["reason"]


async def decide(office: Office, request: SiteRequest, act: Any, comment: str, who: str = "bram") -> None:
    approval = await office.approval(request)
    async with office.units() as unit:
        command = Decide(approval.id, comment, approval.round)
        await act(unit, office.desk, person(who).as_actor(), command, subjects(office.desk))


async def test_a_request_that_comes_back_is_changed_and_sent_again(office: Office) -> None:
    request = await ask(office, GOOD)
    with pytest.raises(Conflict):
        await again(office, request, GOOD)
    await decide(office, request, send_back, "Zet er een einddatum bij.")
    assert (await office.now(request)).state is SiteState.SENT_BACK
    with pytest.raises(Conflict):  # its name is still held
        await ask(office, good("1", "Vlasmarkt", "dirk"), "dirk", "other")
    with pytest.raises(NotFound):
        await again(office, request, GOOD, who="dirk")
    with pytest.raises(InvalidRequest):
        await again(office, request, replace(GOOD, name="test"))
    assert (await office.now(request)).state is SiteState.SENT_BACK
    end = (office.clock.now + timedelta(days=90)).date()
    command = replace(GOOD, name="Vlasmarkt 2027", end_date=end.isoformat())
    sent = await again(office, request, command)
    assert (sent.state, sent.number, sent.alias, sent.end_date) == (
        SiteState.ASKED, request.number, "prj-vlasmarkt-2027", end,
    )  # fmt: skip
    assert await again(office, request, command) == sent
    approval = await office.approval(request)
    assert (approval.pending, approval.title, approval.round) == (True, "Vlasmarkt 2027", 2)
    await office.approve(request)
    assert (await office.now(request)).state is SiteState.BUILDING


async def again(
    office: Office, request: SiteRequest, command: RequestSite, who: str = "amina", key: str = "again"
) -> SiteRequest:
    async with office.units() as unit:
        return await send_again(unit, office.desk, person(who), request.id, command, key)


async def test_a_name_that_was_taken_meanwhile_is_refused_when_it_is_sent_again(office: Office) -> None:
    request = await ask(office, GOOD)
    await ask(office, good("1", "Plein", "dirk"), "dirk", "plein")
    await decide(office, request, send_back, "Kies een andere naam.")
    with pytest.raises(Conflict) as refused:
        await again(office, request, replace(GOOD, name="Plein"))
    assert refused.value.field == "name"


async def test_a_withdrawn_request_lets_go_of_its_name_and_is_not_built(office: Office) -> None:
    request = await ask(office, GOOD)
    with pytest.raises(NotFound):
        await take_back(office, request, "dirk")
    assert (await take_back(office, request)).state is SiteState.WITHDRAWN
    assert (await take_back(office, request)).state is SiteState.WITHDRAWN
    await decide(office, request, approve, "Goed")
    assert (await office.now(request)).state is SiteState.WITHDRAWN
    other = await ask(office, good("1", "Vlasmarkt", "dirk"), "dirk", "other")
    assert other.alias == request.alias


async def take_back(office: Office, request: SiteRequest, who: str = "amina") -> SiteRequest:
    async with office.units() as unit:
        return await withdraw_request(unit, person(who).as_actor(), request.id, subjects(office.desk))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_withdrawing_while_somebody_approves_has_one_outcome(office: Office) -> None:
    for number in range(25):
        request = await ask(office, good("1", f"Plein {number}", "amina"), key=f"k{number}")
        await decide(office, request, approve, "")  # the first stage
        await asyncio.gather(
            take_back(office, request), decide(office, request, approve, "", "els"), return_exceptions=True
        )
        state = (await office.now(request)).state
        approval = await office.approval(request)
        assert (state, approval.state.value) in (
            (SiteState.WITHDRAWN, "withdrawn"),
            (SiteState.BUILDING, "approved"),
        )


class Address:
    """A place that knows addresses, as Graph does; and one that is away or slow."""

    def __init__(self, answer: NameStatus | PlatformError | float) -> None:
        self.answer = answer

    async def name_status(self, alias: str) -> NameStatus:
        if isinstance(self.answer, PlatformError):
            raise self.answer
        if isinstance(self.answer, float):
            await asyncio.sleep(self.answer)
            return NameStatus.EXISTS
        return self.answer


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_name_is_told_apart_by_where_it_is(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await check_name(Address(NameStatus.FREE), "prj-a")
    with pytest.raises(Conflict, match="There is a site with this name"):
        await check_name(Address(NameStatus.EXISTS), "prj-a")
    with pytest.raises(Conflict, match="in the bin"):
        await check_name(Address(NameStatus.DELETED), "prj-a")
    assert not await check_name(Address(BusyError("503")), "prj-a")
    monkeypatch.setattr(names, "PATIENCE", 0.05)
    assert not await check_name(Address(5.0), "prj-a")
