"""What the desk understands with the shipped examples. The sentences here stand in no example."""

from __future__ import annotations

import pytest

from adapters.intents.embedded import MOST_OFFERED, EmbeddedIntents
from adapters.intents.features import features
from bench.intent import MESSAGES, Measured, chosen, read_messages, share
from domain.intents.models import Intent
from domain.intents.rules import LONGEST
from tests.intents.doubts import DOUBTS


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hallo", Intent.HELP),
        ("mijn laptop start niet meer op en ik kan niet verder", Intent.INCIDENT),
        ("hoe deel ik een document met iemand buiten de stad?", Intent.QUESTION),
        ("ik wil een nieuwe projectsite voor Vlasmarkt", Intent.SITE),
        ("mijn meldingen", Intent.MY_ITEMS),
        ("goedkeuringen", Intent.APPROVALS),
    ],
)
def test_the_story_of_the_start_page_needs_no_second_question(
    intents: EmbeddedIntents, text: str, intent: Intent
) -> None:
    guess = intents.guess(text, "nl")
    assert guess.first is intent
    assert guess.sure


@pytest.mark.parametrize(("text", "intent"), [(text, intent) for intent, texts in DOUBTS for text in texts])
def test_in_doubt_the_desk_follows_its_rules(intents: EmbeddedIntents, text: str, intent: Intent) -> None:
    assert intents.guess(text).first is intent


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\n\t",
        "?",
        "🤷",
        "🙈🙉🙊",
        "مرحبا كيف حالك",
        "请帮我",
        "\u202e\u200b",
        "𝓱𝓮𝓵𝓹",
        "\x00",
        "xkcd qqq",
    ],
)
def test_what_cannot_be_read_is_never_acted_upon_as_a_ticket(intents: EmbeddedIntents, text: str) -> None:
    guess = intents.guess(text)
    assert guess.offered
    assert guess.first in {Intent.NONSENSE, Intent.HELP, Intent.THANKS} or not guess.sure


def test_a_guess_offers_different_intents_the_first_one_first(intents: EmbeddedIntents) -> None:
    for text in ("", "printer", "ik wil iets", "site mag ik"):
        guess = intents.guess(text)
        assert guess.offered[0] is guess.first
        assert len(set(guess.offered)) == len(guess.offered) <= MOST_OFFERED


def test_the_person_may_type_another_language_than_their_own(intents: EmbeddedIntents) -> None:
    for language in ("nl", "en", "fr", "de", "", None):
        assert intents.guess("my laptop does not start any more", language).first is Intent.INCIDENT


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "ab " * 3_333,
        "de printer is stuk, " * 500,
        "é" * 10_000,
        "🙈" * 10_000,
        "@" * 10_000,
        "n't " * 2_500,
    ],
)
def test_a_message_of_any_length_costs_no_more_than_the_part_that_is_read(
    intents: EmbeddedIntents, text: str
) -> None:
    found = features(text, intents.wording)
    longer = features(text * 10, intents.wording)
    for read in (found, longer):
        assert len(read.words) <= 4 * LONGEST
        assert len(read.spelled) <= 4 * LONGEST
        assert len(read.signs) <= 400
    assert intents.guess(text).offered


def test_a_long_story_is_understood_by_its_ends(intents: EmbeddedIntents) -> None:
    story = "Ik werk al jaren aan het loket en het is hier altijd druk. " * 200
    guess = intents.guess(f"Mijn scanner is stuk en niemand kan nog scannen. {story}")
    assert Intent.INCIDENT in guess.offered


@pytest.fixture(scope="module")
def apart(intents: EmbeddedIntents) -> list[Measured]:
    """The odd lines of `bench/data/intent.jsonl`: by a writer who saw no example, and not read by who wrote those."""
    messages = chosen(read_messages(MESSAGES), "odd")
    return [Measured(each, intents.guess(each.text, each.language)) for each in messages]


def test_three_in_four_dutch_messages_of_another_writer_are_understood_at_once(apart: list[Measured]) -> None:
    dutch = share([each for each in apart if each.message.language == "nl"])
    assert dutch["n"] >= 150
    assert dutch["first"] >= 0.75
    assert dutch["offered"] >= 0.95


def test_english_and_french_come_near(apart: list[Measured]) -> None:
    others = share([each for each in apart if each.message.language != "nl"])
    assert others["first"] >= 0.65
    assert others["offered"] >= 0.92


def test_acting_at_once_is_right_nine_times_in_ten(apart: list[Measured]) -> None:
    everything = share(apart)
    assert everything["sure_right"] >= 0.9
    assert everything["sure"] >= 0.4  # and not by asking back each time
