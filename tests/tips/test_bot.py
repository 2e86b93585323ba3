"""Asking in chat: what the person gets, what it leads to, and what is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Row, select

from adapters.database.engine import DatabaseUnits
from adapters.organisation.tips import Tips
from adapters.search.embedded import EmbeddedSearch
from bot import catalogue
from bot.tips import questions as bot
from bot.turn import Card
from cards.kit import SIZE_LIMIT, size_of
from domain.desk import Desk
from domain.errors import NotFound
from domain.tables import new_id
from domain.tips.bringing import import_tips
from domain.tips.models import QuestionRow, RatingRow
from domain.tips.reading import get_tip
from domain.tips.rules import HIDDEN, LONGEST_QUESTION
from domain.tips.tip import Audience, Tip, Zone
from tests.cards.reading import of_type, texts
from tests.cast import demo_city, person
from tests.tips.conftest import MakeTurn

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STORY = "hoe deel ik een document met iemand buiten de stad?"
UNSURE = "een document delen"
UNKNOWN = "hoe bak ik een taart"


def presses(card: Card | None) -> dict[str, list[Mapping[str, Any]]]:
    """The data of a card's buttons, by verb."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for action in of_type(card, "Action.Execute"):
        found.setdefault(action["verb"], []).append(action["data"])
    return found


async def asked(desk: Desk) -> list[Row[Any]]:
    await desk.questions.drain()
    async with desk.units.read() as unit:
        return list(await unit.db.execute(select(QuestionRow).order_by(QuestionRow.id)))


async def ratings(desk: Desk) -> list[tuple[str, bool, str | None]]:
    async with desk.units.read() as unit:
        found = await unit.db.execute(select(RatingRow.tip_id, RatingRow.helped, RatingRow.question_id))
        return [(row.tip_id, row.helped, row.question_id) for row in found]


async def test_a_question_is_answered_with_a_tip_and_its_ways_on(turn: MakeTurn, desk: Desk) -> None:
    reply = await bot.ask(turn(STORY))
    card = reply.card
    assert card is not None
    assert card["speak"] == "Hoe deel ik een document met iemand buiten de stad?"
    buttons = presses(card)
    (row,) = await asked(desk)
    assert buttons["tips.helped"] == [{"id": "document-delen-extern", "question": row.id}]
    assert buttons["tips.not_helped"] == [{"id": "document-delen-extern", "question": row.id}]
    assert buttons["helpdesk.form"][0]["text"] == STORY
    assert [data["id"] for data in buttons["tips.show"]] == [
        "koppeling-kiezen",
        "delen-stopzetten",
        "soort-site-kiezen",
    ]
    assert (row.text, row.zone, row.tip_id, row.person_id) == (
        STORY,
        Zone.ANSWER,
        "document-delen-extern",
        "amina",
    )


async def test_an_answer_that_is_known_costs_no_transaction(
    turn: MakeTurn, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bot.ask(turn(STORY))

    def refuse(*_: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(type(desk.units), "__call__", refuse)
    monkeypatch.setattr(type(desk.units), "read", refuse)
    assert (await bot.ask(turn(STORY))).card is not None
    monkeypatch.undo()
    assert len(await asked(desk)) == 2


async def test_a_close_call_is_a_choice_and_the_choice_is_remembered(turn: MakeTurn, desk: Desk) -> None:
    offered = presses((await bot.ask(turn(UNSURE))).card)
    assert 1 <= len(offered["tips.show"]) <= 3
    (row,) = await asked(desk)
    assert (row.zone, row.tip_id) == (Zone.CHOOSE, None)
    assert [data["id"] for data in offered["tips.show"]] == row.shown
    reply = await bot.show(turn(**offered["tips.show"][0]))
    assert presses(reply.card)["tips.helped"] == [offered["tips.show"][0]]
    assert presses(reply.card)["helpdesk.form"][0]["text"] == UNSURE
    assert (await asked(desk))[0].tip_id == row.shown[0]


async def test_none_of_these_hands_over_with_the_question(turn: MakeTurn, desk: Desk) -> None:
    offered = presses((await bot.ask(turn(UNSURE))).card)
    reply = await bot.none_fits(turn(**offered["tips.none"][0]))
    assert presses(reply.card)["helpdesk.form"][0]["text"] == UNSURE
    (row,) = await asked(desk)
    assert (row.none_fitted, row.tip_id) == (True, None)


async def test_what_is_not_known_is_said_and_written_at_once(turn: MakeTurn, desk: Desk) -> None:
    reply = await bot.ask(turn(UNKNOWN))
    assert "tips.show" not in presses(reply.card)
    assert presses(reply.card)["helpdesk.form"][0]["text"] == UNKNOWN
    assert demo_city().helpdesk.phone in " ".join(texts(reply.card))
    async with desk.units.read() as unit:  # without a drain
        (row,) = await unit.db.execute(select(QuestionRow))
    assert (row.zone, row.text, row.shown) == (Zone.UNKNOWN, UNKNOWN, [])


async def test_a_digicoach_is_one_press_away_with_the_question(turn: MakeTurn, desk: Desk) -> None:
    reply = await bot.ask(turn(UNKNOWN))
    async with desk.units.read() as unit:
        (row,) = await unit.db.execute(select(QuestionRow))
    assert presses(reply.card)["digicoaches.ask"] == [{"question": row.id, "text": UNKNOWN}]


async def test_helped_is_counted_once_and_the_card_says_thanks(turn: MakeTurn, desk: Desk) -> None:
    data = presses((await bot.ask(turn(STORY))).card)["tips.helped"][0]
    first = await bot.helped(turn(key="one press", **data))
    again = await bot.helped(turn(key="one press", **data))
    assert first.card == again.card
    assert "tips.helped" not in presses(first.card)
    assert presses(first.card)["helpdesk.form"][0]["text"] == STORY
    assert await ratings(desk) == [("document-delen-extern", True, data["question"])]


async def test_not_helped_shows_the_ways_on_with_the_question(turn: MakeTurn, desk: Desk) -> None:
    data = presses((await bot.ask(turn(STORY))).card)["tips.not_helped"][0]
    reply = await bot.not_helped(turn(**data))
    buttons = presses(reply.card)
    assert buttons["helpdesk.form"][0]["text"] == STORY
    assert buttons["tips.show"] == [data]
    assert presses(reply.card)["digicoaches.ask"]
    assert await ratings(desk) == [("document-delen-extern", False, data["question"])]


async def test_somebody_elses_question_is_not_shown(turn: MakeTurn, desk: Desk) -> None:
    data = presses((await bot.ask(turn(STORY))).card)["tips.helped"][0]
    reply = await bot.not_helped(turn(who="dirk", **data))
    assert STORY not in texts(reply.card)
    assert presses(reply.card)["helpdesk.form"][0]["text"] != STORY


async def test_a_related_tip_keeps_the_question_and_the_answer_it_got(turn: MakeTurn, desk: Desk) -> None:
    related = presses((await bot.ask(turn(STORY))).card)["tips.show"][0]
    reply = await bot.show(turn(**related))
    assert presses(reply.card)["helpdesk.form"][0]["text"] == STORY
    assert [row.tip_id for row in await asked(desk)] == ["document-delen-extern"]


async def test_what_looks_like_a_request_and_has_a_tip_gets_both(turn: MakeTurn) -> None:
    card = (await catalogue.open_catalogue(turn("wachtwoord wijzigen"))).card
    assert presses(card)["tips.show"] == [{"id": "wachtwoord-wijzigen"}]
    assert "catalogue.category" in presses(card)
    assert "tips.show" not in presses((await catalogue.open_catalogue(turn("een nieuwe bureaustoel"))).card)
    french = await catalogue.open_catalogue(turn("changer mon mot de passe", who="maxime"))
    assert "tips.show" not in presses(french.card)  # the catalogue speaks the city's language


async def test_a_tip_from_another_card_takes_the_typed_text_along(turn: MakeTurn, desk: Desk) -> None:
    reply = await bot.show(turn(id="postvak-vol", text="alles zit vol"))
    assert presses(reply.card)["helpdesk.form"][0]["text"] == "alles zit vol"
    (row,) = await asked(desk)
    assert (row.text, row.tip_id, row.zone) == ("alles zit vol", "postvak-vol", Zone.CHOOSE)
    bare = await bot.show(turn(id="postvak-vol"))
    assert presses(bare.card)["helpdesk.form"][0]["text"] == "Mijn postvak is vol. Hoe maak ik het leeg?"
    assert len(await asked(desk)) == 1


@pytest.mark.parametrize("tip_id", ["", "kaketoe", "x" * 5000, "'; drop table tips; --"])
async def test_an_unknown_tip_is_not_found(turn: MakeTurn, tip_id: str) -> None:
    for handler in (bot.show, bot.helped):
        with pytest.raises(NotFound):
            await handler(turn(id=tip_id, question=new_id()))


@pytest.mark.parametrize(
    "question_id", ["", "kaketoe", "1", "01a20438-319b-7674-aeb7-6c17494cf4f4", ["a"], {"a": 1}, None]
)
async def test_a_question_that_is_not_there_hands_over_the_tips_title(
    turn: MakeTurn, question_id: object
) -> None:
    reply = await bot.not_helped(turn(id="postvak-vol", question=question_id))
    assert presses(reply.card)["helpdesk.form"][0]["text"] == "Mijn postvak is vol. Hoe maak ik het leeg?"
    assert (await bot.none_fits(turn(question=question_id))).card is not None


async def test_a_password_and_a_national_number_are_nowhere(turn: MakeTurn, desk: Desk) -> None:
    secret, number = "Zomer2026!", "85.07.30-033.28"
    typed = f"mijn wachtwoord is {secret} en mijn nummer is {number}, hoe deel ik een document?"
    card = (await bot.ask(turn(typed))).card
    assert secret not in str(card)
    assert number not in str(card)
    assert HIDDEN in str(card)
    assert [group.get("style") for group in of_type(card, "Container")].count("warning") == 2
    (row,) = await asked(desk)
    assert secret not in row.text
    assert number not in row.text


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "😀🎉👩‍👩‍👧‍👦",
        "как поделиться документом",
        "مرحبا كيف أشارك مستندا",
        "\u202eomgedraaid \x00\x07",
        "<script>alert(1)</script><b>vet</b>",
        "**vet** [klik](https://kwaad.example) | a | {{DATE(2026-01-01)}}",
        "x" * 10_000,
        "hoe deel ik een document " * 400,
        "👩‍👩‍👧‍👦🏴‍☠️" * 1_000,
    ],
)
async def test_whatever_is_typed_gets_a_card_that_fits_and_shows_it_literally(
    turn: MakeTurn, desk: Desk, typed: str
) -> None:
    card = (await bot.ask(turn(typed))).card
    assert card is not None
    assert size_of(card) < SIZE_LIMIT
    assert "helpdesk.form" in presses(card) or "tips.none" in presses(card)
    assert not [block["text"] for block in of_type(card, "TextBlock") if "kwaad" in block["text"]]
    (row,) = await asked(desk)
    assert len(row.text) <= LONGEST_QUESTION


async def test_a_card_speaks_one_language_that_of_the_reader_when_the_tip_does(turn: MakeTurn) -> None:
    french = next(p for p in demo_city().people if p.language == "fr")
    asked = "how do I change my password?"
    cards = [(await bot.ask(turn(asked))).card, (await bot.ask(turn(asked, who=french.id))).card]
    assert [card and card["lang"] for card in cards] == ["nl", "fr"]
    assert [card and card["speak"] for card in cards] == [
        "Hoe wijzig ik mijn wachtwoord?",
        "Comment changer mon mot de passe\N{NO-BREAK SPACE}?",
    ]
    unknown = await bot.ask(turn(UNKNOWN, who=french.id))
    assert unknown.card is not None
    assert unknown.card["lang"] == "fr"


async def test_the_closest_tips_are_few_and_none_when_nothing_comes_near(turn: MakeTurn, desk: Desk) -> None:
    amina = person("amina")
    near = await bot.closest(desk, amina, "onedrive doet raar, synchroniseren lukt niet")
    assert "onedrive-blijft-hangen" in [tip.id for tip in near]
    assert len(near) <= 3
    assert all(tip.title for tip in near)
    assert await bot.closest(desk, amina, "asdf") == ()
    assert await bot.closest(desk, amina, "") == ()


async def test_another_teams_tip_is_not_found_and_does_not_open(
    turn: MakeTurn, desk: Desk, tips: Tips
) -> None:
    amina, other = (
        person("amina"),
        next(p for p in demo_city().people if p.team_id != person("amina").team_id),
    )
    tip = next(tip for tip in tips.tips if tip.id == "draaitabel-maken")
    ours = replace(tip, id="kaketoe", title="Hoe voeder ik de kaketoe?", alternates=("kaketoe voederen",))
    ours = replace(ours, audience=Audience.TEAM, team_id=amina.team_id)
    async with desk.units() as unit:
        await import_tips(unit, [*tips.tips, ours], tips.synonyms)
    await desk.tips.refresh()
    mine, theirs = (
        await bot.ask(turn("kaketoe voederen")),
        await bot.ask(turn("kaketoe voederen", who=other.id)),
    )
    assert mine.card is not None
    assert mine.card["speak"] == ours.title
    assert ours.title not in str(theirs.card)
    with pytest.raises(NotFound):
        await bot.show(turn(id="kaketoe", who=other.id))


async def test_what_an_answer_service_says_stands_above_its_tip_literally(
    turn: MakeTurn, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def says(search: EmbeddedSearch, question: str, tip: Tip) -> str:
        return f"**{tip.title}** [klik](https://kwaad.example)"

    monkeypatch.setattr(EmbeddedSearch, "answer", says)
    card = (await bot.ask(turn(STORY))).card
    assert card is not None
    assert "kwaad.example" in str(card)
    assert not [block["text"] for block in of_type(card, "TextBlock") if "kwaad" in block["text"]]
    assert "Geschreven door AI" in str(card)
    assert "Bron" in str(card)


async def test_what_stands_on_another_card_is_in_the_language_of_its_reader(
    stocked: DatabaseUnits, desk: Desk
) -> None:
    asked = {"sarah": "my printer does not print anymore", "amina": "mijn printer print niet meer"}
    for who, text in asked.items():
        reader = person(who)
        offered = await bot.closest(desk, reader, text)
        assert offered
        for one in offered:
            async with desk.units.read() as unit:
                assert (await get_tip(unit, one.id)).tip.language == reader.language
