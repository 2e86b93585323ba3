"""What a word of a question may mean: the stems of the tips that it stands for, each with how well."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from adapters.search.analyzer import MEMORY, Analyzer, Synonyms
from adapters.search.postings import Array, Ints
from adapters.search.terms import Terms
from adapters.search.vocabulary import Vocabulary

PART = 0.6
"""A part of the asked compound."""
COMPOUND = 0.7
"""A compound with the asked word in it."""
SYNONYM = 0.8
REPAIRED = 0.9
JOINED = 0.9
"""A separable verb, or a compound that was written apart."""

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


class Meanings:
    """Of every word that was asked it remembers what it may mean."""

    def __init__(self, analyzer: Analyzer, vocabulary: Vocabulary, terms: Terms, synonyms: Synonyms) -> None:
        self._analyzer = analyzer
        self._vocabulary = vocabulary
        self._terms = terms
        self._synonyms = synonyms
        self._memory: dict[tuple[str, str], tuple[Ints, Array]] = {}

    def of(self, word: str, asked_in: str) -> tuple[Ints, Array]:
        """Stems and how well each fits, from 0 to 1. `asked_in` is the language of the question."""
        key = (word, asked_in)
        known = self._memory.get(key)
        if known is None:
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            foreign = asked_in != self._analyzer.language.code
            found = self._abroad(word, asked_in) if foreign else self._at_home(word)
            known = self._memory[key] = (
                np.fromiter(found.keys(), dtype=np.int64, count=len(found)),
                np.fromiter(found.values(), dtype=np.float64, count=len(found)),
            )
        return known

    def _at_home(self, word: str) -> dict[int, float]:
        language, ids = self._analyzer.language, self._terms.ids
        own = ids.get(self._analyzer.stem(word))
        if word in language.stop_words:
            return {} if own is None else {own: 1.0}
        found = self._spelled_like(word)
        if own is not None:
            found[own] = 1.0
            for compound in self._terms.compounds.get(own, ()):
                _put(found, compound, COMPOUND)
        repaired = self._analyzer.repair(word)
        if repaired != word:
            _put(found, ids[self._analyzer.stem(repaired)], REPAIRED)
        for part in self._analyzer.parts(word):
            _put(found, ids.get(part), PART)
        for synonym in self._synonyms.of(self._analyzer.stem(word)):
            _put(found, ids.get(synonym), SYNONYM)
        return found

    def _abroad(self, word: str, asked_in: str) -> dict[int, float]:
        """A word of another language: its translations; when we have none, what is spelled like it (`sharepoint`)."""
        language, ids = self._analyzer.language, self._terms.ids
        translations = lexicon(asked_in, language.code).get(word)
        found = {} if translations else self._spelled_like(word)
        if word in self._vocabulary.ids:
            _put(found, ids.get(self._analyzer.stem(word)), 1.0)
        for translation, chance in (translations or {}).items():
            _put(found, ids.get(self._analyzer.stem(translation)), chance**0.5)
        return found

    def _spelled_like(self, word: str) -> dict[int, float]:
        found: dict[int, float] = {}
        words, likeness = self._vocabulary.alike(word)
        for stem, like in zip(self._terms.of_word[words].tolist(), likeness.tolist(), strict=True):
            _put(found, stem, like)
        return found


def _put(found: dict[int, float], stem: int | None, fit: float) -> None:
    if stem is not None and found.get(stem, 0.0) < fit:
        found[stem] = fit
