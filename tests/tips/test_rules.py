from __future__ import annotations

import pytest

from domain.tips.ports import Hit
from domain.tips.rules import (
    ANSWER_FROM,
    CHOOSE_FROM,
    HIDDEN,
    LONGEST_QUESTION,
    Secret,
    redact,
    searchable,
    to_show,
    without_markup,
    zone_of,
)
from domain.tips.tip import Zone


def hit(confidence: float, score: float = 0.5, tip_id: str = "tip") -> Hit:
    return Hit(tip_id, score, confidence, "", "")


@pytest.mark.parametrize(
    ("confidence", "zone"),
    [
        (1.0, Zone.ANSWER),
        (ANSWER_FROM, Zone.ANSWER),
        (ANSWER_FROM - 0.001, Zone.CHOOSE),
        (CHOOSE_FROM, Zone.CHOOSE),
        (CHOOSE_FROM - 0.001, Zone.UNKNOWN),
        (0.0, Zone.UNKNOWN),
    ],
)
def test_the_best_hit_decides_the_zone(confidence: float, zone: Zone) -> None:
    assert zone_of([hit(confidence), hit(0.01, 0.4)]) is zone


def test_a_rival_that_is_as_good_makes_it_a_choice() -> None:
    assert zone_of([hit(0.9, 0.7), hit(0.9, 0.66)]) is Zone.CHOOSE
    assert zone_of([hit(0.9, 0.7), hit(0.9, 0.64)]) is Zone.ANSWER
    assert zone_of([hit(0.9, 0.7)]) is Zone.ANSWER


def test_nothing_found_is_not_known() -> None:
    assert zone_of([]) is Zone.UNKNOWN
    assert to_show(Zone.UNKNOWN, []) == ()


def test_an_answer_is_one_tip_and_a_choice_at_most_three_that_come_near() -> None:
    hits = [hit(0.5, score, str(score)) for score in (0.8, 0.7, 0.6, 0.5)]
    assert to_show(Zone.ANSWER, hits) == (hits[0],)
    assert to_show(Zone.CHOOSE, hits) == tuple(hits[:3])
    assert to_show(Zone.CHOOSE, [hits[0], hit(0.5, 0.39)]) == (hits[0],)
    assert to_show(Zone.UNKNOWN, hits) == ()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mijn wachtwoord is Zomer2026! en het lukt niet", f"mijn wachtwoord is {HIDDEN} en het lukt niet"),
        ("wachtwoord: geheim123", f"wachtwoord: {HIDDEN}"),
        ("ww=abc", f"ww={HIDDEN}"),
        ("PASWOORD : hond", f"PASWOORD : {HIDDEN}"),
        ("mijn pincode is 4821", f"mijn pincode is {HIDDEN}"),
        ('password "my dog rex" werkt niet', 'password "my dog rex" werkt niet'),
        ('password: "my dog rex" werkt niet', f"password: {HIDDEN} werkt niet"),
        ("mon mot de passe est Soleil9", f"mon mot de passe est {HIDDEN}"),
    ],
)
def test_a_password_is_not_kept(typed: str, kept: str) -> None:
    redacted = redact(typed)
    assert redacted.text == kept
    assert redacted.found == ({Secret.PASSWORD} if typed != kept else set())


@pytest.mark.parametrize(
    "typed",
    [
        "mijn wachtwoord is verlopen",
        "mijn wachtwoord is weg, wat nu",
        "wachtwoord vergeten",
        "hoe wijzig ik mijn wachtwoord?",
        "het wachtwoord was fout.",
        "mijn pin is geblokkeerd",
    ],
)
def test_talking_about_a_password_hides_nothing(typed: str) -> None:
    assert redact(typed) == redact(typed).__class__(typed, frozenset())


@pytest.mark.parametrize(
    ("typed", "hidden"),
    [
        ("rijksregisternummer 85.07.30-033.28 klopt niet", True),  # born in 1985
        ("85073003328", True),
        ("nummer 17 07 30 033 84", True),  # born in 2017
        ("85.07.30-033.29", False),  # the check digits are wrong
        ("bsn 111222333", True),
        ("bsn 111222334", False),
        ("000000000", False),
        ("bel 0470123456 of 053 12 34 56", False),
        ("ticket I-2026-000123", False),
        ("A-2026-000123 en 20261122", False),
    ],
)
def test_a_national_number_is_not_kept(typed: str, hidden: bool) -> None:
    redacted = redact(typed)
    assert (Secret.NATIONAL_NUMBER in redacted.found) is hidden
    assert (HIDDEN in redacted.text) is hidden
    if not hidden:
        assert redacted.text == typed


def test_a_question_becomes_one_short_line() -> None:
    assert searchable(" hoe\n\n deel\tik \x00 dit? ") == "hoe deel ik dit?"
    assert len(searchable("woord " * 5000)) <= LONGEST_QUESTION
    assert searchable("\u202e\x07") == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("hoe wijzig ik mijn wachtwoord? het is Zomer2026", "hoe wijzig ik mijn wachtwoord? het is •••"),
        ("hoe wijzig ik mijn wachtwoord? Zomer2026!", "hoe wijzig ik mijn wachtwoord? •••"),
        ("mot de passe oublié, c'est Ete2026x", "mot de passe oublié, c'est •••"),
        ("password? it's Summer2026", "password? it's •••"),
        ("wachtwoord werkt niet, het toestel is LT004512", None),
        ("wachtwoord weg, mijn systeem is Windows11Pro", None),
        ("wachtwoord nodig voor https://Vlaskerke.be/a1B", None),
        ("wachtwoord vergeten, zie ticket I-2026-000123", None),
        ("het boek is Zomer2026", None),
    ],
)
def test_a_password_that_comes_a_little_later_is_hidden_too(typed: str, kept: str | None) -> None:
    redacted = redact(typed)
    assert redacted.text == (kept or typed)
    assert redacted.found == ({Secret.PASSWORD} if kept else set())


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("<b>hoe deel ik</b> een <a href='x'>bestand</a>?", "hoe deel ik een bestand ?"),
        ("hoe deel ik een [bestand](https://kwaad.example)?", "hoe deel ik een [bestand] ?"),
        ("als a < b en c > d (zie 3)", "als a < b en c > d (zie 3)"),
    ],
)
def test_markup_is_no_word_of_a_question(typed: str, read: str) -> None:
    assert " ".join(without_markup(typed).split()) == read
