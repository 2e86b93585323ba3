"""Nobody gets stuck: welcome, a person, and a choice in doubt."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.organisation.tips import load_tips
from bot import home
from bot.turn import Place, Reply, Turn
from cards.tips.answers import WARNINGS
from domain.desk import Desk
from domain.intents.models import Guess, Intent
from domain.intents.small_talk import SmallTalk, is_plainly_small_talk
from domain.tips.bringing import import_tips
from domain.tips.rules import Secret
from locales import translator
from tests.cards.reading import of_type, texts
from tests.cast import ORGANISATION, person

PLACE = Place("http://127.0.0.1/", "a:1", "msteams", None, "28:bot", "29:amina")
TICKETS = {"incident", "request", "change"}


def turn_of(desk: Desk, person_id: str = "amina", text: str = "", guess: Guess | None = None) -> Turn:
    who = person(person_id)
    return Turn(who.as_actor(), who, desk, translator("en"), "turn", PLACE, text=text, guess=guess)


def pressed(reply: Reply) -> list[tuple[str, dict[str, Any]]]:
    return [(press["verb"], press["data"]) for press in of_type(reply.card, "Action.Execute")]


async def test_the_welcome_names_the_person_and_offers_five_starts(desk: Desk) -> None:
    reply = await home.welcome(turn_of(desk))

    assert "Amina" in (reply.card or {})["speak"]
    assert [verb for verb, _data in pressed(reply)] == [
        "helpdesk.form",
        "catalogue.open",
        "sites.form",
        "home.ask",
        "items.list",
    ]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("merci!", SmallTalk.THANKS),
        ("bedankt, tot ziens", SmallTalk.THANKS),
        ("👍", SmallTalk.THANKS),
        ("hoe gaat het?", SmallTalk.HOW_ARE_YOU),
        ("how are you?", SmallTalk.HOW_ARE_YOU),
        ("ça va ?", SmallTalk.HOW_ARE_YOU),
        ("vertel eens een mop", SmallTalk.JOKE),
        ("tell me a joke", SmallTalk.JOKE),
        ("raconte-moi une blague", SmallTalk.JOKE),
        ("ben jij een robot?", SmallTalk.ROBOT),
        ("are you human", SmallTalk.ROBOT),
        ("tu es un robot ?", SmallTalk.ROBOT),
        ("tot morgen", SmallTalk.GOODBYE),
        ("have a nice day", SmallTalk.GOODBYE),
        ("bon week-end", SmallTalk.GOODBYE),
        ("domme bot", SmallTalk.UNKIND),
        ("tu es nul", SmallTalk.UNKIND),
        ("haha", SmallTalk.OTHER),
        ("ok", SmallTalk.OTHER),
    ],
)
async def test_small_talk_gets_one_line_that_fits_it_and_no_card(
    desk: Desk, typed: str, kind: SmallTalk
) -> None:
    reply = await home.chat(turn_of(desk, text=typed))
    assert reply.card is None
    assert reply.text == home.SMALL_TALK[kind]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("ben je een robot?", SmallTalk.ROBOT),
        ("alles goed met u?", SmallTalk.HOW_ARE_YOU),
        ("comment vas-tu ?", SmallTalk.HOW_ARE_YOU),
        ("fuck", SmallTalk.UNKIND),
        ("super traag", None),
        ("alles goed met u en met de printer boven?", None),
    ],
)
async def test_small_talk_that_is_plain_needs_no_choice(
    desk: Desk, typed: str, kind: SmallTalk | None
) -> None:
    guess = Guess(Intent.THANKS, sure=False, offered=(Intent.THANKS, Intent.HELP))
    reply = await home.unsure(turn_of(desk, text=typed, guess=guess))
    assert reply.text == (kind and home.SMALL_TALK[kind])
    first = Guess(Intent.INCIDENT, sure=False, offered=(Intent.INCIDENT, Intent.THANKS))
    assert (await home.unsure(turn_of(desk, text=typed, guess=first))).card is not None


async def test_in_doubt_the_person_chooses_among_what_was_guessed_first(desk: Desk) -> None:
    guess = Guess(Intent.QUESTION, sure=False, offered=(Intent.QUESTION, Intent.INCIDENT, Intent.SITE))
    reply = await home.unsure(turn_of(desk, text="document delen extern", guess=guess))

    chosen = [data["intent"] for verb, data in pressed(reply) if verb == "intent.choose"]
    assert chosen[:3] == ["question", "incident", "site"]
    assert len(chosen) == len(set(chosen))
    assert set(chosen) >= TICKETS | {"human"}


async def test_what_was_typed_stands_in_the_card_once_and_can_be_mended(desk: Desk) -> None:
    typed = "document delen " * 200
    guess = Guess(Intent.QUESTION, sure=False, offered=(Intent.QUESTION,))
    reply = await home.unsure(turn_of(desk, text=typed, guess=guess))

    (box,) = of_type(reply.card, "Input.Text")
    assert (box["id"], box["value"]) == ("text", typed)
    assert all("text" not in data for _verb, data in pressed(reply))


async def test_tips_that_may_answer_are_offered_beside_the_choice(desk: Desk) -> None:
    tips = load_tips(ORGANISATION)
    async with desk.units() as unit:
        await import_tips(unit, tips.tips, tips.synonyms)
    guess = Guess(Intent.INCIDENT, sure=False, offered=(Intent.INCIDENT,))
    reply = await home.unsure(turn_of(desk, text="document delen met iemand buiten de stad", guess=guess))

    assert [data["id"] for verb, data in pressed(reply) if verb == "tips.show"]


@pytest.mark.parametrize("text", ["asdf qwer", "?", "🐌" * 5000, "<b>**"])
async def test_nonsense_is_never_a_dead_end(text: str, desk: Desk) -> None:
    reply = await home.nonsense(turn_of(desk, text=text))

    chosen = {data["intent"] for verb, data in pressed(reply) if verb == "intent.choose"}
    assert chosen >= TICKETS | {"human"}


async def test_whoever_wants_a_person_gets_the_number_and_two_ways_on(desk: Desk) -> None:
    reply = await home.human(turn_of(desk))

    assert any(desk.organisation.helpdesk.phone in text for text in texts(reply.card))
    assert [verb for verb, _data in pressed(reply)] == ["helpdesk.form", "digicoaches.ask"]


def test_every_intent_that_can_be_offered_has_words() -> None:
    from cards.home import WORDS

    assert set(WORDS) == set(Intent) - {Intent.NONSENSE}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("jij bent echt dom", True),
        ("stomme bot!!", True),
        ("tu es nul", True),
        ("stomme printer", False),
        ("slechte wifi", False),
        ("super traag", False),
        ("mauvais mot de passe", False),
    ],
)
def test_what_is_called_names_may_be_something_broken(text: str, plain: bool) -> None:
    assert is_plainly_small_talk(text) is plain


async def test_in_doubt_a_tip_that_plainly_answers_is_quicker_than_a_choice(desk: Desk) -> None:
    tips = load_tips(ORGANISATION)
    async with desk.units() as unit:
        await import_tips(unit, tips.tips, tips.synonyms)
    known = next(tip for tip in tips.tips if tip.language == "nl")
    offered = (Intent.INCIDENT, Intent.QUESTION)

    in_doubt = turn_of(desk, text=known.alternates[0], guess=Guess(Intent.INCIDENT, False, offered))
    assert ("tips.helped", known.id) in [
        (verb, data.get("id")) for verb, data in pressed(await home.unsure(in_doubt))
    ]

    no_question = turn_of(desk, text=known.alternates[0], guess=Guess(Intent.INCIDENT, False, offered[:1]))
    assert "intent.choose" in [verb for verb, _data in pressed(await home.unsure(no_question))]


async def test_who_types_a_password_that_is_no_question_is_warned_too(desk: Desk) -> None:
    secret = turn_of(
        desk, text="wachtwoord: Zomer2026!", guess=Guess(Intent.INCIDENT, False, (Intent.INCIDENT,))
    )
    assert secret.t(WARNINGS[Secret.PASSWORD]) in texts((await home.unsure(secret)).card)
