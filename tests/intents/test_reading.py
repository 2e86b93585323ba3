"""The pure part: what a message is evened out to, and what stands out in it."""

from __future__ import annotations

import pytest

from domain.intents.rules import LONGEST, Phrasebook, shape, without_courtesies, words


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Mijn LAPTOP", ["mijn", "laptop"]),
        ("écran cassé, où ?", ["ecran", "casse", "ou", "?"]),
        ("heeeeel traaaag!!!!", ["heel", "traag", "!", "!"]),
        ("zaal 312, om 14u", ["zaal", "0", "om", "0u"]),
        (
            "zie https://vlaskerke.example/a?b=1 of mail jan@vlaskerke.example",
            ["zie", "weblink", "of", "mail", "weblink"],
        ),
        ("I can't, it doesn't", ["i", "can", "not", "it", "does", "not"]),
        ("I can’t", ["i", "can", "not"]),
        ("👍🏽 🐶 тест", ["smiley", "emoji", "foreign", "foreign", "foreign", "foreign"]),
        ("", []),
        ("<b>**\u202evet**</b>", ["b", "vet", "b"]),
    ],
)
def test_words_are_evened_out(typed: str, read: list[str]) -> None:
    assert words(typed) == read


def test_dialect_is_respelled() -> None:
    assert words("da werkt nimeer", {"da": ["dat"], "nimeer": ["niet", "meer"]}) == [
        "dat",
        "werkt",
        "niet",
        "meer",
    ]


def test_of_a_very_long_message_both_ends_are_read() -> None:
    read = words("begin " + "midden " * 10_000 + "einde")
    assert read[0] == "begin"
    assert read[-1] == "einde"
    assert len(read) < LONGEST


GREETINGS = Phrasebook({"greeting": ["dag", "dag allemaal", "hallo"]})
CLOSINGS = Phrasebook({"closing": ["alvast bedankt", "groetjes"]})


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("dag allemaal mijn pc is stuk alvast bedankt !", "mijn pc is stuk"),
        ("hallo ! mijn pc is stuk groetjes an", "mijn pc is stuk"),
        ("hallo", "hallo"),
        ("dag groetjes", "dag groetjes"),
        ("ik krijg elke dag een melding", "ik krijg elke dag een melding"),
        ("", ""),
    ],
)
def test_greetings_and_thanks_are_left_out_unless_they_are_all_there_is(said: str, kept: str) -> None:
    assert without_courtesies(said.split(), GREETINGS, CLOSINGS) == kept.split()


def test_a_phrasebook_knows_phrases_endings_and_compounds() -> None:
    book = Phrasebook({"device": ["printer", "vaste telefoon"], "automation": ["automatiser*"]})
    assert book.names(["de", "kassaprinter"]) == ["device"]
    assert book.names(["automatisering", "vaste", "telefoon"]) == ["automation", "device"]
    assert book.names(["vaste", "klant"]) == []


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("ik kan niet aan mijn mails meer", "no_longer"),
        ("i can not print any more", "no_longer"),
        ("je n ai plus acces", "no_longer"),
        ("ik weet mijn code niet meer", "not_remembered"),
        ("waar staat dat ?", "question_at_end"),
        ("sdfgh", "gibberish"),
        ("0 0", "no_words"),
    ],
)
def test_signs_are_seen(said: str, sign: str) -> None:
    assert sign in set(shape(said.split()))


@pytest.mark.parametrize("said", ["ik wil meer weten over planner", "niet dringend", "angstschreeuw strand"])
def test_signs_are_not_imagined(said: str) -> None:
    assert {"no_longer", "not_remembered", "gibberish"}.isdisjoint(shape(said.split()))
