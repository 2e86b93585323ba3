"""Repairs typing mistakes against the words of the tips: one letter missing, too many, wrong or swapped."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from adapters.search.postings import Ints, between

SHORTEST = 4
"""Shorter words have too many neighbours to guess."""
FIRST_MAY_DIFFER_FROM = 6
TWO_FROM = 7
"""Letters from which two mistakes are taken for a slip."""

LONG_NUMBER = 5
"""Digits from which a number is a code: one that differs in a digit is another code."""

FIRST = 8
"""Letters of which one is taken away. Of words that are one mistake apart, these are at most one mistake apart too."""

_NUMBER = 0xFFFFFFFF


def is_code(word: str) -> bool:
    """Whether it is found as it is written alone, and takes no room in what finds words that look like it."""
    return len(word) >= LONG_NUMBER and word.isdigit()


class Spelling:
    """The known words, by the hashes of everything that is left of their first letters when one is taken away.

    Two words are one mistake apart (Damerau-Levenshtein) only if they share such a rest. A sorted array of hashes, the
    number of the word behind each, takes little of the memory of a dictionary of strings. Immutable.
    """

    def __init__(
        self, rests: Ints, words: Mapping[int, str] | Sequence[str], counts: NDArray[np.int64]
    ) -> None:
        """`counts`: by number, how often each word occurs; among equals the more usual word wins."""
        self._rests = rests
        self._words = words
        self._counts = counts

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Spelling:
        names = list(counts)
        empty = cls(np.zeros(0, np.int64), [], np.zeros(0, np.int64))
        return empty.changed(
            range(len(names)), np.ones(len(names), dtype=bool), names, np.array(list(counts.values()))
        )

    def changed(
        self,
        new: Sequence[int],
        keep: NDArray[np.bool_],
        words: Sequence[str],
        counts: NDArray[np.int64],
    ) -> Spelling:
        """With the words that are new, by number, and of the others those to keep; `words` are all, by number."""
        rests = self._rests
        if len(new) or not keep.all():
            came = array("q")
            for number in new:
                if len(words[number]) >= SHORTEST and not is_code(words[number]):
                    came.extend([rest | number for rest in _rests(words[number])])
            kept = rests[keep[rests & _NUMBER]]
            rests = np.frombuffer(came, dtype=np.int64)
            if len(kept):
                rests = np.concatenate((kept, rests))
            rests.sort()
        return Spelling(rests, words, counts)

    def nearest(self, word: str) -> str | None:
        """The known word one mistake away (two in a long word), or None."""
        if len(word) < SHORTEST or is_code(word):
            return None
        rests = np.array(_rests(word), dtype=np.int64)
        at, _ = between(self._rests.searchsorted(rests), self._rests.searchsorted(rests | _NUMBER, "right"))
        best: tuple[int, int, str] | None = None
        for candidate in set((self._rests[at] & _NUMBER).tolist()):
            other = self._words[candidate]
            if abs(len(word) - len(other)) > 1 or _left(word).isdisjoint(_left(other)):
                continue
            mistakes = distance(word, other)
            shortest = min(len(word), len(other))
            if mistakes > (2 if shortest >= TWO_FROM else 1):
                continue
            # The first letter is seldom the mistake: `taart` is no slip of `kaart`.
            first_differs = word[0] != other[0]
            if first_differs and shortest < FIRST_MAY_DIFFER_FROM:
                continue
            rank = (mistakes * 2 + first_differs, -int(self._counts[candidate]), other)
            if best is None or rank < best:
                best = rank
        return best[2] if best else None


def _left(word: str) -> set[str]:
    """The word, and what is left of it when any one letter is taken away."""
    return {word, *[word[:i] + word[i + 1 :] for i in range(len(word))]}


def _rests(word: str) -> list[int]:
    """The hashes of what is left of its first letters, with room below for a number."""
    return [(hash(rest) & 0x7FFFFFFF) << 32 for rest in _left(word[:FIRST])]


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
