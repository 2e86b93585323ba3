"""`organisation/intents/` as a city edits it: what is wrong is named by path, line and field."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from adapters.organisation.files import OrganisationError
from adapters.organisation.intents import load_ways_of_asking
from domain.intents.models import Intent
from wiring.settings import ROOT

FOLDER = ROOT / "organisation" / "intents"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "intents"))


def test_every_intent_has_many_ways_of_asking_in_every_language() -> None:
    examples = load_ways_of_asking(FOLDER).examples
    per_language = Counter(example.language for example in examples)
    assert per_language["nl"] >= 1_200
    assert per_language["en"] >= 400
    assert per_language["fr"] >= 400
    dutch = Counter(example.intent for example in examples if example.language == "nl")
    for intent in (Intent.INCIDENT, Intent.REQUEST, Intent.CHANGE, Intent.SITE, Intent.QUESTION):
        assert dutch[intent] >= 120
    assert min(dutch[intent] for intent in Intent) >= 40


@pytest.mark.parametrize(
    ("file", "content", "line", "field", "message"),
    [
        ("nl/site.yaml", "examples:\n  - een site\n  - 3\n", 3, "examples.1", "valid string"),
        ("nl/site.yaml", "examples: []\n", 1, "examples", "at least 1"),
        ("nl/site.yaml", "voorbeelden:\n  - een site\n", 1, "examples", "required"),
        ("nl/site.yaml", "examples:\n  - een site\n  - ''\n", 3, "examples.1", "at least 1"),
        ("nl/site.yaml", "examples:\n  - een site\n  - kapot\n", 3, "examples.1", "already stands under"),
        ("nl/site.yaml", "examples:\n  - een {gebouw} voor ons\n", 2, "examples.0", "no group gebouw with"),
        ("clues.yaml", "clues:\n  lost:\n    nl: [kwijt, 'op* weg']\n", 3, "clues.lost.nl.1", "star"),
    ],
)
def test_a_wrong_file_is_named_with_its_line_and_field(
    copied: Path, file: str, content: str, line: int, field: str, message: str
) -> None:
    (copied / file).write_text(content, "utf-8")
    with pytest.raises(OrganisationError, match=message) as caught:
        load_ways_of_asking(copied)
    assert caught.value.path == copied / file
    assert (caught.value.line, caught.value.field) == (line, field)


def test_a_missing_file_is_named(copied: Path) -> None:
    (copied / "fr" / "human.yaml").unlink()
    with pytest.raises(OrganisationError) as caught:
        load_ways_of_asking(copied)
    assert caught.value.path.name == "human.yaml"
