"""Which questions are taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.tips.likeness import ALIKE, gist_of, likeness

SAME = [
    ("hoe boek ik een vergaderzaal?", "Vergaderzaal boeken"),
    ("hoe boek ik een vergaderzaal?", "hoe kan ik een vergadrzaal boeken"),
    ("printer installeren op mijn laptop", "Hoe installeer ik de printer op een laptop?"),
    ("comment réserver une salle de réunion ?", "reserver salle reunion"),
    ("how do I book a meeting room", "booking a meeting room"),
    ("???", "???"),
]
DIFFERENT = [
    ("hoe boek ik een vergaderzaal?", "hoe boek ik een dienstwagen?"),
    ("printer installeren op mijn laptop", "wachtwoord van mijn laptop vergeten"),
    ("hoe deel ik een document", "hoe verwijder ik een kanaal"),
    ("hoe doe ik dat?", "waar kan ik dat?"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_question_in_other_words_or_with_a_slip_is_alike(one: str, other: str) -> None:
    assert likeness(gist_of(one), gist_of(other)) >= ALIKE
    assert gist_of(one).keys & gist_of(other).keys


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_question_with_the_same_small_words_is_not(one: str, other: str) -> None:
    assert likeness(gist_of(one), gist_of(other)) < ALIKE


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    a, b = gist_of(one), gist_of(other)
    assert 0 <= likeness(a, b) == likeness(b, a) <= 1
    assert likeness(a, a) in (0, 1)
    assert all(len(key) <= 40 for key in a.keys)
