"""The texts of tips as numbers: read once, word by word, so that none of the texts themselves has to be kept."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.search.analyzer import Synonyms, words_of
from adapters.search.languages import Language, language

MOST_TIMES = 255


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    title: str
    alternates: Sequence[str]
    text: str


class Texts:
    """What an index is built from. Every title and every alternate is an entry: its words in order, by number. Of the
    text only counts are kept, how often each word is in it."""

    def __init__(self, language: Language, synonyms: Synonyms) -> None:
        self.language = language
        self.synonyms = synonyms
        self.words: dict[str, int] = {}
        self.ids: list[str] = []
        self._phrases = bytearray()
        self._phrase_starts = array("q", [0])
        self._entry_words = array("i")
        self._entry_starts = array("q", [0])
        self._first_entries = array("q", [0])
        self._body_words = array("i")
        self._body_counts = array("B")
        self._body_starts = array("q", [0])

    @classmethod
    def of(cls, code: str, synonyms: Iterable[Sequence[str]]) -> Texts:
        """No texts yet, in this language; `synonyms` are groups of words and phrases that mean the same."""
        spoken = language(code)
        return cls(spoken, Synonyms(synonyms, spoken))

    def add(self, document: Document) -> None:
        number = self.words
        self.ids.append(document.id)
        for phrase in (document.title, *document.alternates):
            self._phrases += phrase.encode("utf-8", "replace")
            self._phrase_starts.append(len(self._phrases))
            read = self.synonyms.read(words_of(phrase, self.language))
            self._entry_words.extend([number.setdefault(word, len(number)) for word in read])
            self._entry_starts.append(len(self._entry_words))
        self._first_entries.append(len(self._entry_starts) - 1)
        for word, often in Counter(self.synonyms.read(words_of(document.text, self.language))).items():
            self._body_words.append(number.setdefault(word, len(number)))
            self._body_counts.append(min(often, MOST_TIMES))
        self._body_starts.append(len(self._body_words))

    def phrase(self, entry: int) -> str:
        start, end = self._phrase_starts[entry], self._phrase_starts[entry + 1]
        return self._phrases[start:end].decode("utf-8", "replace")

    def title(self, document: int) -> str:
        return self.phrase(self._first_entries[document])

    def counts(self) -> NDArray[np.int64]:
        """How often each word occurs in titles, alternates and texts."""
        counts = np.bincount(self.entry_words, minlength=len(self.words))
        bodies = np.frombuffer(self._body_words, dtype=np.int32) if self._body_words else _NONE
        return counts + np.bincount(bodies, minlength=len(self.words))

    # What follows shares its memory with the arrays above: nothing is added any more by then.

    @property
    def entry_words(self) -> NDArray[np.int32]:
        return np.frombuffer(self._entry_words, dtype=np.int32) if self._entry_words else _NONE

    @property
    def entry_starts(self) -> NDArray[np.int64]:
        return np.frombuffer(self._entry_starts, dtype=np.int64)

    @property
    def first_entries(self) -> NDArray[np.int64]:
        """Per document its first entry, the title; and how many entries there are."""
        return np.frombuffer(self._first_entries, dtype=np.int64)

    def bodies(self) -> tuple[NDArray[np.int32], NDArray[np.uint8], NDArray[np.int64]]:
        """The words of all texts, how often each, and where each document's start. They are let go: nobody asks
        for them a second time."""
        words = np.array(self._body_words, dtype=np.int32)
        counts = np.array(self._body_counts, dtype=np.uint8)
        starts = np.array(self._body_starts, dtype=np.int64)
        self._body_words, self._body_counts, self._body_starts = array("i"), array("B"), array("q", [0])
        return words, counts, starts


_NONE = np.zeros(0, dtype=np.int32)
