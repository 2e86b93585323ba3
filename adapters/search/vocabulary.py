"""The words of the tips of one language, by number, and which of them are spelled alike.

Likeness of spelling is what finds an inflected form, a compound, a typo and a product name written in one word,
all without knowing which of these it is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.search.postings import Array, Ints, places, starts_of

EDGE = 63
"""The six bits around a word. No character is zero, so grams of different lengths differ."""
ALIKE = 0.35
"""The least likeness that counts."""
MOST_ALIKE = 40
"""Words alike that are looked at, the likest ones."""


@lru_cache(maxsize=20_000)
def grams(word: str) -> tuple[Ints, Ints]:
    """The two to four neighbouring characters in a folded word and its edges, as numbers; and the threes alone.
    Nobody changes them: they are remembered."""
    digits = np.array([EDGE, *map(_digit, word), EDGE], dtype=np.int64)
    two = digits[:-1] << 6 | digits[1:]
    three = two[:-1] << 6 | digits[2:]
    four = three[:-1] << 6 | digits[3:]
    return np.concatenate((two, three, four)), three


def _digit(character: str) -> int:
    code = ord(character)
    if 97 <= code <= 122:
        return code - 96
    if 48 <= code <= 57:
        return code - 21
    return 37 + code % 26  # other alphabets share what is left: a collision costs a little precision there


class Vocabulary:
    """`ids` numbers the words. Which of them are alike is an inverted index of their grams."""

    def __init__(self, ids: dict[str, int]) -> None:
        self.ids = ids
        found = [grams(word) for word in ids]
        lengths = [len(every) for every, _ in found]
        flat = np.concatenate([every for every, _ in found]) if found else np.zeros(0, dtype=np.int64)
        owners = np.repeat(np.arange(len(ids), dtype=np.int32), lengths)
        self._codes, numbers = np.unique(flat, return_inverse=True)
        counts = np.bincount(numbers, minlength=len(self._codes))
        self._starts = starts_of(counts)
        self._words: NDArray[np.int32] = owners[np.argsort(numbers, kind="stable")]
        self._rarity: Array = np.log1p(len(ids) / (counts + 0.5))
        self._rarest = float(np.log1p(2 * len(ids)))
        self._lengths = np.sqrt(np.bincount(owners, self._rarity[numbers] ** 2, minlength=len(ids)))
        self._sizes = np.array([len(threes) for _, threes in found], dtype=np.int64)

    def alike(self, word: str) -> tuple[NDArray[np.intp], NDArray[Any]]:
        """The words spelled like this one, and how much, from `ALIKE` to 1: the cosine of their grams."""
        codes, often = np.unique(grams(word)[0], return_counts=True)
        where = np.searchsorted(self._codes, codes)
        where[where == len(self._codes)] = 0
        known = self._codes[where] == codes if len(self._codes) else np.zeros(len(codes), dtype=bool)
        features, times = where[known], often[known]
        rarity = self._rarity[features]
        square = float(((rarity * times) ** 2).sum()) + self._rarest**2 * float((often[~known] ** 2).sum())
        at, lengths = places(self._starts, features)
        sums = np.bincount(self._words[at], (rarity**2 * times).repeat(lengths), len(self.ids))
        likeness = sums / (self._lengths * square**0.5) if len(self.ids) else sums
        found = np.flatnonzero(likeness >= ALIKE)
        if len(found) > MOST_ALIKE:
            found = found[np.argpartition(likeness[found], -MOST_ALIKE)[-MOST_ALIKE:]]
        return found, likeness[found]

    def shared_threes(self, wanted: Ints) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Per word how many of the `wanted` threes it has, and how many threes in all."""
        where = np.searchsorted(self._codes, wanted)
        where[where == len(self._codes)] = 0
        at, _ = places(self._starts, where[self._codes[where] == wanted])
        return np.bincount(self._words[at], minlength=len(self.ids)), self._sizes
