"""The words of the tips of one language: their stems, what they weigh, their compounds, and what is spelled alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from adapters.search.analyzer import SHORTEST_COMPOUND, Analyzer
from adapters.search.languages import Language
from adapters.search.postings import Array, Groups
from adapters.search.spelling import Spelling, is_code
from adapters.search.vocabulary import Vocabulary

MANY_STEMS = 200
"""From here on it is quicker to take every word apart again than to look which ones have to be."""
NO_STEM = 0

Numbers = NDArray[np.int32]


class Stems:
    """The stems by number, from 1. In it are those that some word has which is no stop word."""

    def __init__(self, numbers: dict[str, int], names: list[str], meaningful: bytes) -> None:
        self.numbers = numbers
        self.names = names
        self.meaningful = meaningful

    def __contains__(self, stem: object) -> bool:
        number = self.numbers.get(stem)  # type: ignore[call-overload] # whatever it is, it is in it or not
        return number is not None and bool(self.meaningful[number])

    def differing(self, other: Stems) -> set[str]:
        """Those that are in one of both only."""
        longest = max(len(self.meaningful), len(other.meaningful))
        mine, others = (
            np.frombuffer(stems.meaningful.ljust(longest, b"\0"), dtype=bool) for stems in (self, other)
        )
        names = max(self.names, other.names, key=len)
        return {names[number] for number in np.flatnonzero(mine != others).tolist()}


class Words:
    """Immutable: when words come or go, `changed` makes a new one that differs from this one in those only.

    A number is never given to another word; that of a word that is gone stays empty. So do those of the stems.
    """

    numbers: dict[str, int]
    names: Sequence[str]
    stem_of: Numbers
    """By word; `NO_STEM` for one that is gone."""
    families: Groups
    """The words with a stem."""
    compounds: Groups
    """The words that a stem is a part of."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.numbers, self.names = {}, [""]
        self.stem_of = np.zeros(1, dtype=np.int32)
        self._parts = np.zeros((2, 1), dtype=np.int32)
        """By word the stems of its two parts; `NO_STEM` when it is no compound."""
        self._stems = Stems({"": NO_STEM}, [""], b"\0")
        self.vocabulary = Vocabulary.empty()
        self._are_codes = np.zeros(1, dtype=bool)
        self._are_compared = np.zeros(1, dtype=bool)
        self.analyzer = Analyzer(language, self.numbers, self._stems, Spelling.of({}))
        self._group()
        self._weigh(np.zeros(1, dtype=np.int64), 0)

    def changed(
        self,
        numbers: dict[str, int],
        names: list[str],
        counts: NDArray[np.int64],
        titled: NDArray[np.int64],
        tips: int,
    ) -> Words:
        """`numbers` are those of all words there were or are, `counts` in how many tips each is now, of how many, and
        `titled` in the titles or alternates of how many."""
        made = Words.__new__(Words)
        made.language, made.names = self.language, names
        old = len(self.stem_of)
        new: list[int] = (np.flatnonzero(counts[old:]) + old).tolist()
        gone = [number for word, number in self.numbers.items() if not counts[number]]
        codes = np.append(self._are_codes, np.array([is_code(name) for name in names[old:]], dtype=bool))
        compared = _compared(counts, titled) & ~codes
        was = np.zeros(len(names), dtype=bool)
        was[:old] = self._are_compared
        if len(names) == old and not gone and np.array_equal(compared, was):
            for name in self.__dict__.keys() - made.__dict__.keys():
                setattr(made, name, getattr(self, name))
            made._weigh(counts, tips)
            return made
        keep = counts > 0
        left = {names[number] for number in gone}
        # One that came and went before the change was done is not in it either.
        alive = np.count_nonzero(keep) == len(numbers)
        made.numbers = (
            numbers if alive else {word: number for word, number in numbers.items() if counts[number]}
        )
        made._stem(self, new, gone)
        made._are_codes, made._are_compared = codes, compared
        made.vocabulary = self.vocabulary.changed(np.flatnonzero(compared & ~was).tolist(), compared, names)
        spelling = self.analyzer.spelling.changed(new, keep, names, counts)
        made.analyzer = Analyzer(self.language, made.numbers, made._stems, spelling)
        stems: set[str] | None = None
        if len(new) <= MANY_STEMS:
            words = left.union([names[number] for number in new])
            stems = made._stems.differing(self._stems) | set(map(made.analyzer.stem, words))
        made._split(self, new, gone, stems)
        made._group()
        made._weigh(counts, tips)
        return made

    def stem_number(self, word: str) -> int:
        """That of the stem of a word; `NO_STEM` when no tip has it."""
        return self.number_of_stem(self.analyzer.stem(word))

    def number_of_stem(self, stem: str) -> int:
        """`NO_STEM` when no tip has it."""
        number = self._stems.numbers.get(stem, NO_STEM)
        return number if self.families.starts[number] < self.families.starts[number + 1] else NO_STEM

    def stem_name(self, number: int) -> str:
        return self._stems.names[number]

    def _stem(self, before: Words, new: Sequence[int], gone: Sequence[int]) -> None:
        """Put the new words with those of the same stem, and leave out those that are gone."""
        stem = before.analyzer.stem
        numbers, names = dict(before._stems.numbers), list(before._stems.names)
        self.stem_of = np.zeros(len(self.names), dtype=np.int32)
        self.stem_of[: len(before.stem_of)] = before.stem_of
        self.stem_of[gone] = NO_STEM
        for number in new:
            word = self.names[number]
            own = stem(word)
            if own == word:
                own = word  # one string for both: there are many
            known = numbers.get(own)
            if known is None:
                known = numbers[own] = len(names)
                names.append(own)
            self.stem_of[number] = known
        small = self.stem_of.copy()
        small[[self.numbers[word] for word in self.language.stop_words if word in self.numbers]] = NO_STEM
        meaningful = np.bincount(small, minlength=len(names)) > 0
        meaningful[NO_STEM] = False
        self._stems = Stems(numbers, names, meaningful.tobytes())

    def _split(
        self, before: Words, new: Sequence[int], gone: Sequence[int], stems: Collection[str] | None
    ) -> None:
        """Take apart the new words, and those of the others that a stem which came or went may be a part of (None: too
        many came to look at each)."""
        self._parts = np.zeros((2, len(self.names)), dtype=np.int32)
        self._parts[:, : before._parts.shape[1]] = before._parts
        self._parts[:, gone] = NO_STEM
        again = list(new)
        if self.language.links:
            has_one = _any_of(stems)
            again += [
                number
                for word, number in before.numbers.items()
                if len(word) >= SHORTEST_COMPOUND and word in self.numbers and has_one(word)
            ]
        stop, numbers, split = self.language.stop_words, self._stems.numbers, self.analyzer.split
        for number in again:
            word = self.names[number]
            parts = () if word in stop else split(word)
            self._parts[:, number] = [numbers[part] for part in parts] if parts else NO_STEM

    def _group(self) -> None:
        """The words of each stem, and those that have it as a part."""
        stems = len(self._stems.names)
        words = np.flatnonzero(self.stem_of).astype(np.int32)
        self.families = Groups.of(self.stem_of[words], words, stems)
        heads, tails = self._parts
        tails = np.where(tails == heads, NO_STEM, tails)
        first, second = np.flatnonzero(heads), np.flatnonzero(tails)
        self.compounds = Groups.of(
            np.concatenate((heads[first], tails[second])), np.concatenate((first, second)), stems
        )

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


def _compared(counts: NDArray[np.int64], titled: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which words a question's are compared with by their spelling: not those that the text of one single tip has.
    They are half of all words, mostly names, and a slip in one of them is repaired all the same."""
    return (titled > 0) | (counts > 1)


def _any_of(stems: Collection[str] | None) -> Callable[[str], object]:
    """Whether a word may have one of these stems in a part of it."""
    if stems is None or len(stems) > MANY_STEMS:
        return bool
    return re.compile("|".join(map(_written, sorted(stems))) or "(?!)").search


def _written(stem: str) -> str:
    """What a word has to have in it for this stem to be that of a part: its letters, with the `ge` of a participle
    and the doubled vowels that were taken out of it."""
    first, last = stem[:-1], stem[-1]
    letters = [f"{letter}{{1,2}}" if letter in "aeou" else letter for letter in first]
    letters.append({"f": "[fv]", "s": "[sz]"}.get(last, last))
    return "(?:ge)?".join(letters)
