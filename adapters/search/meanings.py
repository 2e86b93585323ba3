"""What a word of a question may mean: the words of the tips that it stands for, each with how well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from adapters.search.analyzer import Synonyms
from adapters.search.postings import Array, Places
from adapters.search.vocabulary import Codes, grams
from adapters.search.words import Words

PART = 0.6
"""A part of the asked compound."""
COMPOUND = 0.7
"""A compound with the asked word in it."""
SYNONYM = 0.8
REPAIRED = 0.9
JOINED = 0.9
"""A separable verb, or a compound that was written apart."""

TOGETHER = 0.75
"""From this fit on, the words with a stem count together; below it, the best of them."""
SPREADS = 0.6
"""From this fit on, the compounds of a stem count as well."""
UNKNOWN = 0.6
"""What a word that is in no tip weighs, beside the rarest that is."""
MOST_MEANT = 80
"""Stems that a word may mean, the likeliest ones."""
MEMORY = 5_000
"""Words whose meanings are remembered, then all are forgotten: people use few words."""

Lexicon = Mapping[str, Mapping[str, float]]
"""From a folded word to its translations, each with how likely it is."""

LEXICONS = Path(__file__).with_name("lexicons")


@cache
def lexicon(source: str, target: str) -> Lexicon:
    """The translations from one language to another; empty when we have none. Read backwards when only the other
    direction was learned."""
    forwards, backwards = LEXICONS / f"{source}_{target}.tsv", LEXICONS / f"{target}_{source}.tsv"
    found: dict[str, dict[str, float]] = {}
    path = forwards if forwards.exists() else backwards
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        word, _, translations = line.partition("\t")
        for translation in translations.split():
            other, _, chance = translation.partition(":")
            one, two = (word, other) if path == forwards else (other, word)
            found.setdefault(one, {})[two] = int(chance) / 100
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """The words of the tips that a word of a question stands for, each with how well it fits, from 0 to 1."""

    words: Places
    fits: Array
    weighed: Mapping[int, tuple[float, float]]
    """The same as plain numbers: by word how well it fits, and how rare it is."""
    families: Sequence[int]
    """The first words are the families of its likeliest stems: of how many words each is. They count together."""
    weight: float
    stem: int | None
    """The number of its stem; None when no tip has it."""
    known: bool
    threes: Codes
    """Of the word as it should have been typed."""


class Meanings:
    """Of every word that was asked it remembers what it may mean."""

    def __init__(self, words: Words, synonyms: Synonyms) -> None:
        self._words = words
        self._synonyms = synonyms
        self._memory: dict[tuple[object, ...], Meaning] = {}

    def of(self, word: str, asked_in: str, joined: Sequence[str] = ()) -> Meaning:
        """`asked_in` is the language of the question, `joined` are words of the tips that it makes with others."""
        key = (word, asked_in, *joined)
        known = self._memory.get(key)
        if known is None:
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            known = self._memory[key] = self._meaning(word, asked_in, joined)
        return known

    def _meaning(self, word: str, asked_in: str, joined: Sequence[str]) -> Meaning:
        words = self._words
        stem_of = words.analyzer.stem
        home = asked_in == words.language.code
        found = self._at_home(word) if home else self._abroad(word, asked_in)
        for together in joined:
            found[stem_of(together)] = JOINED
        for stem, fit in list(found.items()):
            if fit >= SPREADS and stem != stem_of(word):
                for compound in words.compounds.get(stem, ()):
                    _put(found, stem_of(words.names[compound]), PART * fit)
        stems = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:MOST_MEANT]
        families = [(fit, family) for stem, fit in stems if (family := words.family(stem))]
        families.sort(key=lambda one: (one[0] < TOGETHER or len(one[1]) == 1, -one[0]))
        numbers = np.array([number for _, family in families for number in family], dtype=np.intp)
        fits = np.array([fit for fit, family in families for _ in family], dtype=np.float32)
        if home and (family := words.family(stem_of(word))):
            weight = float(words.rarity[family[0]])
        else:
            likeliest = float((fits * words.rarity[numbers]).max()) if len(numbers) else 0.0
            weight = max(likeliest, words.rarest * UNKNOWN)
        return Meaning(
            numbers,
            fits,
            dict(
                zip(
                    numbers.tolist(),
                    zip(fits.tolist(), words.rarity[numbers].tolist(), strict=True),
                    strict=True,
                )
            ),
            [len(family) for fit, family in families if fit >= TOGETHER and len(family) > 1],
            weight,
            words.stem_number(stem_of(word)) if words.family(stem_of(word)) else None,
            word in words.numbers,
            grams(words.analyzer.repair(word) if home else word)[1],
        )

    def _at_home(self, word: str) -> dict[str, float]:
        """By stem how well it fits."""
        words, analyzer = self._words, self._words.analyzer
        own = analyzer.stem(word)
        if word in words.language.stop_words:
            return {own: 1.0}
        found = self._spelled_like(word)
        found[own] = 1.0
        for compound in words.compounds.get(own, ()):
            _put(found, analyzer.stem(words.names[compound]), COMPOUND)
        repaired = analyzer.repair(word)
        if repaired != word:
            _put(found, analyzer.stem(repaired), REPAIRED)
        for part in analyzer.parts(word):
            _put(found, part, PART)
        for synonym in self._synonyms.of(own):
            _put(found, synonym, SYNONYM)
        return found

    def _abroad(self, word: str, asked_in: str) -> dict[str, float]:
        """A word of another language: its translations; when we have none, what is spelled like it (`sharepoint`)."""
        stem = self._words.analyzer.stem
        translations = lexicon(asked_in, self._words.language.code).get(word)
        found = {} if translations else self._spelled_like(word)
        if word in self._words.numbers:
            _put(found, stem(word), 1.0)
        for translation, chance in (translations or {}).items():
            _put(found, stem(translation), chance**0.5)
        return found

    def _spelled_like(self, word: str) -> dict[str, float]:
        found: dict[str, float] = {}
        alike, likeness = self._words.vocabulary.alike(word)
        for number, like in zip(alike.tolist(), likeness.tolist(), strict=True):
            _put(found, self._words.analyzer.stem(self._words.names[number]), like)
        return found


def _put(found: dict[str, float], stem: str, fit: float) -> None:
    if found.get(stem, 0.0) < fit:
        found[stem] = fit
