"""In chat: what was missing, the authors, the list of questions without a tip, and the answer that comes later."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from sqlalchemy import select

from adapters.reports.files import report_file
from bot.authoring import authors as authoring
from bot.helpdesk import report as helpdesk_report
from bot.tips import clusters as tip_clusters
from bot.tips import feedback as tip_feedback
from bot.tips import questions as bot
from bot.tips import reports as tip_reports
from bot.turn import NOTHING
from domain.desk import Desk
from domain.errors import Forbidden, NotFound
from domain.tips import clusters
from domain.tips.bringing import import_tips
from domain.tips.clustering import sweep_answered, sweep_questions
from domain.tips.models import QuestionRow
from tests.cards.reading import of_type, texts
from tests.cast import person
from tests.conftest import Clock
from tests.tips.conftest import MakeTurn, city_tips
from tests.tips.test_bot import STORY, UNKNOWN, presses

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_what_was_missing_is_told_to_the_authors(turn: MakeTurn, desk: Desk, clock: Clock) -> None:
    clock.forward(minutes=1)
    (yes_no,) = presses((await bot.ask(turn(STORY))).card)["tips.not_helped"]
    sorry = (await bot.not_helped(turn(**yes_no))).card
    (told,) = presses(sorry)["tip_feedback.words"]
    again = await tip_feedback.words(turn(**told, words="  "))
    (box,) = of_type(again.card, "Input.Text")
    assert turn().t("Say in a few words what was missing, please.") in texts(again.card)
    kept = await tip_feedback.words(turn(**told, words="**vet** de knop heet anders"))
    assert "**vet** de knop heet anders" in texts(kept.card)
    assert presses(kept.card)["helpdesk.form"][0]["text"] == STORY
    await sweep_questions(desk)
    listed = (await tip_clusters.show_list(turn(who="hanne"))).card
    (row,) = presses(listed)["tip_clusters.open"]
    opened = (await tip_clusters.open_one(turn(who="hanne", **row))).card
    assert "“**vet** de knop heet anders”" in texts(opened)
    home = await authoring.home(turn(who="hanne"))
    assert {"id": told["id"]} in presses(home.card)["authoring.tip"]
    looked = (await authoring.open_tip(turn(who="hanne", id=told["id"]))).card
    assert any("“**vet** de knop heet anders”" in one for one in texts(looked))
    await authoring.confirm(turn(who="hanne", **presses(looked)["authoring.confirm"][0]))
    calm = await authoring.home(turn(who="hanne"))
    assert {"id": told["id"]} not in presses(calm.card).get("authoring.tip", [])
    assert box["id"] == "words"


async def test_a_question_put_before_the_authors_becomes_a_tip_its_asker_hears_of(
    turn: MakeTurn, desk: Desk, clock: Clock
) -> None:
    unknown = (await bot.ask(turn(UNKNOWN))).card
    (asking,) = presses(unknown)["tips.ask_authors"]
    assert UNKNOWN in texts((await tip_feedback.authors(turn(**asking))).card)
    with pytest.raises(NotFound):
        await tip_feedback.authors(turn(who="dirk", **asking))
    await sweep_questions(desk)
    assert await tip_clusters.claims(turn("vragen zonder tip")) == NOTHING
    listed = (await tip_clusters.claims(turn("Vragen zonder tip", "hanne"))).card
    (row,) = presses(listed)["tip_clusters.open"]
    drafted = await tip_clusters.draft(turn(who="hanne", **row))
    assert drafted.view == "tips.draft"
    opened = (await tip_clusters.open_one(turn(who="hanne", **row))).card
    assert presses(opened)["authoring.draft"] == [{"id": drafted.subject}]
    assert "tip_clusters.draft" not in presses(opened)
    clock.forward(minutes=1)
    async with desk.units() as unit:
        file = await clusters.open_cluster(unit, person("hanne").as_actor(), row["id"])
        assert file.cluster.tip_id is not None
        tip = next(tip for tip in city_tips().tips if tip.id == "document-delen-extern")
        await import_tips(unit, [*city_tips().tips, replace(tip, id=file.cluster.tip_id)])
    assert await sweep_answered(desk) == 1
    async with desk.units.read() as unit:
        answered = await tip_feedback.show_late_answer(unit, desk, person("amina"), row["id"])
        assert await tip_feedback.show_late_answer(unit, desk, person("dirk"), row["id"]) is None
    assert UNKNOWN in texts(answered)
    assert presses(answered)["tips.helped"] == [{"id": file.cluster.tip_id, "question": asking["question"]}]


async def test_what_needs_no_tip_can_come_back(turn: MakeTurn, desk: Desk) -> None:
    await bot.ask(turn(UNKNOWN))
    await sweep_questions(desk)
    (row,) = presses((await tip_clusters.show_list(turn(who="hanne"))).card)["tip_clusters.open"]
    empty = (await tip_clusters.dismiss(turn(who="hanne", **row))).card
    (other,) = presses(empty)["tip_clusters.list"]
    dismissed = (await tip_clusters.show_list(turn(who="hanne", **other))).card
    assert presses(dismissed)["tip_clusters.open"] == [row]
    back = (await tip_clusters.restore(turn(who="hanne", **row))).card
    assert presses(back)["tip_clusters.draft"] == [row]


async def test_the_list_is_for_authors_and_not_for_a_channel(turn: MakeTurn) -> None:
    with pytest.raises(Forbidden):
        await tip_clusters.show_list(turn())
    with pytest.raises(NotFound):
        await tip_clusters.open_one(turn(who="hanne", id="no-id"))
    elsewhere = turn("open vragen", "hanne")
    elsewhere.place = replace(elsewhere.place, personal=False)
    reply = await tip_clusters.claims(elsewhere)
    assert reply.card is None
    assert reply.text


async def test_the_report_is_for_authors_and_the_desk_with_its_file(turn: MakeTurn, desk: Desk) -> None:
    (rated,) = presses((await bot.ask(turn(STORY))).card)["tips.not_helped"]
    await bot.not_helped(turn(**rated))
    await bot.ask(turn(UNKNOWN))
    refused = await tip_reports.claims(turn("rapport tips"))
    assert refused.text
    assert refused.card is None
    assert await tip_reports.claims(turn("rapport tips printen lukt niet")) == NOTHING
    for who in ("hanne", "bram", "els"):
        card = (await tip_reports.claims(turn("Rapport tips deze week", who))).card
        said = "\n".join(texts(card))
        assert "Delen met anderen" in said
        assert "Digitale Transformatie" in said
    (link,) = [action["url"] for action in of_type(card, "Action.OpenUrl")]
    async with desk.units.read() as unit:
        subject = desk.links.open(link.rpartition("/")[2], unit.now).subject
    made = await report_file(desk, person("els"), subject)
    rows = list(csv.reader(made.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [row[1:6] for row in rows[1:]] == [
        ["Delen met anderen", "1", "1", "0", "1"],
        [turn().t("no tip found"), "1", "0", "0", "0"],
        ["Digitale Transformatie", "2", "1", "0", "1"],
    ]
    with pytest.raises(NotFound):
        await report_file(desk, person("amina"), subject)
    wrong = await tip_reports.show(turn(who="els", span="dates", first="x", last="y"))
    assert turn().t("Choose a day, please.") in texts(wrong.card)


async def test_who_goes_on_to_the_helpdesk_takes_question_and_tip_along(turn: MakeTurn, desk: Desk) -> None:
    (pressed,) = presses((await bot.ask(turn(STORY))).card)["helpdesk.form"]
    form = (await helpdesk_report.form(turn(**pressed))).card
    (box,) = [one for one in of_type(form, "Input.Text") if one["id"] == "text"]
    assert box["value"].startswith(STORY)
    assert "Hoe deel ik een document met iemand buiten de stad?" in box["value"].removeprefix(STORY)
    async with desk.units.read() as unit:
        assert (await unit.db.execute(select(QuestionRow.handed_to))).scalar_one() == "helpdesk"
    plain = (await helpdesk_report.form(turn(kind="incident"))).card
    assert not [one for one in of_type(plain, "Input.Text") if one.get("value")]
