"""A tip of one team stays in that team, whichever way somebody asks for it, and whatever ids they send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from adapters.database.engine import DatabaseUnits
from bot import tip_feedback, tip_sharing, tip_tickets, tips
from domain.actor import Actor
from domain.desk import Desk
from domain.errors import Conflict, NotFound
from domain.tables import new_id
from domain.tip_series import week
from domain.tips import actions, clusters
from domain.tips.actions import RateTip, record_questions
from domain.tips.askers import access_late_answer
from domain.tips.bringing import import_tips
from domain.tips.clustering import sweep_answered, sweep_questions
from domain.tips.finding import tip_for
from domain.tips.tip import Asked, Audience, Tip, Zone
from domain.unit import Unit
from tests.cast import person
from tests.tips.conftest import MakeTurn, city_tips

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OURS = replace(
    next(tip for tip in city_tips().tips if tip.language == "nl"),
    id="van-omgeving",
    title="Waar ligt de sleutel?",
    audience=Audience.TEAM,
    team_id="omgeving",
)


@pytest.fixture(autouse=True)
async def there(stocked: DatabaseUnits) -> None:
    async with stocked() as unit:
        await import_tips(unit, [OURS], retire_others=False)


@pytest.mark.parametrize(
    "pressed",
    [tips.show, tips.helped, tips.not_helped, tip_sharing.form, tip_feedback.words],
    ids=lambda handler: handler.__name__,
)
async def test_who_is_not_of_the_team_gets_no_card(
    turn: MakeTurn, pressed: Callable[..., Awaitable[object]]
) -> None:
    with pytest.raises(NotFound):
        await pressed(turn(who="amina", id=OURS.id, colleague="Dirk Peeters", words="x"))


async def test_an_agent_sends_nobody_what_is_not_for_the_agent(turn: MakeTurn) -> None:
    with pytest.raises(NotFound):
        await tip_tickets.choose(turn(who="bram", id=new_id(), tip=OURS.id))


async def test_its_title_does_not_travel_along_to_the_helpdesk(turn: MakeTurn) -> None:
    assert await tip_feedback.taken_along(turn(who="amina", tip=OURS.id)) == ""
    assert OURS.title in await tip_feedback.taken_along(turn(who="dirk", tip=OURS.id))


async def test_it_can_be_rated_by_its_team_alone(desk: Desk, amina: Actor, dirk: Actor) -> None:
    async with desk.units() as unit:
        with pytest.raises(NotFound):
            await actions.rate_tip(unit, amina, RateTip(OURS.id, helped=True), "a")
        assert (await actions.rate_tip(unit, dirk, RateTip(OURS.id, helped=True), "d")).tip == OURS


async def test_it_is_nobodys_tip_of_the_week(desk: Desk) -> None:
    async with desk.units() as unit:
        with pytest.raises(Conflict):
            await week.plan_week_tip(unit, desk, person("hanne").as_actor(), OURS.id, "k")
        with pytest.raises(NotFound):
            await tip_for(unit, person("amina").as_actor(), OURS.id)
        assert await tip_for(unit, person("dirk").as_actor(), OURS.id) == OURS


async def test_who_asked_from_another_team_does_not_hear_of_it(desk: Desk, amina: Actor, dirk: Actor) -> None:
    def asked(who: Actor) -> Asked:
        return Asked(new_id(), who.id, "nl", "waar ligt de sleutel van de kelder", Zone.UNKNOWN, 0.0, ())

    hanne = person("hanne").as_actor()
    async with desk.units() as unit:
        await record_questions(unit, [asked(amina), asked(dirk)])
    await sweep_questions(desk)
    async with desk.units() as unit:
        (cluster,) = (await clusters.list_clusters(unit, hanne)).clusters
        draft = await clusters.draft_cluster(unit, hanne, cluster.id, "d")
        await import_tips(unit, [replace(OURS, id=draft.tip.id)], retire_others=False)
    await sweep_answered(desk)
    async with desk.units() as unit:
        assert (await late(unit, dirk, cluster.id)) == replace(OURS, id=draft.tip.id)
        with pytest.raises(NotFound):
            await late(unit, amina, cluster.id)


async def late(unit: Unit, who: Actor, cluster_id: str) -> Tip:
    return (await access_late_answer(unit, who, cluster_id)).tip
