"""The close look: titles and alternates of a few tips, word by word beside a question.

These are some twenty entries of some seven words. What every word takes is left to NumPy; the few words that meet one
of the question are looked at in plain Python, which is quicker for so few.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from adapters.search.evidence import Evidence
from adapters.search.postings import Array, Places
from adapters.search.question import Question
from adapters.search.segment import EDGE
from adapters.search.words import Words

SIGNALS = ("both", "told", "asked", "mean", "threes", "pairs")
_EDGE = np.array([EDGE], dtype=np.int32)
_NOTHING = -1_000_000


def look_closely(
    question: Question, words: Words, evidence: Evidence, tips: Sequence[NDArray[np.int32]]
) -> tuple[Array, list[int]]:
    """`SIGNALS` (rows) of every entry (columns) of these tips, and where the entries of each tip start. Of each tip
    are given the words of its entries, an edge before each."""
    every = np.concatenate((*tips, _EDGE))
    edges = np.flatnonzero(every == EDGE)
    starts = edges[:-1]
    rare = np.add.reduceat(words.rarity.take(every), starts)
    shared, asked_threes = evidence.threes(question.content)
    common = np.add.reduceat(shared.take(every), starts)
    threes = np.add.reduceat(words.sizes.take(every), starts)
    told_of, asked_of = _met(question, every.tolist(), edges.tolist())
    pairs, asked_pairs = _pairs(question, words.stem_of.take(every).tolist(), starts)
    whole = sum([meaning.weight for meaning in question.meanings])
    signals = np.empty((len(SIGNALS), len(starts)), dtype=np.float32)
    signals[0] = (told_of + asked_of) / (rare + whole)
    signals[1] = told_of / np.maximum(rare, 1e-9)
    signals[2] = asked_of / whole
    signals[3] = np.sqrt(signals[1] * signals[2])
    signals[4] = 2 * np.minimum(common, asked_threes) / (threes + asked_threes)
    signals[5] = 2 * pairs / (edges[1:] - starts + asked_pairs)
    ends = np.cumsum([len(tip) for tip in tips[:-1]], dtype=np.intp)
    return signals, [0, *starts.searchsorted(ends).tolist()]


def _met(question: Question, words: list[int], edges: list[int]) -> tuple[Array, Array]:
    """Per entry how much of it the question asks, and how much of the question it has, by rarity."""
    meant: dict[int, list[tuple[int, float, float]]] = {}
    different = set(words)
    for asked, meaning in enumerate(question.meanings):
        for word in different & meaning.weighed.keys():
            meant.setdefault(word, []).append((asked, *meaning.weighed[word]))
    weights = [meaning.weight for meaning in question.meanings]
    met = [at for at, word in enumerate(words) if word in meant]
    met.append(len(words))
    told, had = [], []
    place = 0
    for end in edges[1:]:
        told_of = 0.0
        best: dict[int, float] = {}
        while met[place] < end:
            likeliest = 0.0
            for asked, fit, rarity in meant[words[met[place]]]:
                if fit * rarity > likeliest:
                    likeliest = fit * rarity
                if fit > best.get(asked, 0.0):
                    best[asked] = fit
            told_of += likeliest
            place += 1
        told.append(told_of)
        had.append(sum([weights[asked] * fit for asked, fit in best.items()]))
    return np.array(told, dtype=np.float32), np.array(had, dtype=np.float32)


def _pairs(question: Question, stems: list[int], starts: Places) -> tuple[Places, int]:
    """Per entry how many of its neighbouring stems, edges counted in, are neighbours in the question too; and how many
    those are."""
    follow: dict[int, set[int]] = {}
    for one, other in pairwise((EDGE, *question.order, EDGE)):
        follow.setdefault(one, set()).add(other)
    stems.append(_NOTHING)
    found = [at for at, stem in enumerate(stems) if stem in follow and stems[at + 1] in follow[stem]]
    entries = starts.searchsorted(found, "right") - 1
    return np.bincount(entries, minlength=len(starts)), sum(map(len, follow.values()))
