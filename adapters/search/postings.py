"""Lists by key in a few NumPy arrays: the tips with a word, the words with a gram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Array = NDArray[np.float32]
Places = NDArray[np.intp]


def starts_of(lengths: NDArray[Any]) -> Ints:
    """Where each list starts, and where the last one ends."""
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def places(starts: NDArray[Any], rows: NDArray[Any]) -> tuple[Places, Places]:
    """Where the values of these lists are, one list after the other; and how many each list has."""
    return between(starts[rows], starts[rows + 1])


def between(first: NDArray[Any], end: NDArray[Any]) -> tuple[Places, Places]:
    """The numbers from each first to before its end, one range after the other; and how many each range has."""
    lengths = end - first
    ends = lengths.cumsum()
    where = (first - ends + lengths).repeat(lengths)
    where += np.arange(len(where))
    return where, lengths


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of numbers by key; both sorted. Immutable."""

    keys: NDArray[Any]
    starts: Ints
    values: NDArray[np.int32]

    @classmethod
    def of(cls, keys: NDArray[Any], values: NDArray[np.int32]) -> Lists:
        """Pairs, in any order."""
        order = np.argsort(keys, kind="stable")
        sorted_keys = keys[order]
        another = np.ones(len(keys), dtype=bool)
        np.not_equal(sorted_keys[1:], sorted_keys[:-1], out=another[1:])
        first = np.flatnonzero(another)
        return cls(sorted_keys[first], np.append(first, len(keys)), values[order])

    def changed(self, keep: NDArray[np.bool_], keys: NDArray[Any], values: NDArray[np.int32]) -> Lists:
        """Without the values that are not to be kept (by number), and with more pairs."""
        if not len(self.values):
            return Lists.of(keys, values)
        kept = keep[self.values]
        flat = self.keys.repeat(np.diff(self.starts))[kept]
        return Lists.of(np.concatenate((flat, keys)), np.concatenate((self.values[kept], values)))

    def find(self, keys: NDArray[Any]) -> tuple[Places, NDArray[np.bool_]]:
        """Which of the lists are of these keys, and which of the keys have one."""
        if not len(self.keys):
            return np.zeros(0, dtype=np.intp), np.zeros(len(keys), dtype=bool)
        where = self.keys.searchsorted(keys)
        where[where == len(self.keys)] = 0
        known = self.keys[where] == keys
        return where[known], known
