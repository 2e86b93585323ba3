"""The parts of a card: plain data, literal text, and inputs that say what they are for."""

from __future__ import annotations

import json

import pytest

from cards import kit
from cards.literal import FIRST_STRONG_ISOLATE, POP_ISOLATE, literal, shorten
from locales import translator
from tests.cards.reading import of_type, parts

PLAIN = (dict, list, str, int, float, bool, type(None))


def full_card() -> kit.Card:
    t = translator("en")
    return kit.card(
        kit.heading("Ticket"),
        kit.text("Sentence", id="sentence", subtle=True),
        kit.user_text(t, "typed"),
        kit.markdown("**bold**"),
        kit.facts(t, [("State", "new"), ("Priority", "high")]),
        kit.group(kit.text("inside"), tone="good", separator=True),
        kit.row([kit.text("wide")], [kit.buttons(kit.press("Open", "helpdesk.open", {"id": "1"}))]),
        kit.pressable("Choose", "intent.choose", {"intent": "help"}, detail="More"),
        kit.text_input("why", "Why?", required=True, error="Say why.", problem="Too short."),
        kit.choice_input("who", "Who?", [("a", "Anna"), ("b", "Bert")], value="a,b", multiple=True),
        actions=[
            kit.press("Send", "helpdesk.submit", style="positive"),
            kit.press("Cancel", "home.welcome", inputs=False),
            kit.open_url("Look", "https://vlaskerke.example/"),
            kit.unfold(
                "Approve", kit.text_input("note", "Note"), actions=[kit.press("Yes", "approvals.approve")]
            ),
        ],
        language="en",
    )


def test_a_card_is_plain_data_to_the_last_leaf() -> None:
    def check(node: object) -> None:
        assert type(node) in PLAIN, f"{node!r} is a {type(node).__name__}"
        for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            check(inner)

    card = full_card()

    check(card)
    assert json.loads(json.dumps(card)) == card


def test_a_question_is_followed_by_its_answer_without_a_colon() -> None:
    for language, said in (
        ("en", "State: new\nWith others? yes"),
        ("fr", "State\xa0: new\nWith others? yes"),
    ):
        shown = kit.facts(translator(language), [("State", "new"), ("With others?", "yes")])
        body = kit.card(shown)["body"]

        assert "".join(run["text"] for run in body[0]["inlines"]) == said


def test_a_card_says_its_version_language_and_what_is_read_aloud() -> None:
    card = full_card()

    assert card["$schema"].endswith("adaptive-card.json")
    assert (card["type"], card["version"], card["lang"]) == ("AdaptiveCard", "1.5", "en")
    assert card["speak"] == card["fallbackText"] == "Ticket"


def test_nothing_is_said_that_has_no_value() -> None:
    assert all(value is not None for part in parts(full_card()) for value in part.values())


def test_only_buttons_that_leave_a_form_skip_its_inputs() -> None:
    inputs = {
        action["title"]: action.get("associatedInputs") for action in of_type(full_card(), "Action.Execute")
    }

    assert inputs["Send"] is None
    assert inputs["Cancel"] == "none"


def test_an_input_without_a_label_is_refused() -> None:
    with pytest.raises(ValueError, match="label"):
        kit.text_input("why", " ")


def test_a_required_input_that_does_not_say_what_to_do_is_refused() -> None:
    with pytest.raises(ValueError, match="required"):
        kit.choice_input("who", "Who?", [("a", "Anna")], required=True)


def test_what_was_found_wrong_stands_under_its_input_on_red() -> None:
    box = kit.card(kit.text_input("why", "Why?", value="x", problem="Too short."))["body"][0]

    assert [item["type"] for item in box["items"]] == ["Input.Text", "Container"]
    assert box["items"][0]["value"] == "x"
    assert box["items"][1]["style"] == "attention"


def test_typed_text_that_does_not_fit_its_box_is_cut_and_that_is_said() -> None:
    t = translator("en")
    card = kit.card(kit.typed_text(t, "x" * (kit.INPUT_LIMIT + 1)))
    assert [len(one["value"]) for one in of_type(card, "Input.Text")] == [kit.INPUT_LIMIT]
    assert kit.too_long(t) in json.dumps(card)
    fits = kit.card(kit.typed_text(t, "x" * kit.INPUT_LIMIT))
    assert kit.too_long(t) not in json.dumps(fits)


def test_a_choice_that_is_not_on_offer_is_not_preselected() -> None:
    card = kit.card(kit.choice_input("who", "Who?", [("a", "Anna")], value="z"))

    assert "value" not in card["body"][0]


def test_a_link_opens_web_addresses_only() -> None:
    with pytest.raises(ValueError, match="web address"):
        kit.open_url("Look", "javascript:alert(1)")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("gewoon", "gewoon"),
        ("regel 1\r\nregel 2\n", "regel 1\nregel 2\n"),
        ("**vet** <b>ook</b> [x](y) # niet", "**vet** <b>ook</b> [x](y) # niet"),
        ("bel\x07 nul\x00 wis\x7f", "bel␇ nul␀ wis␡"),
        ("half \ud800 teken", "half \ufffd teken"),
        ("a\tb", "a b"),
        ("om\u202ekeer", "omkeer"),
        ("{{DATE(2026-11-22T10:00:00Z)}}", "{\u2060{DATE(2026-11-22T10:00:00Z)}}"),
        ("ik zei مرحبا", f"{FIRST_STRONG_ISOLATE}ik zei مرحبا{POP_ISOLATE}"),
        (f"{POP_ISOLATE}שלום", f"{FIRST_STRONG_ISOLATE}שלום{POP_ISOLATE}"),
        ("👩‍👩‍👧 café", "👩‍👩‍👧 café"),
    ],
)
def test_typed_text_stands_in_a_card_as_typed(typed: str, shown: str) -> None:
    assert literal(typed) == shown
    assert literal(shown) == shown, "saying it twice changes nothing"


def test_a_heading_with_markdown_in_it_is_drawn_as_text() -> None:
    plain, marked = kit.card(kit.heading("I-2026-000001: stuk"), kit.heading("**I** [x](y)"))["body"]

    assert (plain["type"], plain["style"]) == ("TextBlock", "heading")
    assert marked["type"] == "RichTextBlock"


def test_a_short_text_is_left_alone_and_a_long_one_cut_between_words() -> None:
    assert shorten("kort", 4) == "kort"
    assert shorten("een twee drie", 9) == "een twee…"


@pytest.mark.parametrize("emoji", ["👩‍👩‍👧‍👦", "👍🏽", "❤️", "e\u0301"])
def test_a_cut_never_falls_inside_an_emoji(emoji: str) -> None:
    text = emoji * 80
    for limit in range(20, 60):
        kept = shorten(text, limit).removesuffix("…")
        assert kept == emoji * kept.count(emoji), limit
        assert kept, limit


def test_how_long_a_text_was_that_was_cut_before_is_not_guessed() -> None:
    assert "(De eerste 11 tekens.)" in str(
        kit.user_text(translator("nl"), "woord " * 9, limit=15, whole=False)
    )
    assert "(De eerste 11 van 54 tekens.)" in str(kit.user_text(translator("nl"), "woord " * 9, limit=15))


def test_ten_thousand_characters_are_shortened_and_the_card_says_so() -> None:
    t = translator("en")

    card = kit.card(*(kit.user_text(t, "😀" * 10_000) for _ in range(6)))

    shown, note = card["body"][0]["inlines"]
    assert shown["text"].endswith("…")
    assert len(shown["text"]) <= kit.TEXT_LIMIT + 1
    assert f"{len(shown['text']) - 1} of 10000" in note["text"]
    assert kit.size_of(card) < kit.SIZE_LIMIT


def test_a_pile_of_accents_is_cut_through() -> None:
    assert len(shorten("e" + "\u0301" * 500, 100)) > 80


def test_the_size_of_a_card_is_counted_in_bytes() -> None:
    plain, euros = (kit.size_of(kit.card(kit.text(text))) for text in ("a" * 100, "€" * 100))

    # Once in the body, once read aloud, once as fallback.
    assert euros - plain == 3 * 200
