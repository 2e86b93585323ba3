"""The words of the tips of one language, by number, and which of them are spelled alike.

Likeness of spelling is what finds an inflected form, a compound, a typo and a product name written in one word,
all without knowing which of these it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adapters.search.postings import Array, Ints, Lists, Places, paired, places

Codes = NDArray[np.int32]
EDGE = 63
"""The six bits around a word. No character is zero, so grams of different lengths differ."""
ALIKE = 0.35
"""The least likeness that counts."""
PART = 1 << 13
"""Grams whose words are weighed at once."""
MOST_ALIKE = 40
"""Words alike that are looked at, the likest ones."""


class Grams(NamedTuple):
    """The two to four neighbouring characters in a folded word and its edges, as numbers."""

    codes: Codes
    """Each once."""
    often: NDArray[np.intp]
    threes: Codes
    """All of three characters, in order."""


@lru_cache(maxsize=5_000)
def grams(word: str) -> Grams:
    """Nobody changes them: they are remembered."""
    digits = [EDGE, *map(_digit, word), EDGE]
    two = [one << 6 | other for one, other in pairwise(digits)]
    three = [code << 6 | digit for code, digit in zip(two, digits[2:], strict=False)]
    four = [code << 6 | digit for code, digit in zip(three, digits[3:], strict=False)]
    often = Counter(two + three + four)
    codes = sorted(often)
    return Grams(
        np.array(codes, dtype=np.int32),
        np.array([often[code] for code in codes], dtype=np.intp),
        np.array(three, dtype=np.int32),
    )


def _digit(character: str) -> int:
    code = ord(character)
    if 97 <= code <= 122:
        return code - 96
    if 48 <= code <= 57:
        return code - 21
    return 37 + code % 26  # other alphabets share what is left: a collision costs a little precision there


LENGTHS = {2: (1, 1 << 12), 3: (1 << 12, 1 << 18), 4: (1 << 18, 1 << 24)}
"""From how many neighbouring characters there are in a gram to its lowest number, and the one past its highest."""


def _all_grams(numbers: Sequence[int], words: Sequence[str]) -> Iterator[Ints]:
    """The grams of many words, by length: each `paired` with the word's number."""
    text = "".join([f"\0{word}\0" for word in words]).encode("utf-32-le", "surrogatepass")
    letters = np.frombuffer(text, dtype=np.int32)
    digits = np.where(letters, 37 + letters % 26, EDGE).astype(np.int32)
    for low, high, less in ((97, 122, 96), (48, 57, 21)):
        some = (letters >= low) & (letters <= high)
        digits[some] = letters[some] - less
    del text, letters
    sizes = np.array([len(word) + 2 for word in words], dtype=np.int32)
    owners = np.array(numbers, dtype=np.int32).repeat(sizes)
    codes, within = digits, np.ones(len(digits), dtype=bool)
    for length in LENGTHS:
        # One character more; none reaches from one word into the next.
        ends = digits[length - 1 :]
        within = within[:-1] & ((digits[length - 2 : -1] != EDGE) | (ends != EDGE))
        codes = codes[:-1] << 6 | ends
        yield paired(codes[within], owners[: len(codes)][within])


class Vocabulary:
    """Which words are alike is an inverted index of their grams. Immutable."""

    def __init__(self, lists: Lists, sizes: NDArray[np.int32]) -> None:
        """`sizes`: by number, how many threes a word has; 0 for a number that is of no word (any more)."""
        self._lists = lists
        self.sizes = sizes
        counts = np.diff(lists.starts)
        words = int(np.count_nonzero(sizes))
        self._rarity: Array = np.log1p(words / (counts + 0.5)).astype(np.float32)
        self._rarest = float(np.log1p(2 * max(words, 1)))
        squares = np.zeros(len(sizes), dtype=np.float64)
        for at in range(
            0, len(counts), PART
        ):  # a part at a time: all of it would take several times the index
            part = lists.values[lists.starts[at] : lists.starts[min(at + PART, len(counts))]]
            weights = (self._rarity[at : at + PART] ** 2).repeat(counts[at : at + PART])
            squares += np.bincount(part, weights, minlength=len(sizes))
        self._lengths = np.sqrt(np.maximum(squares, 1e-9)).astype(np.float32)
        self._least: Array = self._lengths * np.float32(ALIKE)
        """What a word has in common with one that is likely enough, divided by the length of that."""

    @classmethod
    def empty(cls) -> Vocabulary:
        return cls(Lists.of(np.zeros(0, np.int64)), np.zeros(1, np.int32))

    def changed(self, new: Sequence[int], keep: NDArray[np.bool_], names: Sequence[str]) -> Vocabulary:
        """With the words that are new, by number, and of the others those to keep; `names` are all, by number."""
        sizes = np.zeros(len(keep), dtype=np.int32)
        sizes[: len(self.sizes)] = self.sizes * keep[: len(self.sizes)]
        words = [names[number] for number in new]
        sizes[new] = list(map(len, words))
        parts = []
        for came, (low, high) in zip(_all_grams(new, words), LENGTHS.values(), strict=True):
            kept = self._lists.pairs(keep, low, high)
            parts.append(Lists.of(np.concatenate((kept, came)) if len(kept) else came))
        return Vocabulary(Lists.joined(parts), sizes)

    def alike(self, word: str) -> tuple[Places, Array]:
        """The words spelled like this one, and how much, from `ALIKE` to 1: the cosine of their grams."""
        codes, often, _ = grams(word)
        features, known = self._lists.find(codes)
        rarity, times = self._rarity[features].astype(np.float64), often[known]
        square = float(((rarity * times) ** 2).sum()) + self._rarest**2 * float((often[~known] ** 2).sum())
        at, lengths = places(self._lists.starts, features)
        sums = np.bincount(
            self._lists.values[at], (rarity**2 * times).repeat(lengths), minlength=len(self.sizes)
        )
        length = square**0.5
        found = np.flatnonzero(sums >= self._least * length)
        likeness = (sums[found] / (self._lengths[found] * length)).astype(np.float32)
        if len(found) > MOST_ALIKE:
            # The likest, and of those at the edge all: which one is cut off must not hang on a number.
            likest = likeness >= np.partition(likeness, -MOST_ALIKE)[-MOST_ALIKE]
            found, likeness = found[likest], likeness[likest]
        return found, likeness

    def threes(self, wanted: Codes) -> list[int]:
        """Which lists are of these threes: for those that no word has, numbers below zero that stand for them."""
        found, _ = self._lists.find(wanted)
        known = dict(zip(self._lists.keys[found].tolist(), found.tolist(), strict=True))
        return [known.get(code, -1 - code) for code in wanted.tolist()]

    def having(self, threes: Sequence[int]) -> NDArray[np.int32]:
        """The words that have these threes (as `threes` numbers them), once for each."""
        features = np.array([three for three in dict.fromkeys(threes) if three >= 0], dtype=np.int64)
        return self._lists.values[places(self._lists.starts, features)[0]]
