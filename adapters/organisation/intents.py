"""The ways of asking of `organisation/intents/`: a folder per language with a file per intent, and words.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from adapters.organisation.files import Shape, read, wrong
from domain.intents.models import Intent

LANGUAGES = ("nl", "en", "fr")

GROUP = re.compile(r"\{(\w+)\}")
WITH_ENDINGS = re.compile(r"[^\s*]+\*")

Language = str
Text = Annotated[str, StringConstraints(min_length=1)]
Texts = tuple[Text, ...]


class ExamplesFile(Shape):
    """Messages that mean the intent the file is named after. `{toestel}` stands for every word of that group."""

    examples: Texts = Field(min_length=1)


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
    examples: list[Example] = []
    meaning: dict[str, Intent] = {}
    for path, language, intent in example_files(folder):
        for index, text in enumerate(read(path, ExamplesFile).examples):
            known = meaning.setdefault(" ".join(text.lower().split()), intent)
            if known is not intent:
                raise wrong(path, ("examples", index), f"This text already stands under {known}")
            for group in GROUP.findall(text):
                if not words.groups.get(group, {}).get(language):
                    raise wrong(
                        path, ("examples", index), f"There is no group {group} with words in {language}"
                    )
            examples.append(Example(text, intent, language))
    return WaysOfAsking(examples, words, _clues(folder / "clues.yaml"))


def _clues(path: Path) -> Mapping[str, Mapping[Language, Texts]]:
    clues = read(path, CluesFile).clues
    for clue, languages in clues.items():
        for language, texts in languages.items():
            for index, text in enumerate(texts):
                if "*" in text and not WITH_ENDINGS.fullmatch(text):
                    raise wrong(
                        path, ("clues", clue, language, index), "A star stands at the end of a single word"
                    )
    return clues
