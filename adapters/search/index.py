"""The index of the tips of one language, in NumPy arrays: a first choice among all, then a close look at those.

The first choice adds up, per tip, what its postings say of each word of the question and of what that may mean. The
close look reads the titles and alternates of the best of them word by word. A tip is as good as its best entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.search.analyzer import Analyzer
from adapters.search.meanings import Meanings
from adapters.search.postings import Array, Ints, places
from adapters.search.question import Question, Reader, pair
from adapters.search.spelling import Spelling
from adapters.search.terms import K1, Terms
from adapters.search.texts import Document, Texts
from adapters.search.vocabulary import Vocabulary

CLOSE_LOOK = 25
"""Tips that are looked at closely."""
NEAR = 0.55
"""A tip that the first choice gives less than this share of what it gives the best one is not looked at."""
MOST_WORDS = 40
"""Words of a title or alternate that are looked at."""
HALF = 8.0
"""The BM25 score that counts as half of the best possible."""

WEIGHTS = {
    "covered": 1.9,
    "rank": 4.0,
    "said": 3.7,
    "both": 1.5,
    "told": 0.8,
    "asked": 0.5,
    "mean": 1.8,
    "threes": 3.6,
    "pairs": 1.4,
}
"""How much each signal counts; see docs/tips-search.md for what they are and on what they were tuned."""
SIGNALS = tuple(WEIGHTS)
_WEIGHTS = np.array(list(WEIGHTS.values())) / sum(WEIGHTS.values())


@dataclass(frozen=True, slots=True)
class Match:
    """A tip that was found. Every signal is between 0 and 1, in the order of `SIGNALS`; `margin` is the distance of
    its score to the best other one."""

    position: int
    entry: int
    score: float
    margin: float
    signals: tuple[float, ...]


class Index:
    """Immutable: a change of the tips makes a new one. What was added to `texts` is in it."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.code = texts.language.code
        stop, stem = texts.language.stop_words, texts.language.stem
        self.analyzer = analyzer = Analyzer(
            language=texts.language,
            known=texts.words,
            stems={stem(word) for word in texts.words if word not in stop},
            spelling=Spelling(dict(zip(texts.words, texts.counts().tolist(), strict=True))),
        )
        self.terms = Terms(texts, analyzer.stem, lambda word: () if word in stop else analyzer.parts(word))
        self._vocabulary = Vocabulary(texts.words)
        self._telling = np.array([word not in stop for word in texts.words], dtype=bool)
        meanings = Meanings(analyzer, self._vocabulary, self.terms, texts.synonyms)
        self.reader = Reader(analyzer, self.terms, texts.synonyms, meanings)

    @classmethod
    def of(
        cls, documents: Iterable[Document], code: str = "nl", synonyms: Iterable[Sequence[str]] = ()
    ) -> Index:
        texts = Texts.of(code, synonyms)
        for document in documents:
            texts.add(document)
        return cls(texts)

    def search(
        self, text: str, limit: int, asked_in: str | None = None, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[list[Match], Question | None]:
        """The best tips for a question, and how that was read. `allowed` marks which may be found."""
        question = self.reader.read(text, asked_in or self.code)
        if question is None or not self.texts.ids:
            return [], question
        covered, said = self._first_choice(question)
        if allowed is not None:
            covered, said = covered * allowed, said * allowed
        best_said = float(said.max()) or 1.0
        chosen = _best(covered + said / best_said, CLOSE_LOOK)
        if not len(chosen):
            return [], question
        said = said[chosen]
        closely, entries = self._close_look(question, chosen)
        signals = np.column_stack((covered[chosen], said / best_said, said / (said + HALF), closely))
        scores = signals @ _WEIGHTS
        order = np.lexsort((chosen, -scores))[: limit + 1]
        matches = []
        for rank, at in enumerate(order[:limit].tolist()):
            rival = order[0 if rank else 1] if len(order) > 1 else None
            matches.append(
                Match(
                    position=int(chosen[at]),
                    entry=int(entries[at]),
                    score=float(scores[at]),
                    margin=float(scores[at] - (scores[rival] if rival is not None else 0.0)),
                    signals=tuple(signals[at].tolist()),
                )
            )
        return matches, question

    def _first_choice(self, question: Question) -> tuple[Array, Array]:
        """Per tip: which share of the question it covers, by rarity; and what BM25 makes of it."""
        terms, count = self.terms, len(self.texts.ids)
        counts = question.content[question.word_of]
        rows = question.content.cumsum() - 1  # content words alone, numbered anew
        stems, fits = question.stems[counts], question.fits[counts]
        where, lengths = terms.postings(stems)
        cells = (rows[question.word_of[counts]] * count).repeat(lengths) + terms.documents[where]
        wide = int(question.content.sum())
        covers = np.zeros(wide * count, dtype=np.float32)
        says = np.zeros(wide * count, dtype=np.float32)
        # Of all that a word may mean, a tip has its best.
        fit = (fits / 255).astype(np.float32)
        np.maximum.at(covers, cells, fit.repeat(lengths) * terms.covers[where])
        worth = (fits * terms.telling[stems] * ((K1 + 1) / 255)).astype(np.float32)
        np.maximum.at(says, cells, worth.repeat(lengths) * terms.said[where])
        weights = question.weights[question.content].astype(np.float32)
        return (
            (weights @ covers.reshape(wide, count) / weights.sum()).astype(np.float64),
            says.reshape(wide, count).sum(axis=0).astype(np.float64),
        )

    def _close_look(self, question: Question, chosen: Ints) -> tuple[Array, Ints]:
        """Six signals per chosen tip, each of its best entry, and which entry is best."""
        entries, per_tip = places(self.texts.first_entries, chosen)
        seen = self._compare(question, entries)
        first = per_tip.cumsum() - per_tip
        scores = seen @ _WEIGHTS[3:]
        top = np.flatnonzero(scores == np.maximum.reduceat(scores, first).repeat(per_tip))
        owners = np.arange(len(chosen)).repeat(per_tip)[top]
        return np.maximum.reduceat(seen, first), entries[top[np.unique(owners, return_index=True)[1]]]

    def _compare(self, question: Question, entries: Ints) -> Array:
        """The question and entries, word by word. Each entry is a column of words, filled up below its last one:
        summing rows of many entries is what NumPy is quick at."""
        terms, starts = self.terms, self.texts.entry_starts
        first = starts[entries]
        lengths = np.minimum(starts[entries + 1] - first, MOST_WORDS)
        down = np.arange(int(lengths.max()))[:, None]
        real = down < lengths
        if not real.any():
            return np.zeros((len(entries), len(SIGNALS) - 3))
        words = self.texts.entry_words[np.where(real, first + down, 0)]
        stems = np.where(real, terms.of_word[words], -1)
        column, columns = _numbered(question.stems, len(terms.ids) + 1)  # -1 is the last
        fits = np.zeros((columns, len(question.weights)))  # the first row is of stems that were not asked
        fits[column[question.stems], question.word_of] = question.fits
        met = column[stems]
        rarity = terms.rarity[stems] * real
        told_of = fits[met].max(axis=0) @ question.weights
        asked_of = (rarity * fits.max(axis=1)[met]).sum(axis=0)
        whole, rare = question.weights.sum(), np.maximum(rarity.sum(axis=0), 1e-9)
        told, asked = asked_of / rare, told_of / whole
        both = (told_of + asked_of) / (whole + rare)
        threes = self._threes(question, words, real)
        return np.column_stack(
            (both, told, asked, np.sqrt(asked * told), threes, _pairs(question, stems, lengths))
        )

    def _threes(self, question: Question, words: NDArray[np.int32], real: NDArray[np.bool_]) -> Array:
        """Dice's coefficient of the threes of neighbouring characters, stop words left out."""
        shared, sizes = self._vocabulary.shared_threes(question.threes)
        telling = real & self._telling[words]
        asked = len(question.threes)
        common = np.minimum((shared[words] * telling).sum(axis=0), asked)
        dice: Array = 2 * common / (asked + (sizes[words] * telling).sum(axis=0))
        return dice


def _pairs(question: Question, stems: NDArray[np.int64], lengths: Ints) -> Array:
    """Dice's coefficient of neighbouring stems, with -1 above the first and from below the last on."""
    edge = np.full((1, stems.shape[1]), -1)
    common = _among(pair(np.vstack((edge, stems)), np.vstack((stems, edge))), question.pairs).sum(axis=0)
    dice: Array = 2 * common / (len(question.pairs) + lengths + 1)
    return dice


def _among(values: Ints, wanted: Ints) -> NDArray[np.bool_]:
    """Which values are in a short, sorted list."""
    where = np.searchsorted(wanted, values)
    where[where == len(wanted)] = 0
    among: NDArray[np.bool_] = wanted[where] == values
    return among


def _numbered(values: Ints, size: int) -> tuple[NDArray[np.int32], int]:
    """A table that numbers these values from 1 and gives 0 for all others below `size`; and how many it numbers, the 0
    counted in."""
    table = np.zeros(size, dtype=np.int32)
    table[values] = 1
    different = np.flatnonzero(table)
    table[different] = np.arange(1, len(different) + 1)
    return table, len(different) + 1


def _best(scores: Array, wanted: int) -> Ints:
    """The positions of the highest scores, as far as they come near the very best, in order of position."""
    wanted = min(wanted, len(scores))
    top = np.argpartition(scores, -wanted)[-wanted:]
    return np.sort(top[scores[top] > max(0.0, NEAR * float(scores.max()))])
