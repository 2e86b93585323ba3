"""Lists by key in a few NumPy arrays: the tips with a word, the words with a gram."""

from __future__ import annotations

from collections.abc import Sequence
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

    keys: NDArray[np.int32]
    starts: NDArray[np.int32]
    values: NDArray[np.int32]

    @classmethod
    def of(cls, pairs: Ints) -> Lists:
        """Of `paired` keys and values, in any order: they are sorted where they are, and not left as they were."""
        pairs.sort()
        values = pairs.astype(np.int32)
        pairs >>= 32
        another = np.ones(len(pairs), dtype=bool)
        np.not_equal(pairs[1:], pairs[:-1], out=another[1:])
        first = np.flatnonzero(another)
        return cls(pairs[first].astype(np.int32), np.append(first, len(pairs)).astype(np.int32), values)

    @classmethod
    def joined(cls, parts: Sequence[Lists]) -> Lists:
        """The keys of each are behind those of the one before."""
        lengths = np.concatenate([np.diff(part.starts) for part in parts])
        return cls(
            np.concatenate([part.keys for part in parts]),
            starts_of(lengths).astype(np.int32),
            np.concatenate([part.values for part in parts]),
        )

    def pairs(self, keep: NDArray[np.bool_], low: int, high: int) -> Ints:
        """Those of the keys from low to before high, with the values that are to be kept (by number)."""
        one, end = self.keys.searchsorted((low, high))
        first, last = self.starts[one], self.starts[end]
        values = self.values[first:last]
        keys = self.keys[one:end].repeat(np.diff(self.starts[one : end + 1]))
        kept = keep[values]
        return paired(keys[kept], values[kept])

    def find(self, keys: NDArray[Any]) -> tuple[Places, NDArray[np.bool_]]:
        """Which of the lists are of these keys, and which of the keys have one."""
        if not len(self.keys):
            return np.zeros(0, dtype=np.intp), np.zeros(len(keys), dtype=bool)
        where = self.keys.searchsorted(keys)
        where[where == len(self.keys)] = 0
        known = self.keys[where] == keys
        return where[known], known


def paired(keys: NDArray[np.int32], values: NDArray[np.int32]) -> Ints:
    """Each key with its value in one number, that sorts by the key."""
    pairs = keys.astype(np.int64)
    pairs <<= 32
    pairs |= values
    return pairs


@dataclass(frozen=True, slots=True)
class Groups:
    """The numbers of each group; the groups are numbered from 0 on. Immutable."""

    starts: NDArray[np.int32]
    values: NDArray[np.int32]

    @classmethod
    def of(cls, group_of: NDArray[np.int32], values: NDArray[Any], groups: int) -> Groups:
        order = group_of.argsort(kind="stable")
        return cls(
            starts_of(np.bincount(group_of, minlength=groups)).astype(np.int32),
            values[order].astype(np.int32),
        )

    def __getitem__(self, group: int) -> list[int]:
        found: list[int] = self.values[self.starts[group] : self.starts[group + 1]].tolist()
        return found
