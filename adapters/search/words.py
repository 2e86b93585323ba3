"""The words of the tips of one language: their stems, what they weigh, their compounds, and what is spelled alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from adapters.search.analyzer import SHORTEST_COMPOUND, Analyzer
from adapters.search.languages import Language
from adapters.search.postings import Array
from adapters.search.spelling import Spelling
from adapters.search.vocabulary import Vocabulary

MANY_STEMS = 200
"""From here on it is quicker to take every word apart again than to look which ones have to be."""
NOBODY: tuple[int, ...] = ()


class Words:
    """Immutable: when words come or go, `changed` makes a new one that differs from this one in those only.

    A number is never given to another word; that of a word that is gone stays empty.
    """

    numbers: dict[str, int]
    names: Sequence[str]
    families: dict[str, tuple[int, ...]]
    """The words with a stem."""
    compounds: dict[str, tuple[int, ...]]
    """The words that a stem is a part of."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.numbers, self.names, self.families, self.compounds = {}, [""], {}, {}
        self._parts: dict[int, tuple[str, ...]] = {}
        self._stems: set[str] = set()
        """Of the words that are no stop words."""
        self.stem_of: NDArray[np.int32] = np.zeros(1, dtype=np.int32)
        self._stem_numbers: dict[str, int] = {"": 0}
        self.vocabulary = Vocabulary.empty()
        self.analyzer = Analyzer(language, self.numbers, self._stems, Spelling.of({}))
        self._weigh(np.zeros(1, dtype=np.int64), 0)

    def changed(
        self, numbers: dict[str, int], names: list[str], counts: NDArray[np.int64], tips: int
    ) -> Words:
        """`numbers` are those of all words there were or are, `counts` in how many tips each is now, of how many."""
        made = Words.__new__(Words)
        made.language, made.names = self.language, names
        old = len(self.stem_of)
        new = [(number, names[number]) for number in range(old, len(names)) if counts[number]]
        gone = [number for word, number in self.numbers.items() if not counts[number]]
        if not new and not gone:
            for name in self.__dict__.keys() - made.__dict__.keys():
                setattr(made, name, getattr(self, name))
            made._weigh(counts, tips)
            return made
        keep = counts > 0
        left = {names[number] for number in gone}
        made.numbers = {word: number for word, number in numbers.items() if counts[number]}
        made._stem(self, new, gone)
        made.vocabulary = self.vocabulary.changed(new, keep)
        spelling = self.analyzer.spelling.changed(new, keep, names, counts)
        made.analyzer = self.analyzer.renewed(made.numbers, made._stems, spelling)
        came = {word for _, word in new}
        stems = (made._stems ^ self._stems) | {made.analyzer.stem(word) for word in came | left}
        made._split(self, new, gone, stems)
        made._weigh(counts, tips)
        return made

    def family(self, stem: str) -> tuple[int, ...]:
        return self.families.get(stem, NOBODY)

    def stem_number(self, stem: str) -> int | None:
        return self._stem_numbers.get(stem)

    def _stem(self, before: Words, new: Sequence[tuple[int, str]], gone: Sequence[int]) -> None:
        """Put the new words with those of the same stem, and leave out those that are gone."""
        stem, stop = before.analyzer.stem, self.language.stop_words
        self.families, self._stem_numbers = dict(before.families), dict(before._stem_numbers)
        self.stem_of = np.zeros(len(self.names), dtype=np.int32)
        self.stem_of[: len(before.stem_of)] = before.stem_of
        self._stems = set(before._stems)
        touched: dict[str, list[int]] = {}
        for number, word in new:
            own = stem(word)
            touched.setdefault(own, []).append(number)
            self.stem_of[number] = self._stem_numbers.setdefault(own, len(self._stem_numbers))
        lost = set(gone)
        for number in gone:
            touched.setdefault(stem(self.names[number]), [])
        for own, more in touched.items():
            kept = tuple(number for number in self.families.get(own, NOBODY) if number not in lost)
            family = self.families[own] = (*kept, *more)
            if not family:
                del self.families[own]
            if any(self.names[number] not in stop for number in family):
                self._stems.add(own)
            else:
                self._stems.discard(own)

    def _split(
        self, before: Words, new: Sequence[tuple[int, str]], gone: Sequence[int], stems: set[str]
    ) -> None:
        """Take apart the new words, and those of the others that a stem which came or went may be a part of."""
        self._parts = dict(before._parts)
        self.compounds = dict(before.compounds)
        again = [number for number, _ in new]
        if self.language.links:
            has_one = _any_of(stems)
            again += [
                number
                for word, number in before.numbers.items()
                if len(word) >= SHORTEST_COMPOUND and word in self.numbers and has_one(word)
            ]
        changes: dict[str, tuple[set[int], set[int]]] = {}
        for number in gone:
            for part in self._parts.pop(number, ()):
                changes.setdefault(part, (set(), set()))[0].add(number)
        stop = self.language.stop_words
        for number in again:
            word = self.names[number]
            parts = () if word in stop else self.analyzer.parts(word)
            known = self._parts.get(number, ())
            if parts == known:
                continue
            for part in known:
                changes.setdefault(part, (set(), set()))[0].add(number)
            for part in parts:
                changes.setdefault(part, (set(), set()))[1].add(number)
            if parts:
                self._parts[number] = parts
            else:
                del self._parts[number]
        for part, (less, more) in changes.items():
            words = (set(self.compounds.get(part, ())) - less) | more
            if words:
                self.compounds[part] = tuple(sorted(words))
            else:
                self.compounds.pop(part, None)

    def _weigh(self, counts: NDArray[np.int64], tips: int) -> None:
        """`rarity` and `telling` by word: those of its stem, which is in as many tips as its words, at most all."""
        stems = np.minimum(np.bincount(self.stem_of, counts), tips)[self.stem_of]
        self.rarity: Array = np.log1p(tips / (stems + 0.5)).astype(np.float32)
        self.telling: Array = np.log1p((tips - stems + 0.5) / (stems + 0.5)).astype(np.float32)
        self.rarest = float(np.log1p(2 * tips))
        stop = [self.numbers[word] for word in self.language.stop_words if word in self.numbers]
        self.sizes = self.vocabulary.sizes.astype(np.float32)
        """Threes of neighbouring characters, 0 for a stop word."""
        self.sizes[stop] = 0
        self.rarity[0] = 0


def _any_of(stems: Collection[str]) -> Callable[[str], object]:
    """Whether a word may have one of these stems in a part of it."""
    if len(stems) > MANY_STEMS:
        return bool
    return re.compile("|".join(map(_written, sorted(stems))) or "(?!)").search


def _written(stem: str) -> str:
    """What a word has to have in it for this stem to be that of a part: its letters, with the `ge` of a participle
    and the doubled vowels that were taken out of it."""
    first, last = stem[:-1], stem[-1]
    letters = [f"{letter}{{1,2}}" if letter in "aeou" else letter for letter in first]
    letters.append({"f": "[fv]", "s": "[sz]"}.get(last, last))
    return "(?:ge)?".join(letters)
