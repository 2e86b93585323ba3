"""The committed weights belong to the committed examples."""

from __future__ import annotations

import gzip
import logging
import shutil
from pathlib import Path

import pytest

from adapters.intents.embedded import WEIGHTS, EmbeddedIntents, digest
from adapters.intents.features import Wording
from adapters.intents.weights import read_weights
from adapters.organisation.intents import load_ways_of_asking
from wiring.settings import ROOT

FOLDER = ROOT / "organisation" / "intents"
RETRAIN = "run python -m scripts.train_intents"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER, tmp_path / "intents")
    return tmp_path


def test_the_weights_are_as_new_as_the_examples() -> None:
    assert read_weights(FOLDER / WEIGHTS).digest == digest(FOLDER), RETRAIN


def test_the_code_reads_the_examples_as_it_did_when_they_were_learned() -> None:
    # It brings scikit-learn along, which nothing else here needs.
    from scripts.train_intents import reading, wording

    ways = load_ways_of_asking(FOLDER)
    assert read_weights(FOLDER / WEIGHTS).reading == reading(ways, Wording.of(**wording(ways))), RETRAIN


def test_the_weights_stay_small() -> None:
    assert (FOLDER / WEIGHTS).stat().st_size < 500_000


def test_learning_twice_gives_the_same(copied: Path) -> None:
    from scripts.train_intents import Learned, lessons, wording

    ways = load_ways_of_asking(copied / "intents")
    few = type(ways)(ways.examples[::25], ways.words, ways.clues)
    read = Wording.of(**wording(few))
    first, second = (Learned(lessons(few, read)) for _ in range(2))
    assert first.rows == second.rows
    assert first.weights.tobytes() == second.weights.tobytes()


def test_weights_that_are_older_than_the_examples_are_noticed(
    copied: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        EmbeddedIntents(copied).load()
        assert not caplog.records
        (copied / "intents" / "nl" / "site.yaml").write_text("examples: [een site erbij]\n", "utf-8")
        EmbeddedIntents(copied).load()
    assert ["intent weights are older" in record.message for record in caplog.records] == [True]


@pytest.mark.parametrize(
    "content",
    [b"", b"not gzip", gzip.compress(b"{}"), gzip.compress(b"[]"), gzip.compress(b"{}\n\x00")[:-9]],
    ids=["nothing", "no gzip", "no weights", "a list", "cut off"],
)
def test_a_file_that_holds_no_weights_is_refused(copied: Path, content: bytes) -> None:
    (copied / "intents" / WEIGHTS).write_bytes(content)
    with pytest.raises(ValueError, match="weights"):
        EmbeddedIntents(copied).load()


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=WEIGHTS):
        EmbeddedIntents(tmp_path).load()
