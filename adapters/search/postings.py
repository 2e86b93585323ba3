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


TITLED = 128
"""This bit of `Postings.said` tells that the word is in the title or an alternate; the others, how often it counts."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Which tips have each word. Immutable."""

    starts: NDArray[np.int32]
    """By word, where its postings start: first those of the tips that have it in a title or alternate."""
    bodies: NDArray[np.int32]
    """By word, where the postings of those start that have it in their text alone."""
    owners: NDArray[np.uint16]
    """The tip of each posting, in order for each word and each of both kinds."""
    said: NDArray[np.uint8]
    """How often each posting's tip has the word, and the bit `TITLED`."""

    @classmethod
    def of(cls, words: NDArray[np.int32], owners: NDArray[np.uint16], said: NDArray[np.uint8]) -> Postings:
        """Of postings in any order."""
        packed = words.astype(np.int64)
        packed <<= 1
        packed |= said < TITLED
        packed <<= 16
        packed |= owners
        packed <<= 8
        packed |= said
        packed.sort()
        said = packed.astype(np.uint8)
        packed >>= 8
        owners = packed.astype(np.uint16)
        packed >>= 16
        known = int(packed[-1]) // 2 + 1 if len(packed) else 1
        return cls(*_bounds(np.bincount(packed, minlength=2 * known)), owners, said)

    def kept(self, keep: NDArray[np.bool_]) -> Postings:
        """Those of the tips that are to be kept, which are numbered anew."""
        posted = keep[self.owners]
        gone = np.flatnonzero(~posted)
        starts, bodies = ((at - gone.searchsorted(at)).astype(np.int32) for at in (self.starts, self.bodies))
        numbers = (keep.cumsum() - 1).astype(np.uint16)
        return Postings(starts, bodies, numbers[self.owners[posted]], self.said[posted])

    def followed_by(self, more: Postings, tips: int) -> Postings:
        """With those of more tips, which are numbered on from the number of these."""
        known = max(len(self.bodies), len(more.bodies))
        mine, others = self._sizes(known), more._sizes(known)
        # Of a word and kind they stand behind all of ours. Nothing is as long as all postings but what stays.
        came = np.zeros(len(self.owners) + len(more.owners), dtype=bool)
        came[np.arange(len(more.owners)) + mine.cumsum().repeat(others)] = True
        owners, said = np.empty(len(came), dtype=np.uint16), np.empty(len(came), dtype=np.uint8)
        owners[came], said[came] = more.owners + np.uint16(tips), more.said
        np.logical_not(came, out=came)
        owners[came], said[came] = self.owners, self.said
        return Postings(*_bounds(mine + others), owners, said)

    def _sizes(self, words: int) -> Ints:
        """How many each word has of both kinds, one after the other, for so many words."""
        sizes = np.zeros((words, 2), dtype=np.int64)
        known = len(self.bodies)
        sizes[:known, 0] = self.bodies - self.starts[:-1]
        sizes[:known, 1] = self.starts[1:] - self.bodies
        return sizes.ravel()


def _bounds(sizes: Ints) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """`starts` and `bodies` of postings, of which each word has so many of both kinds."""
    bounds = starts_of(sizes).astype(np.int32)
    return bounds[::2].copy(), bounds[1::2].copy()


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
