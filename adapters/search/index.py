"""The index of the tips of one language: several cheap signals per way of asking, added up with weights.

Every title and every alternate is an entry of its own, and a tip is as good as its best entry; the text of the
answer adds to it. Everything is kept in NumPy arrays, so that a question costs a handful of array operations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.search.analyzer import Analyzer, Terms, words_of
from adapters.search.grams import WordGrams
from adapters.search.languages import language
from adapters.search.postings import Postings
from adapters.search.spelling import Spelling

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    title: str
    alternates: Sequence[str]
    text: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each signal counts. Tuned on sets of real questions; see docs/search.md."""

    words: float = 0.5
    grams: float = 1.0
    dice: float = 1.5
    coverage: float = 1.5
    body: float = 1.0

    @property
    def total(self) -> float:
        return self.words + self.grams + self.dice + self.coverage + self.body


@dataclass(frozen=True, slots=True)
class Match:
    """A document that was found. The signals are between 0 and 1; `margin` is the distance to the best other one."""

    position: int
    entry: int
    score: float
    margin: float
    words: float
    grams: float
    dice: float
    coverage: float
    body: float


class Index:
    """Immutable: a change of the tips makes a new one."""

    def __init__(
        self,
        documents: Sequence[Document],
        code: str = "nl",
        synonyms: Iterable[Sequence[str]] = (),
        weights: Weights = Weights(),
    ) -> None:
        self.documents = documents
        self.weights = weights
        self.entries: list[tuple[int, str]] = []
        first: list[int] = []
        for position, document in enumerate(documents):
            first.append(len(self.entries))
            self.entries += [(position, phrase) for phrase in (document.title, *document.alternates)]
        self._first = np.array(first, dtype=np.int64)
        entry_words = [words_of(phrase) for _, phrase in self.entries]
        body_words = [words_of(document.text) for document in documents]
        self.analyzer = _analyzer(code, entry_words, body_words, synonyms)
        self._grams = WordGrams()
        self._terms: dict[str, int] = {}
        self._index_entries(entry_words)
        self._index_bodies(body_words)

    def _index_entries(self, entry_words: Sequence[Sequence[str]]) -> None:
        count = len(entry_words)
        self._entry_terms = self._term_postings([self.analyzer.index_terms(words) for words in entry_words])
        frequencies = self._entry_terms.frequencies()
        self._idf = np.log1p(count / (frequencies + 0.5))
        self._rarest = float(np.log1p(count / 0.5)) if count else 1.0
        self._term_presence = self._entry_terms.binary()
        self._entry_terms.scale(self._idf, np.ones(count))
        self._entry_terms.scale(
            np.ones(len(frequencies)), _inverse_root(self._entry_terms.sums(squared=True))
        )

        owners, grams, threes_owners, threes = [], [], [], []
        for position, words in enumerate(entry_words):
            for word in self.analyzer.content(words):
                every, three = self._grams.of(word)
                grams.append(every)
                owners.append(np.full(len(every), position))
                threes.append(three)
                threes_owners.append(np.full(len(three), position))
        self._entry_grams = _counted(grams, owners, count)
        frequencies = self._entry_grams.frequencies()
        self._gram_idf = np.log1p(count / (frequencies + 0.5))
        self._entry_grams.scale(self._gram_idf, np.ones(count))
        self._entry_grams.scale(
            np.ones(len(frequencies)), _inverse_root(self._entry_grams.sums(squared=True))
        )
        self._threes = _counted(threes, threes_owners, count).binary()
        self._threes_count = self._threes.sums()

    def _index_bodies(self, body_words: Sequence[Sequence[str]]) -> None:
        """BM25 of the answers, whose weights are ready before the question comes."""
        terms = [self.analyzer.index_terms(words) for words in body_words]
        lengths = np.array([sum(weights.values()) for weights in terms], dtype=np.float64)
        average = float(lengths.mean()) or 1.0 if len(lengths) else 1.0
        k1, b = 1.2, 0.75
        norms = k1 * (1 - b + b * lengths / average)
        for position, weights in enumerate(terms):
            norm = float(norms[position])
            for term, often in weights.items():
                weights[term] = often * (k1 + 1) / (often + norm)
        self._body = self._term_postings(terms)
        frequencies = self._body.frequencies()
        count = len(body_words)
        self._body_idf = np.log1p((count - frequencies + 0.5) / (frequencies + 0.5))

    def _term_postings(self, texts: Sequence[Mapping[str, float]]) -> Postings:
        features: list[int] = []
        owners: list[int] = []
        values: list[float] = []
        terms = self._terms
        for position, weights in enumerate(texts):
            for term, weight in weights.items():
                features.append(terms.setdefault(term, len(terms)))
                owners.append(position)
                values.append(weight)
        return Postings(
            np.array(features, dtype=np.int64), np.array(owners, dtype=np.int32), np.array(values), len(texts)
        )

    def search(
        self, question: str, limit: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[list[Match], Terms]:
        """The best documents for a question, and what the question came down to. `allowed` marks who may be found."""
        terms = self.analyzer.question_terms(question)
        if not self.documents or not terms.weights:
            return [], terms
        words, coverage = self._word_signals(terms)
        grams, dice = self._gram_signals(terms)
        w = self.weights
        entries = w.words * words + w.grams * grams + w.dice * dice + w.coverage * coverage
        body = self._body_signal(terms)
        scores = (np.maximum.reduceat(entries, self._first) + w.body * body) / w.total
        if allowed is not None:
            scores = np.where(allowed, scores, 0.0)
        wanted = min(limit + 1, len(scores))
        top = np.argpartition(scores, -wanted)[-wanted:]
        top = top[np.argsort(-scores[top], kind="stable")]
        best = scores[top].tolist()
        matches = []
        for rank, position in enumerate(top.tolist()[:limit]):
            if best[rank] <= 0.0:
                break
            low = int(self._first[position])
            high = int(self._first[position + 1]) if position + 1 < len(self._first) else len(entries)
            entry = low + int(np.argmax(entries[low:high]))
            rival = best[0] if rank else (best[1] if len(best) > 1 else 0.0)
            matches.append(
                Match(
                    position=position,
                    entry=entry,
                    score=best[rank],
                    margin=best[rank] - rival,
                    words=float(words[entry]),
                    grams=float(grams[entry]),
                    dice=float(dice[entry]),
                    coverage=float(coverage[entry]),
                    body=float(body[position]),
                )
            )
        return matches, terms

    def _word_signals(self, terms: Terms) -> tuple[Array, Array]:
        """Cosine of the words, and which share of the question (by rarity) an entry has."""
        wanted = np.array([self._terms.get(term, -1) for term in terms.weights], dtype=np.int64)
        given = np.fromiter(terms.weights.values(), dtype=np.float64, count=len(wanted))
        positions, found = self._entry_terms.find(wanted)
        idf = np.where(found, self._idf[positions] if len(self._idf) else 0.0, self._rarest)
        weights = given * idf
        positions, weighed = positions[found], weights[found]
        length = float(np.sqrt(np.dot(weights, weights))) or 1.0
        cosine = self._entry_terms.score(positions, weighed / length)
        coverage = self._term_presence.score(positions, weighed / (float(weights.sum()) or 1.0))
        return cosine, coverage

    def _gram_signals(self, terms: Terms) -> tuple[Array, Array]:
        pairs = [self._grams.of(word) for word in terms.words]
        codes, often = np.unique(np.concatenate([every for every, _ in pairs]), return_counts=True)
        positions, found = self._entry_grams.find(codes)
        weights = often * np.where(
            found, self._gram_idf[positions] if len(self._gram_idf) else 0.0, self._rarest
        )
        length = float(np.sqrt(np.dot(weights, weights))) or 1.0
        cosine = self._entry_grams.score(positions[found], weights[found] / length)
        threes = np.unique(np.concatenate([three for _, three in pairs]))
        positions, found = self._threes.find(threes)
        shared = self._threes.score(positions[found], np.ones(int(found.sum())))
        return cosine, 2 * shared / (self._threes_count + len(threes))

    def _body_signal(self, terms: Terms) -> Array:
        wanted = np.array([self._terms.get(term, -1) for term in terms.weights], dtype=np.int64)
        given = np.fromiter(terms.weights.values(), dtype=np.float64, count=len(wanted))
        positions, found = self._body.find(wanted)
        positions, given = positions[found], given[found]
        scores = self._body.score(positions, given * self._body_idf[positions])
        return scores / (scores + 8.0)


def _analyzer(
    code: str,
    entry_words: Iterable[Iterable[str]],
    body_words: Iterable[Iterable[str]],
    synonyms: Iterable[Sequence[str]],
) -> Analyzer:
    spoken = language(code)
    counts: Counter[str] = Counter()
    for words in (*entry_words, *body_words):
        counts.update(words)
    stems = {spoken.stem(word) for word in counts if word not in spoken.stop_words}
    same: dict[str, set[str]] = {}
    for group in synonyms:
        stemmed = {spoken.stem(word) for spelled in group for word in words_of(spelled)}
        for stem in stemmed:
            same.setdefault(stem, set()).update(stemmed - {stem})
    return Analyzer(
        language=spoken,
        known=frozenset(counts),
        stems=frozenset(stems | same.keys()),
        spelling=Spelling(counts),
        synonyms={stem: tuple(sorted(others)) for stem, others in same.items()},
    )


def _counted(codes: list[NDArray[np.int64]], owners: list[NDArray[np.int64]], count: int) -> Postings:
    """Postings of how often each gram occurs in each text."""
    if not codes:
        return Postings(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), count)
    pairs = np.stack((np.concatenate(codes), np.concatenate(owners)))
    unique, often = np.unique(pairs, axis=1, return_counts=True)
    return Postings(unique[0], unique[1], often, count)


def _inverse_root(sums: Array) -> Array:
    return np.where(sums > 0, 1 / np.sqrt(np.where(sums > 0, sums, 1.0)), 0.0)
