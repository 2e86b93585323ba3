"""A tip of one team stays in that team, whichever way somebody asks for it, and whatever ids they send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from adapters.database.engine import DatabaseUnits
from bot.digicoaches import questions as digicoaches
from bot.tips import feedback as tip_feedback
from bot.tips import questions as tips
from bot.tips import sharing as tip_sharing
from bot.tips import tickets as tip_tickets
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
from tests.cards.reading import texts
from tests.cast import person
from tests.helpdesk.conftest import Report, policy, report
from tests.tips.conftest import MakeTurn, city_tips

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

__all__ = ["policy", "report"]
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
    [tips.show, tips.helped, tip_sharing.form, tip_feedback.words],
    ids=lambda handler: handler.__name__,
)
async def test_who_is_not_of_the_team_gets_no_card(
    turn: MakeTurn, pressed: Callable[..., Awaitable[object]]
) -> None:
    with pytest.raises(NotFound):
        await pressed(turn(who="amina", id=OURS.id, colleague="Dirk Peeters", words="x"))


async def test_what_did_not_help_somebody_else_looks_as_if_it_were_not_there(turn: MakeTurn) -> None:
    unknown = await tips.not_helped(turn(who="amina", id="niets"))
    assert await tips.not_helped(turn(who="amina", id=OURS.id)) == unknown
    assert unknown.card is not None


async def test_what_follows_on_a_tip_and_goes_with_a_question_is_for_who_looks(
    turn: MakeTurn, stocked: DatabaseUnits
) -> None:
    first = replace(OURS, id="voor-allen", audience=Audience.EVERYONE, team_id=None, related=(OURS.id,))
    async with stocked() as unit:
        await import_tips(unit, [first], retire_others=False)
    for who, sees in (("dirk", True), ("amina", False)):
        shown = await tips.show(turn(who=who, id=first.id))
        asked = await digicoaches.ask(turn(who=who, tip=OURS.id, text="Waar?"))
        assert (OURS.id in str(shown.card)) == sees
        assert (OURS.title in "\n".join(texts(asked.card))) == sees


async def test_an_agent_sends_nobody_what_is_not_for_them(turn: MakeTurn, desk: Desk, report: Report) -> None:
    of_dirk, of_amina = await report(person("dirk").as_actor()), await report(person("amina").as_actor())
    assert (await tip_tickets.choose(turn(who="bram", id=of_dirk.id, tip=OURS.id))).card is not None
    with pytest.raises(NotFound):
        await tip_tickets.choose(turn(who="bram", id=of_amina.id, tip=OURS.id))
    for ticket, found in ((of_dirk, True), (of_amina, False)):
        near = await tip_tickets.search(turn(who="bram", id=ticket.id, text=OURS.title))
        assert (OURS.id in str(near.card)) == found


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
