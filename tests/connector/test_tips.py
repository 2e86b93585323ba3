"""Tips for flows: asked, searched, suggested, listed and rated."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from domain.tips.bringing import import_tips
from domain.tips.models import QuestionRow, RatingRow
from domain.tips.tip import Audience, Tip
from tests.cast import person
from tests.connector.conftest import Call
from tests.tips.conftest import city_tips

AMINA = "amina.elidrissi@vlaskerke.example"


@pytest.fixture
async def some(units: DatabaseUnits) -> list[Tip]:
    """A few of the city's tips."""
    dutch = [tip for tip in city_tips().tips if tip.language == "nl"][:8]
    async with units() as unit:
        await import_tips(unit, dutch)
    return sorted(dutch, key=lambda tip: tip.id)


async def test_a_question_is_answered_kept_once_and_rated(
    call: Call, some: list[Tip], units: DatabaseUnits
) -> None:
    asked = {"question": some[0].title, "onBehalfOf": AMINA}
    answer = await call("AskTips", asked, Idempotency_Key="q")
    assert (answer.body["answered"], answer.body["tips"][0]["id"]) == (True, some[0].id)
    assert answer.body["answer"] == answer.body["tips"][0]["text"]
    assert (await call("AskTips", asked, Idempotency_Key="q")).body == answer.body
    rating = {"helped": True, "questionId": answer.body["questionId"], "onBehalfOf": AMINA}
    for _ in range(2):
        assert (await call("RateTip", rating, some[0].id, Idempotency_Key="r")).body["id"] == some[0].id
    async with units.read() as unit:
        questions = (await unit.db.execute(select(QuestionRow.person_id, QuestionRow.helped))).all()
        ratings = (await unit.db.execute(select(RatingRow.person_id, RatingRow.helped))).all()
    assert [tuple(row) for row in questions] == [tuple(row) for row in ratings] == [("amina", True)]


async def test_what_nobody_can_answer_is_kept_as_such(call: Call, some: list[Tip]) -> None:
    answer = await call("AskTips", {"question": "xyzzy plugh frobnicate", "language": "nl"})
    assert answer.body.items() >= {"answered": False, "zone": "unknown", "tips": []}.items()
    assert (await call("SuggestTips", params={"text": "xyzzy plugh"})).body == {"value": []}


async def test_tips_are_searched_suggested_and_listed(call: Call, some: list[Tip]) -> None:
    found = (await call("SearchTips", params={"text": some[1].title, "language": "nl", "$top": "3"})).body
    assert found["value"][0]["id"] == some[1].id
    assert 0 < found["value"][0]["confidence"] <= 1
    near = (await call("SuggestTips", params={"text": some[1].title})).body["value"]
    assert some[1].id in [one["id"] for one in near]
    first = (await call("ListTips", params={"$top": "5"})).body
    token = first["nextLink"].partition("skiptoken=")[2]
    rest = (await call("ListTips", params={"$skiptoken": token})).body
    assert [one["id"] for one in first["value"] + rest["value"]] == [tip.id for tip in some]
    theme = (await call("ListThemes")).body["value"][0]["id"]
    assert (await call("ListTips", params={"theme": theme})).body["value"]
    assert (await call("GetTip", None, some[2].id)).body["title"] == some[2].title


async def test_what_is_not_there_is_not_rated_and_not_shown(call: Call, some: list[Tip]) -> None:
    assert (await call("GetTip", None, "geen-tip")).status == 404
    assert (await call("RateTip", {"helped": True}, "geen-tip")).status == 404
    wrong = await call("RateTip", {"helped": True, "questionId": "x"}, some[0].id)
    assert wrong.problem == (400, "invalid", "questionId")
    assert (await call("AskTips", {"question": " "})).problem == (400, "invalid", "question")


async def test_a_teams_tip_is_found_on_behalf_of_its_people_alone(call: Call, units: DatabaseUnits) -> None:
    amina, other = person("amina"), person("dirk")
    theirs = replace(city_tips().tips[0], audience=Audience.TEAM, team_id=amina.team_id)
    async with units() as unit:
        await import_tips(unit, [theirs])

    async def asked(email: str | None) -> list[str]:
        answer = await call("AskTips", {"question": theirs.title, "language": "nl", "onBehalfOf": email})
        return [tip["id"] for tip in answer.body["tips"]]

    assert await asked(amina.email) == [theirs.id]
    assert await asked(other.email) == []
    words = {"text": theirs.title, "language": "nl"}
    for operation, params in (("SearchTips", words), ("SuggestTips", words), ("ListTips", {})):
        assert (await call(operation, params=params)).body["value"] == []
    assert (await call("GetTip", None, theirs.id)).status == 404
    assert (await call("RateTip", {"helped": True}, theirs.id)).status == 404
