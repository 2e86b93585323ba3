"""What the city's own tips have to be like."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from adapters.search.analyzer import words_of
from adapters.search.languages import language
from domain.tips.tip import Tip
from tests.cast import demo_city
from tests.tips.conftest import city_tips

DUTCH = language("nl")
TIPS = [tip for tip in city_tips().tips if tip.language == "nl"]
every_tip = pytest.mark.parametrize("tip", TIPS, ids=[tip.id for tip in TIPS])


def sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.?!])\s+", text) if sentence]


def test_there_are_tips_on_every_theme() -> None:
    per_theme = Counter(tip.theme for tip in TIPS)
    assert len(TIPS) >= 150
    assert len(per_theme) >= 9
    assert min(per_theme.values()) >= 5


def test_titles_and_ways_of_asking_stand_with_one_tip_only() -> None:
    phrases = Counter(
        " ".join(words_of(phrase, DUTCH)) for tip in TIPS for phrase in (tip.title, *tip.alternates)
    )
    assert [phrase for phrase, often in phrases.items() if often > 1] == []


@every_tip
def test_a_tip_is_asked_in_five_ways_or_more(tip: Tip) -> None:
    assert len(set(tip.alternates)) >= 5


@every_tip
def test_a_tip_has_steps_and_reads_easily(tip: Tip) -> None:
    assert len(tip.steps) >= 3
    assert len(tip.steps) <= 6
    lengths = [
        len(words_of(sentence, DUTCH)) for part in tip.text.split("\n") for sentence in sentences(part)
    ]
    assert sum(lengths) / len(lengths) <= 12
    assert max(lengths) <= 25


@every_tip
def test_a_tip_says_what_to_do_on_a_phone(tip: Tip) -> None:
    assert tip.phone


@every_tip
def test_a_tip_says_je_and_never_u(tip: Tip) -> None:
    words = set(words_of(tip.text, DUTCH))
    assert not words & {"u", "uw", "gij", "dient", "teneinde", "middels", "tevens", "indien", "echter"}


@every_tip
def test_a_tip_names_a_source_that_can_be_followed(tip: Tip) -> None:
    if tip.source.url is None:
        assert "Stad Vlaskerke" in tip.source.name
    else:
        assert re.fullmatch(r"https://support\.microsoft\.com/nl-nl/[a-z0-9-]+", tip.source.url)


@every_tip
def test_a_tip_leads_on_to_others(tip: Tip) -> None:
    known = {other.id for other in TIPS}
    assert tip.related
    assert set(tip.related) <= known - {tip.id}
    assert len(set(tip.related)) == len(tip.related)


@every_tip
def test_a_tip_keeps_to_the_citys_own_numbers(tip: Tip) -> None:
    """Years of retention and the helpdesk's number are facts of the city: no tip may say another."""
    for years in re.findall(r"(\d+) jaar", tip.text):
        assert years in {"4", "7"}
    for number in re.findall(r"\b8\d{3}\b", tip.text):
        assert number == demo_city().helpdesk.phone


def test_retention_is_seven_years_for_mail_and_four_for_documents() -> None:
    texts = {tip.id: tip.text for tip in TIPS}
    assert "7 jaar" in texts["mail-bewaren"]
    assert "4 jaar" in texts["hoe-lang-bewaren"]


def test_the_tip_about_sites_says_what_the_governance_table_says() -> None:
    tip = next(tip for tip in TIPS if tip.id == "soort-site-kiezen")
    shared_with = {scenario.id: scenario.sharing for scenario in demo_city().scenarios}
    said = {
        "buiten de stad": "externals",
        "iedereen die een account van de stad heeft": "organisation",
        "leden die je bij naam noemt": "members",
        "niemand buiten de leden": "members",
    }
    for step in tip.steps:
        number = re.match(r"Soort (\d)", step)
        assert number is not None
        assert said[next(words for words in said if words in step)] == shared_with[number[1]]


def test_synonyms_stand_in_one_group_only() -> None:
    words = Counter((group.language, word) for group in city_tips().synonyms for word in group.words)
    assert [word for word, often in words.items() if often > 1] == []
