"""Rows of different lengths in one NumPy array: the postings of a word, the words of a title."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Array = NDArray[np.float64]


def starts_of(lengths: NDArray[Any]) -> Ints:
    """Where each row starts, and where the last one ends."""
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def places(starts: Ints, rows: NDArray[Any]) -> tuple[Ints, Ints]:
    """Where the values of these rows are, one row after the other; and how many each row has."""
    first = starts[rows]
    lengths = starts[rows + 1] - first
    ends = lengths.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    where = (first - ends + lengths).repeat(lengths)
    where += np.arange(total)
    return where, lengths
