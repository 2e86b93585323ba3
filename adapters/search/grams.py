"""Character grams: three to five neighbouring characters of a word and its edges, each as one number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adapters.search.postings import Array, Ints, Postings, stack

EDGE = 63
"""The six bits around a word. No character is zero, so grams of different lengths differ."""
COMMON = 1500
"""A gram of more texts than this, and of more than one in fifty, is left out of questions: it tells little, and takes
nearly all of the time when there are ten thousand tips."""
MEMORY = 20_000
"""Words that are remembered before all are forgotten: people use few words, and typos come once."""


def codes_of(word: str) -> tuple[Ints, Ints]:
    """The grams of length three to five of a folded word, and those of length three alone."""
    digits = np.array([EDGE, *map(_digit, word), EDGE], dtype=np.int64)
    three = digits[:-2] << 12 | digits[1:-1] << 6 | digits[2:]
    four = three[:-1] << 6 | digits[3:]
    five = four[:-1] << 6 | digits[4:]
    return np.concatenate((three, four, five)), three


def _digit(character: str) -> int:
    code = ord(character)
    if 97 <= code <= 122:
        return code - 96
    if 48 <= code <= 57:
        return code - 21
    return 37 + code % 26  # other alphabets share what is left: a collision costs a little precision there


class GramIndex:
    """Texts by their grams: cosine (three to five) and Dice (three). Grams do not cross words, so what a word
    adds to a question is remembered per word."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._count = len(texts)
        codes = {word: codes_of(word) for word in {word for text in texts for word in text}}
        self._codes, pairs, often = _counted([[codes[word][0] for word in text] for text in texts])
        shape = (len(self._codes), self._count)
        cosine = Postings(pairs[0], pairs[1], often, shape)
        self._idf = np.log1p(self._count / (cosine.frequencies + 0.5))
        self._rarest = float(np.log1p(2 * self._count))
        cosine.multiply_features(self._idf)
        cosine.normalize()
        cosine.multiply_features(self._idf)  # what a question weighs, so that it need not be multiplied then
        threes, pairs, often = _counted([[codes[word][1] for word in text] for text in texts])
        # The threes get the numbers they have among all grams, so that one look-up serves both.
        dice = Postings(np.searchsorted(self._codes, threes)[pairs[0]], pairs[1], np.ones(len(often)), shape)
        self._sizes = dice.sums()
        self._frequencies = cosine.frequencies
        self._most = max(COMMON, self._count // 50)
        self._both = stack([cosine, dice])
        self._memory: dict[str, tuple[Ints, float, int]] = {}

    def score(self, words: Sequence[str]) -> tuple[Array, Array]:
        """Per text the cosine and the Dice coefficient with the words of a question."""
        known = [self._word(word) for word in dict.fromkeys(words)]
        length = sum(squares for _, squares, _ in known) ** 0.5 or 1.0
        size = sum(threes for _, _, threes in known)
        scores = self._both.score(np.concatenate([features for features, _, _ in known]))
        return scores[: self._count] / length, 2 * scores[self._count :] / (self._sizes + size)

    def _word(self, word: str) -> tuple[Ints, float, int]:
        """The telling grams of a word, the squared length of all its grams, and how many are threes."""
        known = self._memory.get(word)
        if known is None:
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            codes, threes = codes_of(word)
            features, found = self._find(codes)
            features = features[found]
            weights = self._idf[features]
            squares = float(weights @ weights) + self._rarest**2 * (len(codes) - len(features))
            telling = features[self._frequencies[features] <= self._most]
            known = self._memory[word] = (telling, squares, len(threes))
        return known

    def _find(self, codes: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        if not len(self._codes):
            return np.zeros(len(codes), dtype=np.int64), np.zeros(len(codes), dtype=bool)
        features = np.searchsorted(self._codes, codes)
        features[features == len(self._codes)] = 0
        return features, self._codes[features] == codes


def _counted(texts: Sequence[Sequence[Ints]]) -> tuple[Ints, tuple[Ints, Ints], Ints]:
    """The different codes, and how often each (by its number) occurs in each text."""
    flat = [codes for text in texts for codes in text]
    if not flat:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, (nothing, nothing), nothing
    owners = np.repeat(np.arange(len(texts)), [sum(map(len, text)) for text in texts])
    codes, numbers = np.unique(np.concatenate(flat), return_inverse=True)
    pairs, often = np.unique(numbers * len(texts) + owners, return_counts=True)
    return codes, (pairs // len(texts), pairs % len(texts)), often
