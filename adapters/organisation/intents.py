"""The ways of asking of `organisation/intents/`: a folder per language with a file per intent, and words.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from adapters.organisation.files import Shape, read, wrong
from domain.intents.models import Intent

LANGUAGES = ("nl", "en", "fr")

Language = str
Texts = tuple[str, ...]


class ExamplesFile(Shape):
    """Messages that mean the intent the file is named after. `{toestel}` stands for every word of that group."""

    examples: tuple[str, ...] = Field(min_length=1)


class WordsFile(Shape):
    groups: Mapping[str, Mapping[Language, Texts]]
    spellings: Mapping[str, str]
    greetings: Texts
    closings: Texts
    background: Mapping[Language, Texts]


class CluesFile(Shape):
    """Words that hint at something; `automatiser*` covers every ending."""

    clues: Mapping[str, Mapping[Language, Texts]]


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    intent: Intent
    language: Language


@dataclass(frozen=True, slots=True)
class WaysOfAsking:
    examples: Sequence[Example]
    words: WordsFile
    clues: Mapping[str, Mapping[Language, Texts]]


def example_files(folder: Path) -> Iterator[tuple[Path, Language, Intent]]:
    """The files of examples there should be, missing ones too: reading them says so."""
    for language in LANGUAGES:
        for intent in Intent:
            yield folder / language / f"{intent}.yaml", language, intent


def load_ways_of_asking(folder: Path) -> WaysOfAsking:
    """Everything in `organisation/intents/`. Raises `OrganisationError`, also for one text under two intents."""
    words = read(folder / "words.yaml", WordsFile)
    clues = read(folder / "clues.yaml", CluesFile).clues
    examples: list[Example] = []
    meaning: dict[str, Intent] = {}
    for path, language, intent in example_files(folder):
        for line, text in enumerate(read(path, ExamplesFile).examples):
            known = meaning.setdefault(" ".join(text.lower().split()), intent)
            if known is not intent:
                raise wrong(path, ("examples", line), f"This text already stands under {known}")
            examples.append(Example(text, intent, language))
    return WaysOfAsking(examples, words, clues)
