"""What every stem weighs: in which tips it is, how much it says about each, and how rare it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.search.postings import Array, Ints, places, starts_of
from adapters.search.texts import Texts

PART = 0.6
"""What the part of a compound counts, beside 1 for the word."""
TITLE = 3.0
"""What a word of a title or alternate counts, beside 1 for one of the text."""
BODY = 0.5
"""What a word of the text covers of a question, beside 1 for one of the title or an alternate."""
K1, B = 1.2, 0.75
"""BM25's own: how soon more of a word adds nothing, and how much a long text is held against it."""
AT_ONCE = 5000
"""Documents whose postings are summed together: it bounds the memory that building takes."""


class Terms:
    """Stems by number. `of_word` gives the stem of each word; a compound also counts as its parts."""

    def __init__(
        self, texts: Texts, stem: Callable[[str], str], parts: Callable[[str], Sequence[str]]
    ) -> None:
        self.ids: dict[str, int] = {}
        number = self.ids
        counted: list[int] = []
        weights: list[float] = []
        lengths: list[int] = []
        compounds: dict[int, list[int]] = {}
        for word in texts.words:
            own = number.setdefault(stem(word), len(number))
            found = [number.setdefault(part, len(number)) for part in parts(word)]
            for part in found:
                compounds.setdefault(part, []).append(own)
            counted += [own, *found]
            weights += [1.0, *[PART] * len(found)]
            lengths.append(1 + len(found))
        self._starts = starts_of(np.array(lengths, dtype=np.int64))
        self._counted = np.array(counted, dtype=np.int32)
        self._weights = np.array(weights, dtype=np.float32)
        self.of_word: NDArray[np.int32] = self._counted[self._starts[:-1]]
        self.compounds = {part: tuple(dict.fromkeys(stems)) for part, stems in compounds.items()}
        """From the stem of a part to those of the compounds it is in."""
        self._weigh(texts)

    def postings(self, stems: Ints) -> tuple[Ints, Ints]:
        """Where the postings of these stems are, one stem after the other, and how many each has."""
        return places(self._posting_starts, stems)

    def _weigh(self, texts: Texts) -> None:
        count = len(texts.ids)
        stems, documents, often, titles = self._count(texts)
        lengths = np.bincount(documents, often, minlength=count)
        norms = K1 * (1 - B + B * lengths / (lengths.mean() or 1.0)) if count else lengths
        self.frequencies: Ints = np.bincount(stems, minlength=len(self.ids))
        """In how many documents each stem is."""
        self._posting_starts = starts_of(self.frequencies)
        order = np.argsort(stems, kind="stable")
        self.documents: NDArray[np.int32] = documents[order]
        # There are millions of postings: a byte for each of these is precise enough, and quick to read.
        self.said: NDArray[np.uint8] = np.rint(255 * often / (often + norms[documents]))[order].astype(
            np.uint8
        )
        """How much each posting's document says of its stem, as BM25 counts it, in 255ths."""
        self.covers: NDArray[np.uint8] = np.rint(255 * np.maximum(titles, BODY))[order].astype(np.uint8)
        """255 when the stem is in a title or an alternate, less when only a compound with it is, or in the text."""
        self.rarity: Array = np.log1p(count / (self.frequencies + 0.5))
        self.telling: Array = np.log1p((count - self.frequencies + 0.5) / (self.frequencies + 0.5))
        self.rarest = float(np.log1p(2 * count))

    def _count(self, texts: Texts) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Stem, document, how often, and how much in a title: once for each stem in each document."""
        bodies, counts, body_starts = texts.bodies()
        entries, entry_starts, firsts = texts.entry_words, texts.entry_starts, texts.first_entries
        pieces = []
        total = len(texts.ids)
        for low in range(0, total, AT_ONCE):
            high = min(low + AT_ONCE, total)
            first, last = int(entry_starts[firsts[low]]), int(entry_starts[firsts[high]])
            words = np.concatenate((entries[first:last], bodies[body_starts[low] : body_starts[high]]))
            owners = np.arange(low, high)
            documents = np.concatenate(
                (
                    owners.repeat(np.diff(entry_starts[firsts[low : high + 1]])),
                    owners.repeat(np.diff(body_starts[low : high + 1])),
                )
            )
            often = counts[body_starts[low] : body_starts[high]].astype(np.float64)
            titled = last - first
            pieces.append(
                self._summed(words, documents, np.concatenate((np.full(titled, TITLE), often)), titled, total)
            )
        if not pieces:
            nothing = np.zeros(0)
            return nothing.astype(np.int32), nothing.astype(np.int32), nothing, nothing
        stems, documents, often, titles = (np.concatenate(column) for column in zip(*pieces, strict=True))
        return stems, documents, often, titles

    def _summed(
        self, words: NDArray[np.int32], documents: Ints, often: Array, titled: int, total: int
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
        where, lengths = places(self._starts, words)
        weights = self._weights[where]
        keys, numbers = np.unique(
            self._counted[where].astype(np.int64) * total + documents.repeat(lengths), return_inverse=True
        )
        titles = np.zeros(len(keys))
        in_titles = int(lengths[:titled].sum())
        np.maximum.at(titles, numbers[:in_titles], weights[:in_titles])
        return (
            (keys // total).astype(np.int32),
            (keys % total).astype(np.int32),
            np.bincount(numbers, weights * often.repeat(lengths)),
            titles,
        )
