"""Digicoaches in chat, with the whole product: what each sees, and what comes back when something is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.digicoaches import questions as digicoaches
from bot.digicoaches.services import show_short
from bot.digicoaches.work import show_thanks
from domain.approvals.absences import Absence, set_absence
from domain.digicoaches.models import CoachQuestionRow
from domain.digicoaches.timers import sweep_questions
from locales import translator
from tests.attachments.conftest import office
from tests.attachments.office import Office
from tests.cards.reading import of_type, texts
from tests.cast import person

__all__ = ["office"]

t = translator("nl")
QUESTION = "hoe stel ik de zonwering van de raadszaal in?"
TEXT = "kan iemand mij tonen hoe ik een werkbon invul?"


def said(card: Any) -> str:
    return "\n".join(texts(card))


def verbs(card: Any) -> list[str]:
    return [action["verb"] for action in of_type(card, "Action.Execute")]


async def asked(office: Office) -> tuple[Any, Any]:
    """Dirk asked, and Joris sees it: both cards."""
    await office.say("joris", "hallo")
    form = await office.say("dirk", TEXT)
    receipt = await office.press("dirk", "digicoaches.send", form, text=TEXT)
    await office.work()
    return receipt, office.cards("joris")[-1]


async def test_both_follow_what_happens_to_a_question(office: Office) -> None:
    receipt, question = await asked(office)
    assert t("{name} gets your question", name="Joris Lammens") in said(receipt)
    assert "digicoaches.accept" in verbs(question)
    mine = await office.say("dirk", "mijn meldingen")
    assert said(await office.press("dirk", "digicoaches.open", mine)) == said(receipt)
    question = await office.press("joris", "digicoaches.accept", question)
    await office.work()
    assert t("{name} takes your question", name="Joris Lammens") in said(office.cards("dirk")[-1])

    again = await office.press("joris", "digicoaches.answer", question, answer=" ")
    assert isinstance(again, str)  # nothing was sent
    await office.press("joris", "digicoaches.answer", question, answer="**Druk** op <b>plus</b>.")
    await office.work()
    answer = office.cards("dirk")[-1]
    assert "**Druk** op <b>plus</b>." in said(answer)  # literally
    await office.press("dirk", "digicoaches.ask_on", answer, words="Waar staat de plus?")
    await office.work()
    assert "Waar staat de plus?" in said(office.cards("joris")[-1])

    ticket = await office.press("joris", "digicoaches.ticket", office.cards("joris")[-1], kind="incident")
    assert "I-20" in said(ticket)
    await office.work()
    told = office.cards("dirk")[-1]
    assert t("The helpdesk has your question: {number}", number="") in said(told)
    opened = await office.press("dirk", "helpdesk.open", told)
    assert TEXT in said(opened)


async def test_who_passes_it_on_sees_that_and_the_next_one_has_it(office: Office) -> None:
    await office.say("chantal", "hallo")
    _, question = await asked(office)
    passed = await office.press("joris", "digicoaches.pass", question)
    await office.work()
    assert said(passed).startswith(t("This question went to another digicoach"))
    assert TEXT in said(office.cards("chantal")[-1])
    assert "digicoaches.accept" in verbs(office.cards("chantal")[-1])


async def test_who_presses_a_card_of_before_sees_how_it_stands_and_keeps_what_they_typed(
    office: Office,
) -> None:
    receipt, question = await asked(office)
    await office.press("joris", "digicoaches.pass", question)
    late = await office.press("joris", "digicoaches.answer", question, answer="Druk op de plus.")
    assert t("This question went to another digicoach") in said(late)
    assert "Druk op de plus." in said(late)
    await office.press("dirk", "digicoaches.withdraw", receipt)
    late = await office.press("dirk", "digicoaches.to_desk", receipt)
    assert t("This is not possible any more: the question has moved on.") in said(late)
    assert t("You do not need it any more") in said(late)


async def test_a_reminder_follows_too_and_whoever_is_away_gets_none(office: Office) -> None:
    await asked(office)
    units, desk = office.services.units, office.services.desk

    async def days_go_by() -> None:
        """Taken long ago, and time to be reminded; the helpdesk is far off."""
        async with units() as unit:
            long_ago, later = unit.now - timedelta(days=9), unit.now + timedelta(days=9)
            values = {"state": "accepted", "offered_at": long_ago, "next_at": unit.now, "due_at": later}
            await unit.db.execute(update(CoachQuestionRow).values(values))
        await sweep_questions(desk)
        await office.work()

    await days_go_by()
    first, reminder = office.cards("joris")[-2:]
    assert said(reminder) == said(first)
    assert t("{name} still waits for your answer", name="Dirk Peeters") in said(reminder)
    await office.press("joris", "digicoaches.pass", reminder)
    await office.work()
    for card in office.cards("joris")[-2:]:
        assert t("This question went to another digicoach") in said(card)

    assert await _coaches(office) == ["chantal"]
    async with units() as unit:
        today = desk.organisation.day(unit.now)
        await set_absence(unit, desk, person("chantal").as_actor(), Absence("chantal", "zeno", today, today))
    await days_go_by()
    assert await _coaches(office) != ["chantal"]


async def test_a_press_of_who_it_is_not_for_is_refused(office: Office) -> None:
    _, question = await asked(office)
    for verb in ("accept", "pass", "answer", "ticket", "note", "propose", "helped", "withdraw", "open"):
        answer = await office.chat_of("amina").press(
            f"digicoaches.{verb}", None, id=_id(question), answer="x", minutes=5, outcome="helped"
        )
        assert answer.body is not None
        assert answer.body["value"] == translator("nl")("There is no such question.")


async def test_an_empty_question_comes_back_with_what_is_wrong_at_its_place(office: Office) -> None:
    form = await office.say("dirk", TEXT)
    again = await office.press("dirk", "digicoaches.send", form, text=" ")
    assert t("Write something here, please.") in said(again)


async def test_who_types_no_more_than_digicoach_means_what_they_asked_a_moment_ago(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def box(card: Any) -> str:
        return str(next(one for one in of_type(card, "Input.Text") if one["id"] == "text").get("value", ""))

    assert box(await office.say("dirk", "digicoach")) == ""
    await office.say("dirk", QUESTION)
    form = await office.say("dirk", "Wie is mijn digicoach?")
    assert box(form) == QUESTION
    await office.press("dirk", "digicoaches.send", form, text=QUESTION)
    monkeypatch.setattr(digicoaches, "A_MOMENT", timedelta())
    assert box(await office.say("dirk", "digicoach")) == ""


async def test_a_press_on_a_card_of_before_still_asks(office: Office) -> None:
    answer = await office.chat_of("dirk").press("home.digicoach", None, text=TEXT)
    assert answer.body is not None
    assert "digicoaches.send" in verbs(answer.body["value"])


@pytest.mark.parametrize("sent", [{"minutes": "5", "outcome": "helped"}, {"minutes": 5, "outcome": "x"}, {}])
async def test_what_no_card_sends_registers_nothing(office: Office, sent: dict[str, Any]) -> None:
    answer = await office.chat_of("joris").press("digicoaches.note_floor", None, **sent)
    assert answer.body is not None
    assert answer.body["value"] == t("Choose how long it took.")


async def test_help_on_the_floor_is_one_press_however_often_it_is_pressed(office: Office) -> None:
    floor = await office.say("joris", "hulp noteren")
    for _ in range(2):
        noted = await office.press("joris", "digicoaches.note_floor", floor)
        assert t.plural("That makes {n} this week.", "That makes {n} this week.", 1) in said(noted)
    work = await office.say("joris", "ik ben digicoach")
    assert t.plural("helped once", "helped {n} times", 1) in said(work)


async def test_a_digicoach_says_how_they_work(office: Office) -> None:
    work = await office.say("chantal", "mes questions de digicoach")
    form = await office.press("chantal", "digicoaches.profile", work)
    typed = {
        "languages": "fr",
        "places": "Depot Zuid",
        "days": "0,2",
        "start": "09:00",
        "until": "08:00",
        "per_week": 4,
    }
    again = await office.press("chantal", "digicoaches.save", form, **typed)
    assert translator("fr")("The end has to be later than the start.") in said(again)
    kept = await office.press("chantal", "digicoaches.save", again, **{**typed, "until": "12:00"})
    assert "Depot Zuid" in said(kept)
    assert "09:00-12:00" in said(kept)


async def test_a_contact_person_looks_after_the_digicoaches_of_a_service(office: Office) -> None:
    service = await office.say("an", "mijn digicoaches")
    assert "Depot Zuid" in said(service)
    wrong = await office.press("an", "digicoaches.add", service, colleague="niemand zo")
    assert "niemand zo" in said(wrong)
    more = await office.press("an", "digicoaches.add", wrong, colleague="Danny Roels")
    assert "Danny Roels" in said(more)
    assert said(await office.press("an", "digicoaches.remove", more)).count("Danny Roels") <= 1


async def test_who_looks_after_all_sees_every_service_and_others_ask_a_question(office: Office) -> None:
    overview = await office.say("els", "digicoaches")
    assert "Bibliotheek" in said(overview)
    rest = await office.press("els", "digicoaches.overview", overview)
    assert "Wegen en Groen" in said(rest)
    opened = await office.press("els", "digicoaches.service", rest)
    assert "digicoaches.add" in verbs(opened)
    assert "digicoaches.send" in verbs(await office.say("dirk", "digicoaches"))


async def test_digicoaches_hear_of_a_new_system_and_stop_hearing_with_one_press(office: Office) -> None:
    await office.say("joris", "hallo")
    form = await office.say("els", "nieuw systeem aankondigen")
    typed = {"name": "Nieuwe prikklok", "text": "Met je badge.", "starts_on": "2030-01-07"}
    wrong = await office.press("els", "digicoaches.tell", form, **{**typed, "link": "http://x"})
    assert t("This is no web address. It begins with https://.") in said(wrong)
    await office.press("els", "digicoaches.tell", wrong, **typed)
    await office.work()
    news = office.cards("joris")[-1]
    assert "Nieuwe prikklok" in said(news)
    stopped = await office.press("joris", "digicoaches.subscribe", news)
    assert t("You are not told of new systems.") in said(stopped)


async def test_a_digicoach_who_says_when_they_are_away_reads_that_questions_stop_meanwhile(
    office: Office,
) -> None:
    line = t("As a digicoach you get no questions either meanwhile.")
    assert line in said(await office.say("joris", "ik ben afwezig"))
    assert line not in said(await office.say("amina", "ik ben afwezig"))


async def test_thanks_and_a_shortage_are_shown_to_whom_they_are_for(office: Office) -> None:
    floor = await office.say("joris", "hulp noteren")
    await office.press("joris", "digicoaches.note_floor", floor)
    desk = office.services.desk
    year = str((datetime.now(UTC) + timedelta(days=22)).year)  # the thanks are on 10 December
    async with office.services.units.read() as unit:
        thanks = await show_thanks(unit, desk, person("joris"), year)
        nothing = await show_thanks(unit, desk, person("zeno"), year)
        short = await show_short(unit, desk, person("an"), "wegen:2026-12")
        enough = await show_short(unit, desk, person("freya"), "bibliotheek:2026-12")
        not_theirs = await show_short(unit, desk, person("dirk"), "wegen:2026-12")
    assert t("Thank you, {name}!", name="Joris") in said(thanks)
    assert t("No digicoach comes to: {places}.", places="Depot Zuid, Begraafplaats") in said(short)
    assert (nothing, enough, not_theirs) == (None, None, None)


async def _coaches(office: Office) -> list[str]:
    """Who has the questions."""
    async with office.services.units.read() as unit:
        return list((await unit.db.execute(select(CoachQuestionRow.coach_id))).scalars())


def _id(card: Any) -> str:
    found = next(one for one in of_type(card, "Action.Execute") if one["verb"] == "digicoaches.accept")
    return str(found["data"]["id"])
