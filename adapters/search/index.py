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
from adapters.search.grams import GramIndex
from adapters.search.languages import language
from adapters.search.postings import Array, Postings, stack
from adapters.search.spelling import Spelling

BODY = 0.5
"""What a word of the answer counts beside one of the title or an alternate."""
HALF_BODY = 8.0
"""The BM25 score that counts as half of the best possible."""


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    title: str
    alternates: Sequence[str]
    text: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each signal counts. Tuned on sets of real questions; see docs/tips-search.md."""

    words: float = 0.3
    """Cosine of the words of an entry."""
    grams: float = 1.8
    """Cosine of the characters (three to five) of an entry."""
    dice: float = 1.1
    """Share of characters (three) in common with an entry."""
    body: float = 1.8
    """BM25 of the answer."""
    coverage: float = 3.5
    """Which share of the question, by rarity, the tip has anywhere."""

    @property
    def total(self) -> float:
        return self.words + self.grams + self.dice + self.body + self.coverage


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
    body: float
    coverage: float


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
        """Every way of asking, with the position of its document."""
        first: list[int] = []
        for position, document in enumerate(documents):
            first.append(len(self.entries))
            self.entries += [(position, phrase) for phrase in (document.title, *document.alternates)]
        self._first = np.array(first, dtype=np.int64)
        entry_words = [words_of(phrase) for _, phrase in self.entries]
        body_words = [words_of(document.text) for document in documents]
        self.analyzer = _analyzer(code, entry_words, body_words, synonyms)
        entry_terms = [self.analyzer.index_terms(words) for words in entry_words]
        body_terms = [self.analyzer.index_terms(words) for words in body_words]
        self._terms: dict[str, int] = {}
        for weights_of in (*entry_terms, *body_terms):
            for term in weights_of:
                self._terms.setdefault(term, len(self._terms))

        words = self._postings(entry_terms)
        self._words_idf, self._words_rarest = _idf(words, len(entry_terms))
        words.multiply_features(self._words_idf)
        words.normalize()
        words.multiply_features(self._words_idf)
        wholes = self._postings(self._wholes(entry_terms, body_terms))
        self._coverage_idf, self._coverage_rarest = _idf(wholes, len(documents))
        wholes.multiply_features(self._coverage_idf)
        bodies = self._postings(_saturated(body_terms))
        bodies.multiply_features(_idf(bodies, len(documents))[0])
        # What a question weighs is in the values already, and all three are asked at once.
        self._by_term = stack([words, wholes, bodies])
        self._grams = GramIndex([self.analyzer.content(words) for words in entry_words])

    def _wholes(
        self, entry_terms: Sequence[Mapping[str, float]], body_terms: Sequence[Mapping[str, float]]
    ) -> list[dict[str, float]]:
        """The words a tip has anywhere: who asks may mix the words of two alternates and of the answer."""
        wholes = [dict.fromkeys(terms, BODY) for terms in body_terms]
        for (position, _), terms in zip(self.entries, entry_terms, strict=True):
            wholes[position].update(dict.fromkeys(terms, 1.0))
        return wholes

    def _postings(self, texts: Sequence[Mapping[str, float]]) -> Postings:
        features = np.array([self._terms[term] for terms in texts for term in terms], dtype=np.int64)
        values = np.array([weight for terms in texts for weight in terms.values()], dtype=np.float64)
        owners = np.repeat(np.arange(len(texts)), [len(terms) for terms in texts])
        return Postings(features, owners, values, (len(self._terms), len(texts)))

    def search(
        self, question: str, limit: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[list[Match], Terms]:
        """The best documents for a question, and what it came down to. `allowed` marks which may be found."""
        terms = self.analyzer.question_terms(question)
        if not self.documents or not terms.weights:
            return [], terms
        known = {self._terms[term]: weight for term, weight in terms.weights.items() if term in self._terms}
        unknown = [weight for term, weight in terms.weights.items() if term not in self._terms]
        features = np.fromiter(known, dtype=np.int64, count=len(known))
        given = np.fromiter(known.values(), dtype=np.float64, count=len(known))
        scores = self._by_term.score(features, given)
        words, coverage, body = np.split(scores, [len(self.entries), len(self.entries) + len(self.documents)])
        weights = given * self._words_idf[features]
        words /= (float(weights @ weights) + self._words_rarest**2 * sum(w * w for w in unknown)) ** 0.5
        coverage /= float(given @ self._coverage_idf[features]) + self._coverage_rarest * sum(unknown)
        body /= body + HALF_BODY
        grams, dice = self._grams.score(terms.words)

        w = self.weights
        entries = w.words * words + w.grams * grams + w.dice * dice
        scores = np.maximum.reduceat(entries, self._first) + w.body * body + w.coverage * coverage
        scores /= w.total
        if allowed is not None:
            scores[~allowed] = 0.0
        matches = []
        top = _best(scores, limit + 1)
        for rank, position in enumerate(top[:limit]):
            score = float(scores[position])
            if score <= 0.0:
                break
            low = int(self._first[position])
            high = int(self._first[position + 1]) if position + 1 < len(self._first) else len(entries)
            entry = low + int(entries[low:high].argmax())
            rival = float(scores[top[0 if rank else 1]]) if len(top) > 1 else 0.0
            matches.append(
                Match(
                    position=position,
                    entry=entry,
                    score=score,
                    margin=score - rival,
                    words=float(words[entry]),
                    grams=float(grams[entry]),
                    dice=float(dice[entry]),
                    body=float(body[position]),
                    coverage=float(coverage[position]),
                )
            )
        return matches, terms


def _best(scores: Array, wanted: int) -> list[int]:
    """The positions of the highest scores, the best first; among equals the first one."""
    wanted = min(wanted, len(scores))
    top = np.argpartition(scores, -wanted)[-wanted:]
    return [int(position) for position in top[np.lexsort((top, -scores[top]))]]


def _idf(postings: Postings, count: int) -> tuple[Array, float]:
    """How much each feature says by being rare, and the same for one that no document has."""
    return np.log1p(count / (postings.frequencies + 0.5)), float(np.log1p(2 * count))


def _saturated(texts: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """Term frequencies as BM25 counts them: the second time adds less, and more in a short text."""
    k1, b = 1.2, 0.75
    lengths = [sum(terms.values()) for terms in texts]
    average = sum(lengths) / len(lengths) if any(lengths) else 1.0
    norms = [k1 * (1 - b + b * length / average) for length in lengths]
    return [
        {term: often * (k1 + 1) / (often + norm) for term, often in terms.items()}
        for terms, norm in zip(texts, norms, strict=True)
    ]


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
