"""An inverted index in NumPy arrays: for each feature the documents that have it, and how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Array = NDArray[np.float64]


class Postings:
    """A sparse matrix by column. Features and documents are numbered from 0; each entry is one feature in one
    document, with its value, in any order."""

    def __init__(
        self, features: NDArray[Any], documents: NDArray[Any], values: NDArray[Any], shape: tuple[int, int]
    ) -> None:
        """`shape`: how many features and how many documents there are."""
        order = np.argsort(features, kind="stable")
        self.frequencies: Ints = np.bincount(features, minlength=shape[0])
        """In how many documents each feature occurs."""
        self._starts = np.concatenate(([0], np.cumsum(self.frequencies)))
        self._documents: NDArray[np.int32] = documents[order].astype(np.int32)
        self._values: NDArray[np.float32] = values[order].astype(np.float32)
        self._count = shape[1]

    def multiply_features(self, factors: Array) -> None:
        self._values *= np.repeat(factors, self.frequencies).astype(np.float32)

    def normalize(self) -> None:
        """Give every document length 1, so that a score becomes a cosine."""
        lengths = np.sqrt(self._sums(self._values * self._values))
        lengths[lengths == 0] = 1.0
        self._values /= lengths[self._documents].astype(np.float32)

    def sums(self) -> Array:
        """Per document the sum of its values."""
        return self._sums(self._values)

    def score(self, features: Ints, weights: Array | None = None) -> Array:
        """Per document the sum of its values for these features, each times its weight (1 when there are none)."""
        starts = self._starts[features]
        lengths = self._starts[features + 1] - starts
        ends = lengths.cumsum()
        if not len(ends) or not ends[-1]:
            return np.zeros(self._count)
        where = (starts - ends + lengths).repeat(lengths)
        where += np.arange(ends[-1])
        values: NDArray[Any] = self._values[where]
        if weights is not None:
            values = values * weights.repeat(lengths)
        return np.bincount(self._documents[where], values, self._count).astype(np.float64, copy=False)

    def _sums(self, values: NDArray[np.float32]) -> Array:
        return np.bincount(self._documents, values, self._count).astype(np.float64, copy=False)


def stack(parts: Sequence[Postings]) -> Postings:
    """Postings over the same features as one: the documents of the first part come first, then those of the next.

    One question to the stack costs hardly more than to one of its parts, as most of the cost is per call.
    """
    offsets = np.cumsum([0, *(part._count for part in parts)])
    numbers = np.arange(len(parts[0].frequencies))
    return Postings(
        np.concatenate([np.repeat(numbers, part.frequencies) for part in parts]),
        np.concatenate([part._documents + offset for part, offset in zip(parts, offsets, strict=False)]),
        np.concatenate([part._values for part in parts]),
        (len(numbers), int(offsets[-1])),
    )
