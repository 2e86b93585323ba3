"""The character grams of words, as numbers: three to five neighbouring characters in 6 bits each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from adapters.search.analyzer import MEMORY

EDGE = 63  # around a word; no digit is zero, so grams of different lengths differ
Codes = NDArray[np.int64]


def _digit(character: str) -> int:
    code = ord(character)
    if 97 <= code <= 122:
        return code - 96
    if 48 <= code <= 57:
        return code - 21
    return 37 + code % 26  # other alphabets share what is left: a collision costs a little precision there


class WordGrams:
    """Grams per word, remembered: a word's grams are the same in every text."""

    def __init__(self) -> None:
        self._memory: dict[str, tuple[Codes, Codes]] = {}

    def of(self, word: str) -> tuple[Codes, Codes]:
        """The grams of length three to five of a folded word with its edges, and those of length three alone."""
        known = self._memory.get(word)
        if known is None:
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            known = self._memory[word] = _grams(word)
        return known


def _grams(word: str) -> tuple[Codes, Codes]:
    digits = np.array([EDGE, *map(_digit, word[:60]), EDGE], dtype=np.int64)
    three = digits[:-2] << 12 | digits[1:-1] << 6 | digits[2:]
    four = three[:-1] << 6 | digits[3:]
    five = four[:-1] << 6 | digits[4:]
    return np.concatenate((three, four, five)), three
