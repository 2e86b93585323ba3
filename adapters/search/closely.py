"""The close look: titles and alternates of a few tips, word by word beside a question.

These are some hundred entries of some seven words: a look at all of them for each word of the question, in NumPy, is
quicker than one at each of them in Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from adapters.search.evidence import Evidence
from adapters.search.postings import Array, Ints
from adapters.search.question import Question
from adapters.search.segment import EDGE
from adapters.search.words import Words

SIGNALS = ("both", "told", "asked", "mean", "threes", "pairs")
_EDGE = np.array([EDGE], dtype=np.int32)


def look_closely(
    question: Question, words: Words, evidence: Evidence, tips: Sequence[NDArray[np.int32]]
) -> Array:
    """`SIGNALS` (rows) of every entry (columns) of these tips. Of each tip are given the words of its entries, an edge
    before each."""
    every = np.concatenate((*tips, _EDGE))
    edges = (every == EDGE).nonzero()[0]
    starts = edges[:-1]
    rarity, sizes = words.rarity.take(every), words.sizes.take(every)
    rare = np.add.reduceat(rarity, starts)
    shared, asked_threes = evidence.threes(question.content)
    common = np.add.reduceat(shared.take(every) * (sizes > 0), starts)
    threes = np.add.reduceat(sizes, starts)
    told_of, asked_of = _fits(question, words, every)
    pairs, asked_pairs = _pairs(question, words.stem_of.take(every), starts)
    whole = sum(meaning.weight for meaning in question.meanings)
    signals = np.empty((len(SIGNALS), len(starts)), dtype=np.float32)
    signals[0] = (told_of + asked_of) / (rare + whole)
    signals[1] = told_of / np.maximum(rare, 1e-9)
    signals[2] = asked_of / whole
    signals[3] = np.sqrt(signals[1] * signals[2])
    signals[4] = 2 * np.minimum(common, asked_threes) / np.maximum(threes + asked_threes, 1)
    signals[5] = 2 * pairs / (edges[1:] - starts + asked_pairs)
    return signals


def _fits(question: Question, words: Words, every: NDArray[np.int32]) -> tuple[Array, Array]:
    """Per entry: the rarity of its words, each as far as it fits the question; and the weight of the question's words,
    each as far as the entry has it."""
    fit_of = np.zeros(len(words.rarity), dtype=np.float32)
    fit_of[EDGE] = 1
    for meaning in question.meanings:
        fit_of[meaning.words] = 1
    heard = every.take(fit_of.take(every).nonzero()[0])  # most words fit none of the question's
    fit_of.fill(0)
    fits = np.empty((len(question.meanings), len(heard)), dtype=np.float32)
    for row, meaning in zip(fits, question.meanings, strict=True):
        fit_of[meaning.words] = meaning.fits
        row[:] = fit_of.take(heard)
        fit_of[meaning.words] = 0
    starts = (heard == EDGE).nonzero()[0][:-1]
    told_of = np.add.reduceat(fits.max(axis=0) * words.rarity.take(heard), starts)
    weights = np.array([meaning.weight for meaning in question.meanings], dtype=np.float32)
    return told_of, weights @ np.maximum.reduceat(fits, starts, axis=1)


def _pairs(question: Question, stems: NDArray[np.int32], starts: NDArray[np.intp]) -> tuple[Ints, int]:
    """Per entry how many of its neighbouring stems, edges counted in, are neighbours in the question too; and how many
    those are."""
    asked = {(one << 32) + other for one, other in pairwise((EDGE, *question.order, EDGE))}
    pairs = stems[:-1].astype(np.int64)
    pairs <<= 32
    pairs += stems[1:]
    met = (pairs == np.array([*asked], dtype=np.int64)[:, np.newaxis]).any(axis=0)
    return np.add.reduceat(met, starts, dtype=np.int64), len(asked)
