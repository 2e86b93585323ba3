"""Looking after building in chat: the list, each press, and what others get to see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot import building
from bot.sites import life as sites_life
from bot.turn import NOTHING, Turn
from domain.errors import NotFound
from domain.sites.request import SiteState
from domain.tables import new_id
from locales import translator
from localhost.tenant.things import Site
from tests.cast import person
from tests.provisioning.conftest import Yard
from tests.provisioning.test_looking_after import stuck_at_sharing
from tests.provisioning.test_provision import sqlite
from tests.servers.tenant import TenantServer
from tests.sites.pressing import PLACE, texts, verbs

pytestmark = sqlite


def turn(yard: Yard, who: str, data: Mapping[str, Any] | None = None, text: str = "") -> Turn:
    one = person(who)
    return Turn(one.as_actor(), one, yard.desk, translator("nl"), new_id(), PLACE, text=text, data=data or {})


async def test_who_governs_types_for_the_list_and_nobody_else_notices(
    yard: Yard, tenant: TenantServer
) -> None:
    await stuck_at_sharing(yard, tenant)
    for who in ("gust", "els"):
        for words in ("Sites die aandacht vragen", "sites met problemen?"):
            reply = await building.claim(turn(yard, who, text=words))
            assert "S-2026-000001 · Vlasmarkt" in texts(reply.card)
    assert await building.claim(turn(yard, "amina", text="Sites die aandacht vragen")) is NOTHING
    assert await building.claim(turn(yard, "gust", text="mijn sites")) is NOTHING
    with pytest.raises(NotFound):
        await building.attention(turn(yard, "amina"))


async def test_an_administrator_leaves_a_step_out_with_a_reason(yard: Yard, tenant: TenantServer) -> None:
    request = await stuck_at_sharing(yard, tenant)
    opened = await building.open_build(turn(yard, "gust", {"id": request.id}))
    assert verbs(opened.card) == ["building.retry", "building.skip", "building.park", "building.give_up"]
    assert "capability is 0, not 1" in texts(opened.card)
    without = await building.skip(turn(yard, "gust", {"id": request.id, "skip_reason": " "}))
    assert "Zeg waarom." in texts(without.card)
    assert (await yard.now(request)).state is SiteState.FAILED
    reason = "**Audit** <b>loopt</b>"
    skipped = await building.skip(turn(yard, "gust", {"id": request.id, "skip_reason": reason}))
    assert reason in texts(skipped.card), "as it was typed"
    assert (await yard.now(request)).state is SiteState.BUILDING
    late = await building.skip(turn(yard, "gust", {"id": request.id, "skip_reason": "nog eens"}))
    assert "nog eens" not in texts(late.card), "too late: the card shows how it stands"


@pytest.mark.parametrize("handler", [building.retry, building.skip, building.park, building.give_up])
async def test_only_an_administrator_can_change_a_build(
    yard: Yard, tenant: TenantServer, handler: Any
) -> None:
    request = await stuck_at_sharing(yard, tenant)
    reasons = {f"{what}_reason": "omdat" for what in ("skip", "park", "give_up")}
    for who in ("amina", "els"):
        with pytest.raises(NotFound):
            await handler(turn(yard, who, {"id": request.id, **reasons}))
    for nonsense in ("", "x", new_id()):
        with pytest.raises(NotFound):
            await handler(turn(yard, "gust", {"id": nonsense, **reasons}))
    assert (await yard.now(request)).state is SiteState.FAILED


async def test_what_differs_is_shown_repaired_and_then_as_agreed(yard: Yard, tenant: TenantServer) -> None:
    request = await yard.build("1")
    (site,) = tenant.tenant.store.all(Site)
    site.members_can_invite = True
    tenant.tenant.store.put(site)
    await building.check(turn(yard, "els", {"id": request.id}))
    await yard.run_all()
    shown = await building.open_build(turn(yard, "els", {"id": request.id}))
    assert "Leden laten anderen toe" in texts(shown.card)
    on_its_card = await sites_life.open_site(turn(yard, "amina", {"id": request.id}))
    assert "Leden laten anderen toe" in texts(on_its_card.card)
    assert "building.repair" not in verbs(on_its_card.card)
    await building.repair(turn(yard, "els", {"id": request.id}))
    await yard.run_all()
    mended = await building.show_differences(turn(yard, "els", {"id": request.id}))
    assert "was alles zoals afgesproken" in texts(mended.card)
    again = await building.repair(turn(yard, "els", {"id": request.id}))
    assert "was alles zoals afgesproken" in texts(again.card)
    with pytest.raises(NotFound):
        await building.repair(turn(yard, "amina", {"id": request.id}))


async def test_a_task_is_done_once_and_the_other_owner_sees_by_whom(yard: Yard, tenant: TenantServer) -> None:
    request = await yard.build("4")
    (task,) = (await yard.look(request)).tasks
    async with yard.units.read() as unit:
        card = await building.show_task(unit, yard.desk, person("amina"), task.id)
        assert verbs(card) == ["building.done"]
        assert await building.show_task(unit, yard.desk, person("dirk"), task.id) is None
    long = await building.done(turn(yard, "carla", {"id": task.id, "note": "x" * 501}))
    assert "Ten hoogste 500 tekens." in texts(long.card)
    done = await building.done(turn(yard, "carla", {"id": task.id, "note": "Staat erop."}))
    assert "Gedaan door Carla Maes" in texts(done.card)
    late = await building.done(turn(yard, "amina", {"id": task.id}))
    assert "Gedaan door Carla Maes" in texts(late.card)
    with pytest.raises(NotFound):
        await building.done(turn(yard, "dirk", {"id": task.id}))


async def test_an_owner_who_did_not_ask_is_told_what_they_own(yard: Yard, tenant: TenantServer) -> None:
    request = await yard.build("3")
    async with yard.units.read() as unit:
        card = await building.show_owner(unit, yard.desk, person("carla"), request.id)
        assert "Je bent eigenaar van Vlasmarkt" in texts(card)
        assert await building.show_owner(unit, yard.desk, person("dirk"), request.id) is None
        assert await building.show_operator(unit, yard.desk, person("amina"), request.id) is None
        assert await building.show_findings(unit, yard.desk, person("amina"), request.id) is None
