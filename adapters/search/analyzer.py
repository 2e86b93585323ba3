"""From text to words: folded, stop words told apart, stemmed, compounds taken apart, separable verbs joined."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.search.languages import Language
from adapters.search.spelling import Spelling

LONGEST_WORD = 40
SHORTEST_COMPOUND = 7
MEMORY = 20_000
"""Words whose analysis is remembered, then all are forgotten: people use few words, and typos come once."""

_WORD = re.compile(r"[^\W_]+")
_PLAIN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "ł": "l", "'": None, "’": None})
_APOSTROPHES = str.maketrans("'’", "  ")


def fold(text: str) -> str:
    """Lower case, without accents and apostrophes (`foto's` is `fotos`)."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered.replace("'", "")
    decomposed = unicodedata.normalize("NFKD", lowered.translate(_PLAIN))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words_of(text: str, language: Language) -> list[str]:
    """The folded words of a text."""
    if language.elides:
        text = text.translate(_APOSTROPHES)
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


class Synonyms:
    """Groups of words and phrases that mean the same. Words are looked up; a phrase of several words is read as if the
    first word of its group stood there too."""

    def __init__(self, groups: Iterable[Sequence[str]], language: Language) -> None:
        self._same: dict[str, set[str]] = {}
        self._phrases: dict[str, list[tuple[list[str], str]]] = {}
        """By the first word."""
        for group in groups:
            written = [words for phrase in group if (words := words_of(phrase, language))]
            stems = {language.stem(words[0]) for words in written if len(words) == 1}
            for stem in stems:
                self._same.setdefault(stem, set()).update(stems - {stem})
            meant = next((words[0] for words in written if len(words) == 1), "")
            for words in written:
                if len(words) > 1:
                    self._phrases.setdefault(words[0], []).append((words, meant or "".join(written[0])))

    def of(self, stem: str) -> Collection[str]:
        """The stems that mean the same."""
        return self._same.get(stem, ())

    def read(self, words: list[str]) -> list[str]:
        """The words, followed by what the phrases among them mean."""
        if not self._phrases:
            return words
        meant = [
            word
            for at, first in enumerate(words)
            for phrase, word in self._phrases.get(first, ())
            if words[at : at + len(phrase)] == phrase
        ]
        return words + meant if meant else words


@dataclass(slots=True)
class Analyzer:
    """Analyses with the vocabulary of the tips of one language: `known` words as they stand, `stems` of them."""

    language: Language
    known: Mapping[str, Any]
    stems: Container[str]
    spelling: Spelling
    _stems: dict[str, str] = field(default_factory=dict)
    _parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _repaired: dict[str, str] = field(default_factory=dict)

    def stem(self, word: str) -> str:
        known = self._stems.get(word)
        if known is None:
            _forget_when_full(self._stems)
            known = self._stems[word] = self.language.stem(word)
        return known

    def parts(self, word: str) -> tuple[str, ...]:
        """The stems of the two words a compound is made of (`vergader`, `ruimte`); empty when it is none."""
        known = self._parts.get(word)
        if known is None:
            _forget_when_full(self._parts)
            known = self._parts[word] = self.split(word)
        return known

    def joined(self, words: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """Separable verbs (`maak … aan` is `aanmaken`) and split compounds: the two words, and a known word that they
        make together."""
        particles, links, stop = self.language.particles, self.language.links, self.language.stop_words
        for position, word in enumerate(words):
            if word in particles:
                for other in words:
                    if other not in stop and self.stem(word + other) in self.stems:
                        yield word, other, word + other
            elif links and position + 1 < len(words) and min(len(word), len(words[position + 1])) >= 3:
                together = word + words[position + 1]
                if together in self.known:
                    yield word, words[position + 1], together

    def repair(self, word: str) -> str:
        """The word, or the known one that it is a slip of the fingers away from."""
        if word in self.known:
            return word
        known = self._repaired.get(word)
        if known is None:
            _forget_when_full(self._repaired)
            known = self._repaired[word] = self.spelling.nearest(word) or word
        return known

    def split(self, word: str) -> tuple[str, ...]:
        """The same, and it is not remembered."""
        if len(word) < SHORTEST_COMPOUND:
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


def _forget_when_full(memory: dict[str, Any]) -> None:
    if len(memory) >= MEMORY:
        memory.clear()
