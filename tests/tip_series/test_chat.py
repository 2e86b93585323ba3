"""In chat: choosing a series, the tip that comes, stopping it in one press, and planning a week."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.tips import series as bot
from bot.turn import NOTHING
from domain.desk import Desk
from domain.errors import Forbidden
from domain.tip_series.series import WEEK
from tests.cards.reading import texts
from tests.cast import person
from tests.tips.conftest import MakeTurn
from tests.tips.test_bot import presses

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_series_is_chosen_comes_and_is_stopped_in_one_press(turn: MakeTurn, desk: Desk) -> None:
    listed = (await bot.claims(turn("tip van de week"))).card
    offered = [data["series"] for data in presses(listed)["tip_series.form"]]
    assert offered[0] == WEEK
    assert "delen" in offered
    form = (await bot.form(turn(series=WEEK))).card
    (chosen,) = presses(form)["tip_series.subscribe"]
    wrong = (await bot.subscribe(turn(**chosen, weekday="2", at="later"))).card
    assert turn().t("Choose a time, such as 09:00.") in texts(wrong)
    subscribed = (await bot.subscribe(turn(**chosen, weekday="2", at="10:30"))).card
    assert any("10:30" in text for text in texts(subscribed))
    shown = (await bot.this_week(turn())).card
    (stop,) = presses(shown)["tip_series.stop"]
    assert presses(shown)["tips.helped"][0]["question"] == ""
    stopped = (await bot.stop(turn(**stop))).card
    assert presses(stopped)["tip_series.subscribe"] == [{"series": WEEK, "weekday": "2", "at": "10:30"}]
    assert presses((await bot.show_list(turn())).card)["tip_series.form"][0] == {"series": WEEK}


async def test_in_a_channel_everybody_sees_the_tip_of_the_week_itself(turn: MakeTurn) -> None:
    elsewhere = turn("tip van de week")
    elsewhere.place = replace(elsewhere.place, personal=False)
    assert "tips.helped" in presses((await bot.claims(elsewhere)).card)
    assert await bot.claims(turn("wat is de tip van de week voor sharepoint")) == NOTHING


async def test_an_author_finds_a_tip_and_plans_it(turn: MakeTurn, desk: Desk) -> None:
    assert "tip_series.plan" not in presses((await bot.show_list(turn())).card)
    assert "tip_series.plan" in presses((await bot.show_list(turn(who="hanne"))).card)
    with pytest.raises(Forbidden):
        await bot.plan(turn())
    nothing = (await bot.plan(turn(who="hanne", text="hoe bak ik een taart"))).card
    assert "tip_series.plan_tip" not in presses(nothing)
    found = (await bot.plan(turn(who="hanne", text="document delen met iemand buiten de stad"))).card
    planned = (await bot.plan_tip(turn(who="hanne", **presses(found)["tip_series.plan_tip"][0]))).card
    (week,) = presses(planned)["tip_series.unplan"]
    async with desk.units.read() as unit:
        assert await bot.show_week(unit, desk, person("amina"), week["week"])
        assert await bot.show_week(unit, desk, person("amina"), "2020-W01") is None
    assert "tip_series.unplan" not in presses((await bot.unplan(turn(who="hanne", **week))).card)


async def test_a_series_that_is_over_says_so(turn: MakeTurn, desk: Desk) -> None:
    async with desk.units.read() as unit:
        over = await bot.show_done(unit, desk, person("amina"), "2026-11-24/delen")
        assert presses(over)["tip_series.form"] == [{"series": "delen"}]
        assert await bot.show_done(unit, desk, person("amina"), "2026-11-24/nothing") is None
        assert await bot.show_tip(unit, desk, person("amina"), "2026-11-24/nothing") is None
        assert await bot.show_tip(unit, desk, person("amina"), "2026-11-24/delen-stopzetten")
