"""What a text on a ticket may be, and the title it makes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.helpdesk.texts import TEXT_LIMIT, TITLE_LIMIT, check_text, clean, title_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  printer kapot \n", "printer kapot"),
        ("een\r\ntwee\rdrie", "een\ntwee\ndrie"),
        ("nul\x00teken", "nulteken"),
        ("bel\x07 en \x1b[31mkleur", "bel en [31mkleur"),
        ("half \ud83d teken", "half  teken"),
        ("tab\tblijft", "tab\tblijft"),
        ("👩‍🔧 مرحبا **vet** <b>html</b>", "👩‍🔧 مرحبا **vet** <b>html</b>"),
    ],
)
def test_a_text_loses_only_what_cannot_be_kept(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize("typed", ["", "   \n\t ", "\x00\x00"])
def test_an_empty_text_is_refused_by_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_text(typed, "answer")
    assert refusal.value.field == "answer"


def test_a_text_may_be_long_and_not_longer() -> None:
    assert check_text("é" * TEXT_LIMIT, "text") == "é" * TEXT_LIMIT
    with pytest.raises(Invalid) as refusal:
        check_text("é" * (TEXT_LIMIT + 1), "text")
    assert str(TEXT_LIMIT + 1) in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Mijn laptop start niet op. Ik kan niet verder.", "Mijn laptop start niet op."),
        ("printer kapot", "printer kapot"),
        ("Printer nr. 5 hapert", "Printer nr. 5 hapert"),
        ("Beste,\n\nde printer doet het niet\nGroeten", "Beste, de printer doet het niet"),
        ("Help! Mijn scherm is zwart. Nu al!", "Help! Mijn scherm is zwart."),
        ("veel   witruimte\there", "veel witruimte here"),
    ],
)
def test_the_title_is_the_first_sentence(text: str, title: str) -> None:
    assert title_of(text) == title


@given(st.text(min_size=1, max_size=400).map(clean).filter(bool))
def test_a_title_is_short_on_one_line_and_never_empty(text: str) -> None:
    title = title_of(text)
    assert 0 < len(title) <= TITLE_LIMIT
    assert "\n" not in title


def test_a_long_title_is_cut_between_words() -> None:
    title = title_of("woord " * 60)
    assert len(title) <= TITLE_LIMIT
    assert title.endswith("woord…")
