"""A question as the index of one language reads it: its words, what each may mean, and what each weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.search.analyzer import Analyzer, Synonyms, words_of
from adapters.search.languages import language
from adapters.search.meanings import JOINED, Meanings
from adapters.search.postings import Array, Ints
from adapters.search.terms import Terms
from adapters.search.vocabulary import grams

MOST_WORDS = 60
"""Words of a question that are looked at: a question is a sentence or two, and a novel must not stop the others."""
MOST_CONTENT = 16
"""Words that are looked up, the rarest ones."""
UNKNOWN = 0.6
"""What a word that is in no tip weighs, beside the rarest that is."""


@dataclass(frozen=True, slots=True)
class Question:
    """One number per word: `weights`, and in `content` whether it carries meaning. One per meaning: the word it is
    of (`word_of`), its stem and how well that fits."""

    words: Sequence[str]
    weights: Array
    content: NDArray[np.bool_]
    word_of: Ints
    stems: Ints
    fits: Array
    threes: Ints
    """The threes of neighbouring characters in its content, sorted."""
    pairs: Ints
    """Its stems, two by two in order, each as one number; sorted."""
    unknown: int
    """Content words that no tip has."""


def pair(first: NDArray[np.int64], second: NDArray[np.int64]) -> Ints:
    """Two neighbouring stems as one number; -1 stands before the first and behind the last."""
    return (first + 1) << 32 | (second + 1)


class Reader:
    def __init__(self, analyzer: Analyzer, terms: Terms, synonyms: Synonyms, meanings: Meanings) -> None:
        self._analyzer = analyzer
        self._terms = terms
        self._synonyms = synonyms
        self._meanings = meanings

    def read(self, text: str, asked_in: str) -> Question | None:
        """None when there is no word in it."""
        own = self._analyzer.language
        home = asked_in == own.code
        spoken = own if home else language(asked_in)
        said = words_of(text, spoken)[:MOST_WORDS]
        words = list(dict.fromkeys(self._synonyms.read(said) if home else said))
        if not words:
            return None
        meanings = [self._meanings.of(word, asked_in) for word in words]
        telling = {word for word in words if word not in spoken.stop_words}
        if home:
            self._join(said, words, meanings, telling)
        weights = np.array([self._weight(w, m, home) for w, m in zip(words, meanings, strict=True)])
        content = np.array([word in telling for word in words])
        if not content.any():
            content[:] = True
        if content.sum() > MOST_CONTENT:
            least = np.sort(weights[content])[-MOST_CONTENT]
            content &= weights >= least
        meant = [word for word, counts in zip(words, content.tolist(), strict=True) if counts]
        known = self._analyzer.known
        repaired = [self._analyzer.repair(word) for word in meant] if home else meant
        stem = self._analyzer.stem
        order = np.array(
            [self._terms.ids.get(stem(word), -2 - at) for at, word in enumerate(said)], dtype=np.int64
        )
        edge = np.array([-1])
        return Question(
            words=meant,
            weights=weights,
            content=content,
            word_of=np.arange(len(words)).repeat([len(stems) for stems, _ in meanings]),
            stems=np.concatenate([stems for stems, _ in meanings]),
            fits=np.concatenate([fits for _, fits in meanings]),
            threes=np.unique(np.concatenate([grams(word)[1] for word in repaired])),
            pairs=np.unique(pair(np.concatenate((edge, order)), np.concatenate((order, edge)))),
            unknown=sum(word not in known for word in meant),
        )

    def _join(
        self, said: Sequence[str], words: Sequence[str], meanings: list[tuple[Ints, Array]], telling: set[str]
    ) -> None:
        """Both words of what is one word in the tips may mean that word."""
        at = {word: number for number, word in enumerate(words)}
        for one, other, together in self._analyzer.joined(said):
            stem = self._terms.ids.get(self._analyzer.stem(together))
            if stem is None:
                continue
            for word in (one, other):
                stems, fits = meanings[at[word]]
                new = stems != stem
                meanings[at[word]] = np.append(stems[new], stem), np.append(fits[new], JOINED)
                telling.add(word)

    def _weight(self, word: str, meaning: tuple[Ints, Array], home: bool) -> float:
        terms = self._terms
        stem = terms.ids.get(self._analyzer.stem(word)) if home else None
        if stem is not None and terms.frequencies[stem]:
            return float(terms.rarity[stem])
        stems, fits = meaning
        likeliest = float((fits * terms.rarity[stems]).max()) if len(stems) else 0.0
        return max(likeliest, terms.rarest * UNKNOWN)
