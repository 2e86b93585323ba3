"""An inverted index in NumPy arrays: for each feature the documents that have it, and how much."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


class Postings:
    """A sparse matrix by column. `features`, `documents` and `values` are one entry each, in any order."""

    def __init__(
        self, features: Ints, documents: NDArray[Any], values: NDArray[Any], documents_count: int
    ) -> None:
        order = np.argsort(features, kind="stable")
        sorted_features = features[order]
        self.features, starts = np.unique(sorted_features, return_index=True)
        self._starts = np.append(starts, len(order)).astype(np.int64)
        self._documents: NDArray[np.int32] = documents[order].astype(np.int32)
        self._values: Floats = values[order].astype(np.float32)
        self._count = documents_count

    def frequencies(self) -> Ints:
        """In how many documents each of `features` occurs."""
        return np.diff(self._starts)

    def find(self, wanted: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """The positions of `wanted` among the features, and which of them exist."""
        if not len(self.features):
            return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
        positions = np.searchsorted(self.features, wanted)
        positions[positions == len(self.features)] = 0
        return positions, self.features[positions] == wanted

    def binary(self) -> Postings:
        """The same postings with 1 for every value."""
        other = Postings.__new__(Postings)
        other.features, other._starts, other._documents = self.features, self._starts, self._documents
        other._values, other._count = np.ones(len(self._values), dtype=np.float32), self._count
        return other

    def scale(self, per_feature: NDArray[Any], per_document: NDArray[Any]) -> None:
        """Multiply every value by its feature's and its document's factor."""
        self._values *= np.repeat(per_feature, self.frequencies()).astype(np.float32)
        self._values *= per_document[self._documents].astype(np.float32)

    def sums(self, squared: bool = False) -> NDArray[np.float64]:
        """Per document the sum of its values, or of their squares."""
        values = self._values * self._values if squared else self._values
        return np.bincount(self._documents, values, self._count).astype(np.float64, copy=False)

    def score(self, positions: Ints, weights: NDArray[Any]) -> NDArray[np.float64]:
        """Per document the sum of its values for the features at `positions`, each times its weight."""
        starts = self._starts[positions]
        lengths = self._starts[positions + 1] - starts
        ends = np.cumsum(lengths)
        if not len(ends) or not ends[-1]:
            return np.zeros(self._count)
        where = np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1])
        values = self._values[where] * np.repeat(weights, lengths)
        return np.bincount(self._documents[where], values, self._count).astype(np.float64, copy=False)
