"""What holds for every card of every feature, in every state."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.features import features
from bot.routes import CHOOSE
from cards.kit import SIZE_LIMIT, Card, size_of
from locales import translator
from scripts import texts as catalogues
from scripts.gallery.browser import node_modules
from tests.cards.reading import as_pictures, of_type, parts, texts
from tests.cards.samples import collected

HERE = Path(__file__).parent
SNAPSHOTS = HERE / "snapshots"
SCHEMA = HERE.parents[1].parent / "shared" / "data" / "adaptive-card-1.5.schema.json"
LANGUAGES = ("nl", "en", "fr")

every_card = pytest.mark.parametrize("name", sorted(collected()))


@pytest.fixture(scope="module")
def parsed() -> Mapping[str, Any]:
    """What the renderer's parser says of each card: one process for all."""
    cards = {
        f"{language} {name}": card for language in LANGUAGES for name, card in collected(language).items()
    }
    done = subprocess.run(
        ["node", str(HERE / "parse.cjs")],
        input=json.dumps(cards),
        env=os.environ | {"NODE_PATH": str(node_modules())},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answer: Mapping[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft6Validator:
    if not SCHEMA.exists():
        pytest.skip("the schema of Adaptive Cards 1.5 is not here")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return jsonschema.Draft6Validator(schema)


@cache
def messages() -> frozenset[str]:
    return frozenset(text.message for text in catalogues.collected())


@every_card
def test_a_card_looks_as_it_did(name: str) -> None:
    """Changed on purpose? `UPDATE_SNAPSHOTS=1 pytest tests/cards`, and read the difference in git."""
    path = SNAPSHOTS / f"{name}.json"
    now = json.dumps(collected()[name], indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(now, encoding="utf-8")
    assert path.exists(), "a new card: make its snapshot with UPDATE_SNAPSHOTS=1"
    assert now == path.read_text(encoding="utf-8")


def test_every_snapshot_is_of_a_card() -> None:
    assert {path.stem for path in SNAPSHOTS.glob("*.json")} == set(collected())


@every_card
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_renderer_parses_a_card_without_a_remark(
    name: str, language: str, parsed: Mapping[str, Any]
) -> None:
    assert parsed[f"{language} {name}"]["events"] == []
    assert parsed[f"{language} {name}"]["kept"] > 100, "the parser kept what is in the card"


@every_card
def test_a_card_follows_the_schema(name: str, validator: jsonschema.Draft6Validator) -> None:
    assert [error.message[:200] for error in validator.iter_errors(as_pictures(collected()[name]))] == []


@every_card
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_fits_in_a_message(name: str, language: str) -> None:
    assert size_of(collected(language)[name]) < SIZE_LIMIT


@every_card
def test_a_card_needs_nothing_newer_than_teams_shows(name: str) -> None:
    new = {"Table", "Carousel", "Badge", "Icon", "CodeBlock", "CompoundButton", "Rating", "ProgressBar"}
    newer = [part["type"] for part in parts(collected()[name]) if part.get("type") in new]
    assert newer == []


@every_card
def test_every_input_has_a_label_and_says_what_is_missing(name: str) -> None:
    for box in of_type(collected()[name], "Input."):
        assert box.get("label", "").strip(), box["id"]
        assert box.get("errorMessage") or not box.get("isRequired"), box["id"]
        assert box.get("maxLength") or box["type"] != "Input.Text", box["id"]


@every_card
def test_inputs_have_ids_of_their_own(name: str) -> None:
    ids = [part["id"] for part in of_type(collected()[name], "Input.")]
    assert len(ids) == len(set(ids))


@every_card
def test_no_text_is_empty(name: str) -> None:
    assert [text for text in texts(collected()[name]) if not text.strip()] == []
    for action in of_type(collected()[name], "Action."):
        assert action.get("title", "").strip()


@every_card
def test_a_card_has_a_title_and_something_to_read_aloud(name: str) -> None:
    card = collected()[name]
    assert card["speak"]
    assert card["body"][0]["type"] in {"TextBlock", "Container", "RichTextBlock"}


@every_card
def test_at_most_six_buttons_stand_beside_each_other(name: str) -> None:
    """Teams shows six and hides the rest."""
    assert all(len(part.get("actions") or ()) <= 6 for part in parts(collected()[name]))


@every_card
def test_every_button_has_a_handler(name: str) -> None:
    known = {verb for feature in features() for verb in feature.verbs} | {CHOOSE}
    assert {action["verb"] for action in of_type(collected()[name], "Action.Execute")} <= known


@every_card
@pytest.mark.parametrize("language", ["nl", "fr"])
def test_a_card_speaks_one_language(name: str, language: str) -> None:
    """No text on it is one that the catalogue would have said otherwise in this language."""
    t = translator(language)
    card: Card = collected(language)[name]
    english = {message for message in messages() if t(message) != message}
    assert [text for text in texts(card) if text in english] == []
