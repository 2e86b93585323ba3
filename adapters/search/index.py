"""The index of the tips of one language: a first choice among all, then a close look at those.

The first choice adds up, per tip, what it says of each word of the question and of what that may mean. The close look
reads the titles and alternates of the best of them word by word. A tip is as good as its best entry.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from adapters.search.analyzer import Synonyms
from adapters.search.closely import look_closely
from adapters.search.evidence import Evidence
from adapters.search.languages import language
from adapters.search.postings import Array
from adapters.search.question import Question, Reader
from adapters.search.segment import MOST, Document, Label, Pages, Segment
from adapters.search.words import Words

CLOSE_LOOK = 25
"""Tips that are looked at closely."""
READ = 2048
"""Tips that are read before they become part of a segment: until then they take several times the memory."""
NEAR = 0.6
"""A tip that the first choice gives less than this share of what it gives the best one is not looked at."""
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
_WEIGHTS = (np.array(list(WEIGHTS.values())) / sum(WEIGHTS.values())).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Match:
    """A tip that was found. Every signal is between 0 and 1, in the order of `SIGNALS`; `margin` is the distance of
    its score to the best other one; `phrase` is the title or alternate that matched best."""

    label: Label
    title: str
    phrase: str
    score: float
    margin: float
    signals: tuple[float, ...]

    @property
    def id(self) -> str:
        return self.label.id


class Index:
    """Immutable: `Draft` makes another one of it, which shares everything that did not change."""

    def __init__(self, words: Words, synonyms: Synonyms, segments: Sequence[Segment]) -> None:
        self.words = words
        self.synonyms = synonyms
        self.segments = segments
        self._starts = [0, *accumulate(map(len, segments))]
        self.reader = Reader(words, synonyms)
        self._evidence = Evidence(words, segments)

    @classmethod
    def empty(cls, code: str = "nl", synonyms: Iterable[Sequence[str]] = ()) -> Index:
        """No tips yet, in this language; `synonyms` are groups of words and phrases that mean the same."""
        spoken = language(code)
        return cls(Words(spoken), Synonyms(synonyms, spoken), ())

    @classmethod
    def of(
        cls, documents: Iterable[Document], code: str = "nl", synonyms: Iterable[Sequence[str]] = ()
    ) -> Index:
        return cls.empty(code, synonyms).changed(documents)

    def changed(self, documents: Iterable[Document], gone: Collection[str] = ()) -> Index:
        """With these tips, and without those that are gone. A tip that changed is both."""
        draft = Draft(self)
        draft.leave_out(gone)
        for document in documents:
            draft.add(document)
        return draft.done()

    def __len__(self) -> int:
        return self._starts[-1]

    def having(self, ids: Collection[str]) -> set[str]:
        """Those of these tips that are in it."""
        wanted = set(ids)
        return {tip_id for segment in self.segments for tip_id in segment.ids if tip_id in wanted}

    def labels(self) -> Iterator[Label]:
        for segment in self.segments:
            yield from segment.labels()

    def titles(self, roots: Collection[str]) -> Iterator[tuple[Label, str]]:
        """The tips that say what these say, in this language, with their titles."""
        for segment in self.segments:
            for tip, label in enumerate(segment.labels()):
                if label.root in roots:
                    yield label, segment.title(tip)

    def search(
        self,
        text: str,
        limit: int,
        asked_in: str | None = None,
        themes: Collection[str] = (),
        team_id: str | None = None,
    ) -> tuple[list[Match], Question | None]:
        """The best tips for a question, and how that was read. `themes` are those to look in (none: everywhere);
        `team_id` is the asker's."""
        question = self.reader.read(text, asked_in or self.words.language.code)
        if question is None or not len(self):
            return [], question
        covered, said = self._first_choice(question)
        self._hide(covered, said, themes, team_id)
        best_said = float(said.max(0)) or 1.0
        first = covered + said / best_said
        near = (first > NEAR * max(float(first.max()), 1e-9)).nonzero()[0]
        if not len(near):
            return [], question
        if len(near) > CLOSE_LOOK:
            least = np.partition(first[near], -CLOSE_LOOK)[-CLOSE_LOOK]
            near = near[first[near] >= least][: 2 * CLOSE_LOOK]
        chosen = near.tolist()
        looks = look_closely(question, self.words, self._evidence, list(map(self._entries, chosen)))
        starts = [0, *accumulate(map(self._count, chosen))]
        said = said[near]
        signals = np.empty((len(SIGNALS), len(chosen)), dtype=np.float32)
        signals[0], signals[1], signals[2] = covered[near], said / best_said, said / (said + HALF)
        np.maximum.reduceat(looks, starts[:-1], axis=1, out=signals[3:])
        scores = (_WEIGHTS @ signals).tolist()
        order = sorted(range(len(chosen)), key=lambda at: -scores[at])[: limit + 1]
        worth = _WEIGHTS[3:] @ looks
        matches = []
        for rank, at in enumerate(order[:limit]):
            rival = scores[order[0 if rank else 1]] if len(order) > 1 else 0.0
            best = int(worth[starts[at] : starts[at + 1]].argmax(0))
            segment, tip = self._at(chosen[at])
            title = segment.places[1][tip]
            matches.append(
                Match(
                    segment.label(tip),
                    segment.phrases[title],
                    segment.phrases[title + best],
                    scores[at],
                    scores[at] - rival,
                    tuple(signals[:, at].tolist()),
                )
            )
        return matches, question

    def _entries(self, position: int) -> NDArray[np.int32]:
        segment, tip = self._at(position)
        starts = segment.places[0]
        return segment.words[starts[tip] : starts[tip + 1]]

    def _count(self, position: int) -> int:
        """How many entries a tip has."""
        segment, tip = self._at(position)
        first = segment.places[1]
        return first[tip + 1] - first[tip]

    def _at(self, position: int) -> tuple[Segment, int]:
        number = bisect_right(self._starts, position) - 1
        return self.segments[number], position - self._starts[number]

    def _hide(self, covered: Array, said: Array, themes: Collection[str], team_id: str | None) -> None:
        """Nothing counts of what this person may not find, or is not looking for."""
        for start, segment in zip(self._starts, self.segments, strict=False):
            hidden = [start + tip for tip in segment.hidden(themes, team_id)]
            if hidden:
                covered[hidden] = said[hidden] = 0

    def _first_choice(self, question: Question) -> tuple[Array, Array]:
        """Per tip: which share of the question it covers, by rarity; and what BM25 makes of it."""
        total = self._evidence.of(question.content)
        weight = sum(meaning.weight for meaning in question.content)
        return total[0] / np.float32(weight or 1.0), total[1]


class Draft:
    """An index to be: some tips of another one are left out, and others come."""

    def __init__(self, index: Index) -> None:
        self._before = index
        self._numbers = dict(index.words.numbers)
        self._names = list(index.words.names)
        self._pages = Pages(self._numbers, self._names, index.words.language, index.synonyms)
        self._full = [segment for segment in index.segments if len(segment) >= MOST]
        self._room = [segment for segment in index.segments if len(segment) < MOST]

    def leave_out(self, ids: Collection[str]) -> None:
        """Before they come again: an id is there once."""
        self._close()
        segments = self._full + self._room
        self._full, self._room = [], []
        for segment in segments:
            left = segment.without(ids)
            if len(left):
                (self._room if len(left) < MOST else self._full).append(left)

    def add(self, document: Document) -> None:
        self._pages.add(document)
        together = len(self._pages) + (len(self._room[-1]) if self._room else 0)
        if len(self._pages) >= READ or together >= MOST:
            self._close()

    def _close(self) -> None:
        if len(self._pages):
            segment = self._pages.segment()
            if self._room:
                segment = self._room.pop() + segment
            (self._room if len(segment) < MOST else self._full).append(segment)

    def done(self) -> Index:
        self._close()
        segments = self._full + self._room
        counts, titled = np.zeros(len(self._names), np.int64), np.zeros(len(self._names), np.int64)
        for segment in segments:
            segment.count(counts, titled)
        tips = sum(map(len, segments))
        words = self._before.words.changed(self._numbers, self._names, counts, titled, tips)
        return Index(words, self._before.synonyms, segments)
