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

from bot.bridge.routes import CHOOSE
from bot.features import features
from cards.kit import SIZE_LIMIT, size_of
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
def said_otherwise(language: str) -> frozenset[str]:
    """The English of texts that are another text in this language."""
    t = translator(language)
    return frozenset(text.message for text in catalogues.collected() if t(text.message) != text.message)


@cache
def known_verbs() -> frozenset[str]:
    return frozenset(verb for feature in features() for verb in feature.verbs) | {CHOOSE}


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
def test_a_client_takes_a_card(name: str, parsed: Mapping[str, Any]) -> None:
    """It fits in a message, the renderer parses it without a remark, and it needs nothing newer than Teams shows."""
    for language in LANGUAGES:
        card = collected(language)[name]
        assert size_of(card) < SIZE_LIMIT
        assert parsed[f"{language} {name}"]["events"] == []
        assert parsed[f"{language} {name}"]["kept"] > 100, "the parser kept what is in the card"
    new = {"Table", "Carousel", "Badge", "Icon", "CodeBlock", "CompoundButton", "Rating", "ProgressBar"}
    newer = [part["type"] for part in parts(card) if part.get("type") in new]
    assert newer == []


@every_card
def test_a_card_follows_the_schema(name: str, validator: jsonschema.Draft6Validator) -> None:
    assert [error.message[:200] for error in validator.iter_errors(as_pictures(collected()[name]))] == []


@every_card
def test_every_input_has_a_label_and_says_what_is_missing(name: str) -> None:
    inputs = of_type(collected()[name], "Input.")
    for box in inputs:
        assert box.get("label", "").strip(), box["id"]
        assert box.get("errorMessage") or not box.get("isRequired"), box["id"]
        assert box.get("maxLength") or box["type"] != "Input.Text", box["id"]
    ids = [box["id"] for box in inputs]
    assert len(ids) == len(set(ids))


@every_card
def test_a_card_can_be_read_aloud_and_no_text_is_empty(name: str) -> None:
    card = collected()[name]
    assert card["speak"]
    assert card["body"][0]["type"] in {"TextBlock", "Container", "RichTextBlock"}
    assert [text for text in texts(card) if not text.strip()] == []
    for action in of_type(card, "Action."):
        assert action.get("title", "").strip()


@every_card
def test_every_button_is_shown_and_has_a_handler(name: str) -> None:
    """Of buttons beside each other, Teams shows six and hides the rest."""
    card = collected()[name]
    assert all(len(part.get("actions") or ()) <= 6 for part in parts(card))
    assert {action["verb"] for action in of_type(card, "Action.Execute")} <= known_verbs()


@every_card
def test_a_card_speaks_one_language(name: str) -> None:
    """No text on it is one that the catalogue would have said otherwise in this language."""
    for language in ("nl", "fr"):
        said = texts(collected(language)[name])
        assert [text for text in said if text in said_otherwise(language)] == []
