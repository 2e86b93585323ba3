"""Repairs typing mistakes against the words of the tips: one letter missing, too many, wrong or swapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

SHORTEST = 4
"""Shorter words have too many neighbours to guess."""
FIRST_MAY_DIFFER_FROM = 6
TWO_FROM = 7
"""Letters from which two mistakes are taken for a slip."""


class Spelling:
    """The known words, by the hashes of everything that is left of them when one letter is taken away.

    Two words are one mistake apart (Damerau-Levenshtein) only if they share such a rest. Sorted arrays of
    hashes take a tenth of the memory of a dictionary of strings.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        """`counts`: how often each known word occurs; among equals the more usual word wins."""
        self._words: Sequence[str] = [word for word in counts if len(word) >= SHORTEST]
        self._counts = [counts[word] for word in self._words]
        hashes: list[int] = []
        owners: list[int] = []
        for position, word in enumerate(self._words):
            rests = _rests(word)
            hashes += rests
            owners += [position] * len(rests)
        keys = np.array(hashes, dtype=np.int64)
        order = np.argsort(keys, kind="stable")
        self._hashes: NDArray[np.int64] = keys[order]
        self._owners: NDArray[np.int32] = np.array(owners, dtype=np.int32)[order]

    def nearest(self, word: str) -> str | None:
        """The known word one mistake away (two in a long word), or None."""
        if len(word) < SHORTEST or not self._words:
            return None
        keys = np.array(_rests(word), dtype=np.int64)
        lows = np.searchsorted(self._hashes, keys, "left").tolist()
        highs = np.searchsorted(self._hashes, keys, "right").tolist()
        best: tuple[int, int] | None = None
        nearest = None
        for candidate in {
            int(o) for low, high in zip(lows, highs, strict=True) for o in self._owners[low:high]
        }:
            other = self._words[candidate]
            mistakes = distance(word, other)
            shortest = min(len(word), len(other))
            if mistakes > (2 if shortest >= TWO_FROM else 1):
                continue
            # The first letter is seldom the mistake: `taart` is no slip of `kaart`.
            first_differs = word[0] != other[0]
            if first_differs and shortest < FIRST_MAY_DIFFER_FROM:
                continue
            rank = (mistakes * 2 + first_differs, -self._counts[candidate])
            if best is None or rank < best:
                best, nearest = rank, other
        return nearest


def _rests(word: str) -> list[int]:
    return [hash(word), *(hash(word[:i] + word[i + 1 :]) for i in range(len(word)))]


def distance(one: str, other: str) -> int:
    """Damerau-Levenshtein (optimal string alignment): insertions, deletions, substitutions, swaps of neighbours."""
    if one == other:
        return 0
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        current = [i]
        for j, b in enumerate(other, 1):
            cost = min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, previous = previous, current
    return previous[-1]
