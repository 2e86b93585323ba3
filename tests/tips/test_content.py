"""What the city's own tips have to be like."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from adapters.search.analyzer import words_of
from adapters.search.embedded import EmbeddedSearch
from adapters.search.languages import language
from domain.tips.tip import Tip
from scripts.texts import set_in_french
from tests.cast import demo_city
from tests.tips.conftest import city_tips

DUTCH = language("nl")
TIPS = [tip for tip in city_tips().tips if tip.language == "nl"]
BY_ID = {tip.id: tip for tip in TIPS}
TRANSLATIONS = [tip for tip in city_tips().tips if tip.language != "nl"]
every_tip = pytest.mark.parametrize("tip", TIPS, ids=[tip.id for tip in TIPS])
every_translation = pytest.mark.parametrize("tip", TRANSLATIONS, ids=[tip.id for tip in TRANSLATIONS])
RULES = {
    "sharing": {
        "document-delen-extern",
        "koppeling-kiezen",
        "site-delen-lukt-niet",
        "gast-toevoegen",
        "map-delen",
    },
    "privacy": {
        "persoonsgegevens-in-teams",
        "wie-kan-meekijken",
        "mag-ik-opnemen",
        "verkeerde-persoon-gedeeld",
    },
    "retention": {"hoe-lang-bewaren", "mail-bewaren", "chats-bewaren", "mag-ik-vernietigen"},
    "governance": {"soort-site-kiezen", "wie-beslist-toegang", "site-aanvragen", "geen-mappen"},
    "where": {
        "onedrive-sharepoint-of-teams",
        "dossier-of-teams",
        "mail-of-teams",
        "netwerkschijf-of-onedrive",
    },
}
"""The tips that say the city's own rules."""


def sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.?!])\s+", text) if sentence]


def test_there_are_tips_on_every_theme() -> None:
    per_theme = Counter(tip.theme for tip in TIPS)
    assert len(TIPS) >= 150
    assert len(per_theme) >= 9
    assert min(per_theme.values()) >= 5


@pytest.mark.parametrize("code", ["nl", "en", "fr"])
def test_titles_and_ways_of_asking_stand_with_one_tip_only(code: str) -> None:
    phrases = Counter(
        " ".join(words_of(phrase, language(code)))
        for tip in city_tips().tips
        for phrase in (tip.title, *tip.alternates)
        if tip.language == code
    )
    assert [phrase for phrase, often in phrases.items() if often > 1] == []


@every_tip
def test_a_tip_is_easy_to_find_to_read_and_to_follow(tip: Tip) -> None:
    assert len(set(tip.alternates)) >= 5
    assert 3 <= len(tip.steps) <= 6
    assert tip.phone
    lengths = [
        len(words_of(sentence, DUTCH)) for part in tip.text.split("\n") for sentence in sentences(part)
    ]
    assert sum(lengths) / len(lengths) <= 12
    assert max(lengths) <= 25
    words = set(words_of(tip.text, DUTCH))
    assert not words & {"u", "uw", "gij", "dient", "teneinde", "middels", "tevens", "indien", "echter"}


@every_tip
def test_a_tip_names_a_source_and_leads_on_to_others_and_to_the_citys_own(tip: Tip) -> None:
    if tip.source.url is None:
        assert "Stad Vlaskerke" in tip.source.name
    else:
        assert re.fullmatch(r"https://support\.microsoft\.com/nl-nl/[a-z0-9-]+", tip.source.url)
        assert any(BY_ID[other].source.url is None for other in tip.related)
    assert tip.related
    assert set(tip.related) <= BY_ID.keys() - {tip.id}
    assert len(set(tip.related)) == len(tip.related)


@pytest.mark.parametrize("subject", RULES)
def test_many_tips_lead_on_to_the_rules_of_the_city(subject: str) -> None:
    rules = RULES[subject]
    assert rules <= BY_ID.keys()
    assert sum(bool(rules & set(tip.related)) for tip in TIPS) >= 15


def test_tips_keep_to_the_citys_own_numbers() -> None:
    """Years of retention and the helpdesk's number are facts of the city: no tip may say another."""
    own = {"4", "7"}, {demo_city().helpdesk.phone}
    said = {
        tip.id: (
            set(re.findall(r"(\d+) (?:jaar|years|ans)\b", tip.text)),
            set(re.findall(r"\b8\d{3}\b", tip.text)),
        )
        for tip in city_tips().tips
    }
    assert {tip for tip, (years, numbers) in said.items() if years - own[0] or numbers - own[1]} == set()


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


@pytest.mark.parametrize("code", ["en", "fr"])
def test_the_most_asked_are_there_in_other_languages(code: str) -> None:
    said = [tip.translation_of for tip in TRANSLATIONS if tip.language == code]
    assert len(said) >= 60
    assert {BY_ID[original or ""].theme for original in said} == {tip.theme for tip in TIPS}


@every_translation
def test_a_translation_says_what_its_original_says_and_leads_on_in_its_own_language(tip: Tip) -> None:
    original = BY_ID[tip.translation_of or ""]
    assert len(tip.steps) == len(original.steps)
    assert (tip.audience, tip.theme) == (original.audience, original.theme)
    assert tip.phone
    assert len(tip.alternates) >= 5
    numbers = re.compile(r"\b\d{1,2}\b|\b8500\b")
    assert set(numbers.findall(tip.text)) <= set(numbers.findall(original.text))
    place = {"en": "en-us", "fr": "fr-fr"}[tip.language]
    assert tip.source.url is None or tip.source.url.startswith(f"https://support.microsoft.com/{place}/")
    assert tip.related
    assert all(other.endswith(f"-{tip.language}") for other in tip.related)


def test_french_speaks_to_one_colleague() -> None:
    said = {tip.id: set(re.findall(r"\w+", tip.text.lower())) for tip in TRANSLATIONS if tip.language == "fr"}
    assert [
        tip_id for tip_id, words in said.items() if words & {"cliquez", "choisissez", "ouvrez", "veuillez"}
    ] == []


def test_french_is_set_as_french_is() -> None:
    shown = {tip.id: f"{tip.title}\n{tip.text}" for tip in TRANSLATIONS if tip.language == "fr"}
    assert [tip_id for tip_id, text in shown.items() if text != set_in_french(text)] == []


def test_synonyms_stand_in_one_group_only() -> None:
    words = Counter((group.language, word) for group in city_tips().synonyms for word in group.words)
    assert [word for word, often in words.items() if often > 1] == []


async def test_a_question_gets_the_tip_in_its_own_language(search: EmbeddedSearch) -> None:
    """And never the tip and its original both."""
    asked = {
        ("how can I restore a file I deleted", "en"): "verwijderd-bestand",
        ("my account is locked", "en"): "account-geblokkeerd",
        ("share a document with somebody outside the city", "en"): "document-delen-extern",
        ("comment récupérer un document supprimé", "fr"): "verwijderd-bestand",
        ("je veux installer teams sur mon gsm", "fr"): "teams-op-telefoon",
        ("la salle de réunion, comment la réserver", "fr"): "ruimte-reserveren",
    }
    for (question, code), original in asked.items():
        ids = [hit.tip_id for hit in await search.search(question, code)]
        assert ids[0] == f"{original}-{code}"
        roots = [tip_id.removesuffix(f"-{code}") for tip_id in ids]
        assert len(set(roots)) == len(roots)
