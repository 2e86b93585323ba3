"""What the tips say of each word of a question, for the first choice among all of them.

Per word and segment two numbers for every tip: how well it covers the word, times what that weighs; and what BM25
makes of it. People use few words: what the tips say of them is remembered, as far as there is room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.search.meanings import Meaning
from adapters.search.postings import TITLED, Array, Places, between
from adapters.search.segment import Segment
from adapters.search.words import Words

BODY = 0.5
"""What a word of the text covers of a question, beside 1 for one of the title or an alternate."""
IN_TEXTS = np.float32(0.6)
"""From this fit on, a word is looked for in the texts as well: what is merely spelled like the one that was asked says
little there, and is in most of them."""
TELLING = 1.0
"""Nor in the texts of many tips what more than a third of them have: that takes most of the time, and says little."""
MANY = 1_000
"""Tips from which on that is so."""
K1, B = 1.2, 0.75
"""BM25's own: how soon more of a word adds nothing, and how much a long text is held against it."""
ROOM = 8 * 2**20
"""Bytes for what is remembered."""

_OFTEN = (np.arange(256) % TITLED).astype(np.float32)
_COVERS = np.where(np.arange(256) >= TITLED, 1.0, BODY).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Said:
    rows: Array
    threes: NDArray[np.int32]
    """The words that share a three with it, once for each."""
    features: frozenset[int]
    """Which threes those are."""


class Evidence:
    def __init__(self, words: Words, segments: Sequence[Segment]) -> None:
        self._words = words
        self._segments = segments
        self._tips = sum(map(len, segments))
        total = sum(float(segment.lengths.sum(dtype=np.float64)) for segment in segments)
        average = total / (self._tips or 1) or 1.0
        self._norms: list[Array] = [
            (K1 * (1 - B + B * segment.lengths / average)).astype(np.float32) for segment in segments
        ]
        self._in_texts = words.telling >= (TELLING if self._tips >= MANY else 0)
        """By word, whether it is looked for in texts."""
        self._known: dict[Meaning, _Said] = {}
        self._room = ROOM

    def of(self, content: Sequence[Meaning]) -> Array:
        """Two rows, a column for every tip: the sums over all words."""
        first, *others = [self._of(meaning).rows for meaning in content]
        total = first.copy()
        for rows in others:
            total += rows
        return total

    def threes(self, content: Sequence[Meaning]) -> tuple[Places, int]:
        """Per word of the tips how many threes of neighbouring characters it shares with these, stop words too; and
        how many they have."""
        seen: set[int] = set()
        shared: list[NDArray[np.int32]] = []
        for meaning in content:
            said = self._of(meaning)
            if seen.isdisjoint(said.features):
                shared.append(said.threes)
            else:
                shared.append(self._words.vocabulary.having(list(said.features - seen)))
            seen |= said.features
        return np.bincount(np.concatenate(shared), minlength=len(self._words.sizes)), len(seen)

    def _of(self, meaning: Meaning) -> _Said:
        known = self._known.pop(meaning, None)
        if known is None:
            known = self._read(meaning)
            self._room -= known.rows.nbytes + known.threes.nbytes
            while self._room < 0 and self._known:
                old = self._known.pop(next(iter(self._known)))
                self._room += old.rows.nbytes + old.threes.nbytes
        self._known[meaning] = known  # the last one asked for stands behind all others
        return known

    def _read(self, meaning: Meaning) -> _Said:
        rows = np.zeros((2, self._tips), dtype=np.float32)
        at = 0
        for segment, norms in zip(self._segments, self._norms, strict=True):
            self._say(meaning, segment, norms, rows[:, at : at + len(segment)])
            at += len(segment)
        rows[0] *= meaning.weight
        threes = self._words.vocabulary.threes(meaning.threes)
        return _Said(rows, self._words.vocabulary.having(threes), frozenset(threes))

    def _say(self, meaning: Meaning, segment: Segment, norms: Array, rows: Array) -> None:
        """Of all that a word may mean, a tip has its best."""
        postings = segment.postings
        here = meaning.words < len(postings.bodies)
        words, fits = meaning.words[here], meaning.fits[here]
        in_texts = self._in_texts.take(words) & (fits >= IN_TEXTS)
        ends = np.where(in_texts, postings.starts.take(words + 1), postings.bodies.take(words))
        where, lengths = between(postings.starts.take(words), ends)
        if not len(where):
            return
        covers, says = rows
        owners, said = postings.owners.take(where).astype(np.intp), postings.said.take(where)
        often = _OFTEN[said]
        np.maximum.at(covers, owners, fits.repeat(lengths) * _COVERS[said])
        weights = (fits * self._words.telling[words] * (K1 + 1)).astype(np.float32)
        word = at = 0
        seen = 0
        for family in meaning.families:
            size, seen = int(np.count_nonzero(here[seen : seen + family])), seen + family
            end = at + int(lengths[word : word + size].sum())
            if end > at:
                together = np.bincount(owners[at:end], often[at:end], len(segment)).astype(np.float32)
                np.maximum(says, weights[word] * together / (together + norms), out=says)
            word, at = word + size, end
        owners, often = owners[at:], often[at:]
        np.maximum.at(says, owners, weights.repeat(lengths)[at:] * often / (often + norms[owners]))
