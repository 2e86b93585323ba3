"""What a word of a question may mean: the words of the tips that it stands for, each with how well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from adapters.search.analyzer import Synonyms
from adapters.search.postings import Array, Places, places
from adapters.search.spelling import is_code
from adapters.search.vocabulary import Codes, grams
from adapters.search.words import NO_STEM, Words

PART = 0.6
"""A part of the asked compound."""
COMPOUND = 0.7
"""A compound with the asked word in it."""
SYNONYM = 0.8
REPAIRED = 0.9
JOINED = 0.9
"""A separable verb, or a compound that was written apart."""

PARAPHRASE = 0.6
"""A word that translates as it does, however likely that is; or its English, which products are full of."""
LEAST_PARAPHRASE = 0.05

TOGETHER = 0.75
"""From this fit on, the words with a stem count together; below it, the best of them."""
SPREADS = 0.6
"""From this fit on, the compounds of a stem count as well."""
UNKNOWN = 0.6
"""What a word that is in no tip weighs, beside the rarest that is."""
MOST_MEANT = 80
"""Stems that a word may mean, the likeliest ones."""
MEMORY = 60_000
"""Words of the tips that the meanings which are remembered have together, a MB or two; then all are forgotten: people
use few words."""

_NONE: Codes = np.zeros(0, dtype=np.int32)

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


@cache
def paraphrases(code: str) -> Lexicon:
    """The words of a language that are translated like another one, by way of each lexicon there and back; and their
    English."""
    found: dict[str, dict[str, float]] = {}
    for other in {"en", "fr", "nl"} - {code}:
        back = lexicon(other, code)
        for word, translations in lexicon(code, other).items():
            total = max(1.0, sum(translations.values()))
            alike = found.setdefault(word, {})
            for translation, chance in translations.items():
                if other == "en":
                    alike[translation] = max(alike.get(translation, 0.0), chance / total)
                for again, returning in back.get(translation, {}).items():
                    if again != word:
                        alike[again] = alike.get(again, 0.0) + chance / total * returning
    return {
        word: {other: min(1.0, chance) for other, chance in alike.items() if chance >= LEAST_PARAPHRASE}
        for word, alike in found.items()
    }


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """The words of the tips that a word of a question stands for, each with how well it fits, from 0 to 1."""

    words: Places
    fits: Array
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
        self._room = MEMORY

    def of(self, word: str, asked_in: str, joined: Sequence[str] = ()) -> Meaning:
        """`asked_in` is the language of the question, `joined` are words of the tips that it makes with others."""
        key = (word, asked_in, *joined)
        known = self._memory.get(key)
        if known is None:
            known = self._meaning(word, asked_in, joined)
            self._room -= len(known.words) + 1
            if self._room < 0:
                self._memory.clear()
                self._room = MEMORY
            self._memory[key] = known
        return known

    def _meaning(self, word: str, asked_in: str, joined: Sequence[str]) -> Meaning:
        words = self._words
        home = asked_in == words.language.code
        own = words.stem_number(word)
        found = self._at_home(word, own) if home else self._abroad(word, asked_in)
        for together in joined:
            found[words.stem_number(together)] = JOINED
        wide = [stem for stem, fit in found.items() if fit >= SPREADS and stem not in (own, NO_STEM)]
        if wide:
            at, lengths = places(words.compounds.starts, np.array(wide))
            fits = np.array([PART * found[stem] for stem in wide]).repeat(lengths)
            stems = words.stem_of[words.compounds.values[at]]
            for compound, fit in zip(stems.tolist(), fits.tolist(), strict=True):
                _put(found, compound, fit)
        found.pop(NO_STEM, None)
        numbers, fits, families = self._families(found)
        if home and own:
            weight = float(words.rarity[words.families[own][0]])
        else:
            likeliest = float((fits * words.rarity[numbers]).max(0)) if len(numbers) else 0.0
            weight = max(likeliest, words.rarest * UNKNOWN)
        return Meaning(
            numbers,
            fits,
            families,
            weight,
            own or None,
            word in words.numbers,
            _threes(words.analyzer.repair(word) if home else word),
        )

    def _families(self, found: Mapping[int, float]) -> tuple[Places, Array, list[int]]:
        """The words with these stems, how well each fits, and of how many words the families are that count
        together: those come first."""
        words = self._words
        stems = list(found)
        if len(stems) > MOST_MEANT:
            # Of equals at the edge the first by name: which one is cut off must not hang on a number.
            least = sorted(found.values())[-MOST_MEANT]
            stems = [stem for stem, fit in found.items() if fit > least]
            edge = sorted([stem for stem, fit in found.items() if fit == least], key=words.stem_name)
            stems += edge[: MOST_MEANT - len(stems)]
        fits = np.array([found[stem] for stem in stems], dtype=np.float32)
        rows = np.array(stems, dtype=np.intp)
        starts = words.families.starts
        sizes = starts[rows + 1] - starts[rows]
        together = (fits >= TOGETHER) & (sizes > 1)
        order = np.lexsort((-fits, ~together))
        at, lengths = places(starts, rows[order])
        numbers = words.families.values[at].astype(np.intp)
        return numbers, fits[order].repeat(lengths), lengths[: np.count_nonzero(together)].tolist()

    def _at_home(self, word: str, own: int) -> dict[int, float]:
        """By stem how well it fits."""
        words, analyzer = self._words, self._words.analyzer
        if word in words.language.stop_words:
            return {own: 1.0}
        found = self._spelled_like(word)
        found[own] = 1.0
        if own:
            for compound in words.stem_of[words.compounds[own]].tolist():
                _put(found, compound, COMPOUND)
        repaired = analyzer.repair(word)
        if repaired != word:
            _put(found, words.stem_number(repaired), REPAIRED)
        for part in analyzer.parts(word):
            _put(found, words.number_of_stem(part), PART)
        for synonym in self._synonyms.of(analyzer.stem(word)):
            _put(found, words.number_of_stem(synonym), SYNONYM)
        for other, chance in paraphrases(words.language.code).get(word, {}).items():
            _put(found, words.stem_number(other), PARAPHRASE * chance**0.5)
        return found

    def _abroad(self, word: str, asked_in: str) -> dict[int, float]:
        """A word of another language: its translations; when we have none, what is spelled like it (`sharepoint`)."""
        words = self._words
        translations = lexicon(asked_in, words.language.code).get(word)
        found = {} if translations else self._spelled_like(word)
        if word in words.numbers:
            _put(found, words.stem_number(word), 1.0)
        for translation, chance in (translations or {}).items():
            _put(found, words.stem_number(translation), chance**0.5)
        return found

    def _spelled_like(self, word: str) -> dict[int, float]:
        found: dict[int, float] = {}
        if is_code(word):
            return found
        alike, likeness = self._words.vocabulary.alike(word)
        for stem, like in zip(self._words.stem_of[alike].tolist(), likeness.tolist(), strict=True):
            _put(found, stem, like)
        return found


def _threes(word: str) -> Codes:
    return _NONE if is_code(word) else grams(word).threes


def _put(found: dict[int, float], stem: int, fit: float) -> None:
    if found.get(stem, 0.0) < fit:
        found[stem] = fit
