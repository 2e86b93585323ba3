"""From text to weighted terms: folded, without stop words, stemmed, compounds taken apart, separable verbs joined."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.search.languages import Language
from adapters.search.spelling import Spelling

PART = 0.6
"""Weight of a compound's part, of a synonym, and of a corrected word, beside 1 for the word itself."""
SYNONYM = 0.5
CORRECTED = 0.8
LONGEST_WORD = 40
MOST_WORDS = 150
"""Words of a question that are looked at: a question is a sentence or two, and a novel must not stop the others."""
MEMORY = 20_000
"""Words whose analysis is remembered, then all are forgotten: people use few words, and typos come once."""

_WORD = re.compile(r"[^\W_]+")
_PLAIN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "ł": "l", "'": None, "’": None})


def fold(text: str) -> str:
    """Lower case, without accents and apostrophes (`foto's` is `fotos`)."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered.replace("'", "")
    decomposed = unicodedata.normalize("NFKD", lowered.translate(_PLAIN))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words_of(text: str) -> list[str]:
    """The folded words of a text; of a very long one, its beginning."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a question comes down to. `weights` per term; `words` are the content words as they stand, typos repaired;
    `unknown` counts those that no tip has."""

    weights: Mapping[str, float]
    words: tuple[str, ...]
    unknown: int


@dataclass(slots=True)
class Analyzer:
    """Analyses with the vocabulary of the tips of one language: `known` words as they stand, `stems` of them."""

    language: Language
    known: Collection[str]
    stems: Collection[str]
    spelling: Spelling
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """From a stem to the stems of the words that mean the same."""
    _stems: dict[str, str] = field(default_factory=dict)
    _parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _repaired: dict[str, str] = field(default_factory=dict)

    def stem(self, word: str) -> str:
        known = self._stems.get(word)
        if known is None:
            _forget_when_full(self._stems)
            known = self._stems[word] = self.language.stem(word)
        return known

    def index_terms(self, words: Iterable[str]) -> dict[str, float]:
        """The terms of a text of the index, with how often each occurs."""
        weights: dict[str, float] = {}
        stem = self.stem
        kept = self.content(words)
        for word in kept:
            term = stem(word)
            weights[term] = weights.get(term, 0.0) + 1.0
            for part in self.parts(word):
                weights[part] = weights.get(part, 0.0) + PART
        return weights

    def content(self, words: Iterable[str]) -> list[str]:
        """The words that carry meaning; all of them when none does."""
        everything = list(words)
        stop = self.language.stop_words
        return [word for word in everything if word not in stop] or everything

    def question_terms(self, text: str) -> Terms:
        """The terms of a question, with typos repaired and what it leaves unsaid added at a lower weight."""
        everything = words_of(text)[:MOST_WORDS]
        stem = self.stem
        weights: dict[str, float] = {}
        content: list[str] = []
        unknown = 0
        for word in self.content(everything):
            repaired, weight = word, 1.0
            term = stem(word)
            if word not in self.known and term not in self.stems:
                repaired = self._repair(word)
                if repaired != word:
                    term, weight = stem(repaired), CORRECTED
                elif not self.parts(word):
                    unknown += 1
            content.append(repaired)
            _add(weights, term, weight)
            for part in self.parts(repaired):
                _add(weights, part, PART * weight)
            for other in self.synonyms.get(term, ()):
                _add(weights, other, SYNONYM * weight)
        for joined in self._joined(everything):
            _add(weights, stem(joined), 1.0)
            for other in self.synonyms.get(stem(joined), ()):
                _add(weights, other, SYNONYM)
            content.append(joined)
        return Terms(weights, tuple(content), unknown)

    def parts(self, word: str) -> tuple[str, ...]:
        """The stems of the two words a compound is made of (`vergader`, `ruimte`); empty when it is none."""
        known = self._parts.get(word)
        if known is None:
            _forget_when_full(self._parts)
            known = self._parts[word] = self._split(word)
        return known

    def _split(self, word: str) -> tuple[str, ...]:
        if len(word) < 7:
            return ()
        own = self.stem(word)
        best: tuple[str, ...] = ()
        best_length = 0
        for cut in range(3, len(word) - 2):
            tail = self._known_stem(word[cut:])
            if tail is None or tail == own:
                continue
            for link in self.language.links:
                if not word[:cut].endswith(link):
                    continue
                head = self._known_stem(word[: cut - len(link)])
                # Of several ways to cut, the one with the longest shorter half: `mail` + `box`, not `ma` + `ilbox`.
                length = min(cut - len(link), len(word) - cut)
                if head is not None and head != own and length > best_length:
                    best, best_length = (head, tail), length
        return best

    def _known_stem(self, word: str) -> str | None:
        """The stem of a part of a compound: a word of the tips, or one that only differs in its ending."""
        if len(word) < 3 or word in self.language.stop_words:
            return None
        stem = self.stem(word)
        return stem if word in self.known or (len(stem) >= 4 and stem in self.stems) else None

    def _joined(self, words: list[str]) -> list[str]:
        """Separable verbs (`maak … aan` is `aanmaken`) and split compounds, when the joined word is a known one."""
        joined: list[str] = []
        particles, stems, stem = self.language.particles, self.stems, self.stem
        for position, word in enumerate(words):
            if word in particles:
                joined += [
                    word + other
                    for other in words
                    if other not in self.language.stop_words and stem(word + other) in stems
                ]
            elif (
                position + 1 < len(words)
                and len(word) >= 3
                and len(words[position + 1]) >= 3
                and self.language.links
            ):
                together = word + words[position + 1]
                if together in self.known:
                    joined.append(together)
        return joined

    def _repair(self, word: str) -> str:
        known = self._repaired.get(word)
        if known is None:
            _forget_when_full(self._repaired)
            known = self._repaired[word] = self.spelling.nearest(word) or word
        return known


def _add(weights: dict[str, float], term: str, weight: float) -> None:
    if weights.get(term, 0.0) < weight:
        weights[term] = weight


def _forget_when_full(memory: dict[str, Any]) -> None:
    if len(memory) >= MEMORY:
        memory.clear()
