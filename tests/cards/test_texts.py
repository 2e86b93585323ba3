"""The catalogues: complete, sure of themselves, and filling in the same names as the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from domain.errors import Conflict
from locales import translator
from scripts import texts

CODE = """
from domain.errors import Conflict, DeskError
class Taken(Conflict):
    code = "taken"
def f(t, a):
    t("Hello {name}", name=a)
    t("Yes" if a else "No")
    t.plural("One ticket", "{n} tickets", 3)
    N_("Later")
    t(a)
    raise Taken("Taken by {who}.", field="name", who=a)
    self.other("Not a text")
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    for package in texts.PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "bot" / "some.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "domain" / "errors.py").write_text(
        "class DeskError(Exception): ...\nclass Conflict(DeskError): ...\n", encoding="utf-8"
    )
    return tmp_path


def test_texts_are_found_however_the_code_says_them(code: Path) -> None:
    found = {(text.message, text.plural) for text in texts.collected(code)}

    assert found == {
        ("Hello {name}", None),
        ("Yes", None),
        ("No", None),
        ("One ticket", "{n} tickets"),
        ("Later", None),
        ("Taken by {who}.", None),
    }


def test_what_a_text_is_given_is_seen(code: Path) -> None:
    given = {text.message: text.given for text in texts.collected(code)}

    assert given["Hello {name}"] == frozenset({"name"})
    assert given["Taken by {who}."] == frozenset({"who"}), "the field of an error is not part of its text"
    assert given["One ticket"] == frozenset({"n"})
    assert given["Later"] is None


def said_in(language: str) -> Iterator[object]:
    return (message.string for message in texts.catalogue(language) if message.id)


def test_every_text_is_translated_into_dutch_and_french() -> None:
    assert list(texts.problems()) == []


def test_french_says_tu_to_everybody() -> None:
    polite = re.compile(r"\b(?:vous|votre|vos)\b|\b\w{2,}ez\b", re.IGNORECASE)
    said = (" ".join(one) if isinstance(one, tuple) else str(one) for one in said_in("fr"))
    assert [text for text in said if set(polite.findall(text.lower())) - {"chez", "assez", "avez"}] == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Hello {name}"\nmsgstr ""', "not translated"),
        ('#, fuzzy\nmsgid "Hello {name}"\nmsgstr "Dag {name}"', "doubtful"),
        ('msgid "Hello {name}"\nmsgstr "Dag {naam}"', "other names"),
        ('msgid "Hello {name}"\nmsgstr "Dag {name} "', "other space"),
    ],
)
def test_a_fault_in_a_catalogue_is_told(entry: str, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(header + entry + "\n", encoding="utf-8")
    with path.open("rb") as file:
        message = read_po(file, locale="nl").get("Hello {name}")

    assert message is not None
    assert any(fault in found for found in texts.faults(message))


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Quoi ? Si : « oui » !", "Quoi\xa0? Si\xa0: «\xa0oui\xa0»\xa0!"),
        ("l'agent d'{name}", "l’agent d’{name}"),
        ("à 14:05, https://wijzer.example", "à 14:05, https://wijzer.example"),
    ],
)
def test_french_is_set_as_french_is(typed: str, set_: str) -> None:
    assert texts.set_in_french(typed) == set_
    assert not list(texts.french_faults(Message("x", set_)))


@pytest.mark.parametrize("wrong", ["Quoi?", "Quoi ?", "Source: x", "«oui»", "l'agent"])
def test_french_that_is_set_otherwise_is_told(wrong: str) -> None:
    assert list(texts.french_faults(Message("x", wrong)))


def test_in_french_the_first_of_a_month_is_named_so() -> None:
    t = translator("fr")
    first, later = datetime(2026, 11, 1, 9, tzinfo=UTC), date(2026, 11, 21)
    said = [t.day(first), t.when(first), t.moment(first), t.near_day(first.date()), t.day(later)]
    assert said == [
        "1er novembre 2026",
        "dim. 1er nov., 10:00",
        "1er nov. 2026, 10:00",
        "dim. 1er nov.",
        "21 novembre 2026",
    ]
    assert translator("nl").day(first) == "1 november 2026"


def test_an_error_is_told_in_the_persons_language() -> None:
    error = Conflict("This key was used before, for something else.")

    assert translator("nl").error(error) != error.message
    assert translator("en").error(error) == error.message
