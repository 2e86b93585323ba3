"""A few thousand tips as numbers: which words each title and alternate has, in order, and which tips have each word.

None of the texts is kept, and nothing here depends on any other tip: tips come and go without the rest being read
again. What a word weighs, and what it may mean, is for who asks.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adapters.search.analyzer import Synonyms, words_of
from adapters.search.languages import Language
from adapters.search.postings import TITLED, Array, Postings, starts_of

MOST = 32768
"""Tips in a segment: each of them adds to what a question costs, and a change copies one. A place fits in two bytes."""
MOST_WORDS = 40
"""Words of a title or alternate that are looked at closely."""
LEAD = 400
"""Characters of the text that stand for a title where there is none."""
TITLE = 3
"""What a word of a title or alternate counts, beside 1 for one of the text."""
EDGE = 0
"""No word: it stands before each title and alternate."""


class Label(NamedTuple):
    """A tip without its texts. `team_id` is the only team that may find it (None: everybody may), `root` the id of the
    tip that it is a translation of, or its own."""

    id: str
    theme: str = ""
    team_id: str | None = None
    root: str = ""


class Document(NamedTuple):
    id: str
    title: str
    alternates: Sequence[str]
    text: str
    theme: str = ""
    team_id: str | None = None
    translation_of: str | None = None


class Texts:
    """Short texts, one after the other: a string of its own takes fifty bytes more. Immutable."""

    def __init__(self, written: bytes, starts: NDArray[np.int32]) -> None:
        self.written = written
        self.starts = starts

    @classmethod
    def of(cls, texts: Iterable[str]) -> Texts:
        encoded = [text.encode("utf-8", "replace") for text in texts]
        return cls(b"".join(encoded), _starts(np.array([len(text) for text in encoded], dtype=np.int32)))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, at: int) -> str:
        return self.written[self.starts[at] : self.starts[at + 1]].decode("utf-8", "replace")

    def __iter__(self) -> Iterator[str]:
        for start, end in pairwise(self.starts.tolist()):
            yield self.written[start:end].decode("utf-8", "replace")

    def kept(self, keep: NDArray[np.bool_]) -> Texts:
        sizes = np.diff(self.starts)
        letters = np.frombuffer(self.written, dtype=np.uint8)[keep.repeat(sizes)]
        return Texts(letters.tobytes(), _starts(sizes[keep]))

    def __add__(self, other: Texts) -> Texts:
        return Texts(self.written + other.written, _continued(self.starts, other.starts))


@dataclass(frozen=True)
class Segment:
    """Immutable. An entry is a title or an alternate; the first of a tip is its title."""

    ids: Texts
    themes: tuple[str, ...]
    theme_of: NDArray[np.uint16]
    """Of each tip the place of its theme among `themes`."""
    teams: Mapping[int, str]
    """Of the tips that are not for everybody."""
    roots: Mapping[int, str]
    """Of the tips that are translations."""
    lengths: Array
    """Words of each tip, those of its titles counting more."""
    phrases: Texts
    first_entries: NDArray[np.int32]
    """By tip; and how many entries there are."""
    words: NDArray[np.int32]
    """Of all entries, an `EDGE` before each."""
    word_starts: NDArray[np.int32]
    """By tip, where the words of its entries start."""
    postings: Postings

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def places(self) -> tuple[memoryview, memoryview]:
        """`word_starts` and `first_entries`: one number of a view is quicker to get than of an array."""
        return self.word_starts.data, self.first_entries.data

    def label(self, tip: int) -> Label:
        tip_id = self.ids[tip]
        theme = self.themes[self.theme_of[tip]]
        return Label(tip_id, theme, self.teams.get(tip), self.roots.get(tip, tip_id))

    def labels(self) -> Iterator[Label]:
        for tip, (tip_id, theme) in enumerate(zip(self.ids, self.theme_of.tolist(), strict=True)):
            yield Label(tip_id, self.themes[theme], self.teams.get(tip), self.roots.get(tip, tip_id))

    def hidden(self, themes: Collection[str], team_id: str | None) -> Sequence[int]:
        """The tips that are another team's, or of none of these themes (none: all are looked in)."""
        others = [tip for tip, team in self.teams.items() if team != team_id]
        if not themes:
            return others
        away = np.array([theme not in themes for theme in self.themes], dtype=bool)[self.theme_of]
        away[others] = True
        found: list[int] = np.flatnonzero(away).tolist()
        return found

    def title(self, tip: int) -> str:
        return self.phrases[self.places[1][tip]]

    def without(self, gone: Collection[str]) -> Segment:
        """The tips that are not gone."""
        keep = np.array([tip_id not in gone for tip_id in self.ids], dtype=bool)
        if keep.all():
            return self
        numbers: list[int] = (keep.cumsum() - 1).tolist()
        entries, sizes = np.diff(self.first_entries), np.diff(self.word_starts)
        return Segment(
            self.ids.kept(keep),
            self.themes,
            self.theme_of[keep],
            {numbers[tip]: team for tip, team in self.teams.items() if keep[tip]},
            {numbers[tip]: root for tip, root in self.roots.items() if keep[tip]},
            self.lengths[keep],
            self.phrases.kept(keep.repeat(entries)),
            _starts(entries[keep]),
            self.words[keep.repeat(sizes)],
            _starts(sizes[keep]),
            self.postings.kept(keep),
        )

    def __add__(self, more: Segment) -> Segment:
        before = len(self)
        themes = tuple(dict.fromkeys((*self.themes, *more.themes)))
        places = np.array([themes.index(theme) for theme in more.themes], dtype=np.uint16)
        return Segment(
            self.ids + more.ids,
            themes,
            np.concatenate((self.theme_of, places[more.theme_of])),
            {**self.teams, **{before + tip: team for tip, team in more.teams.items()}},
            {**self.roots, **{before + tip: root for tip, root in more.roots.items()}},
            np.concatenate((self.lengths, more.lengths)),
            self.phrases + more.phrases,
            _continued(self.first_entries, more.first_entries),
            np.concatenate((self.words, more.words)),
            _continued(self.word_starts, more.word_starts),
            self.postings.followed_by(more.postings, before),
        )

    def count(self, tips: NDArray[np.int64], titled: NDArray[np.int64]) -> None:
        """By word: in how many tips it is, and in the titles or alternates of how many. Adds to what is there."""
        starts, bodies = self.postings.starts, self.postings.bodies
        tips[: len(bodies)] += np.diff(starts)
        titled[: len(bodies)] += bodies - starts[:-1]


class Pages:
    """Tips being read, that become a segment. `numbers` numbers their words, from 1."""

    def __init__(
        self, numbers: dict[str, int], names: list[str], language: Language, synonyms: Synonyms
    ) -> None:
        self._numbers = numbers
        self._names = names
        self._language = language
        self._synonyms = synonyms
        self._clear()

    def _clear(self) -> None:
        self.labels: list[Label] = []
        self._lengths = array("f")
        self._phrases: list[str] = []
        self._first_entries = array("i", [0])
        self._words = array("i")
        self._word_starts = array("i", [0])
        self._keys = array("i")
        self._owners = array("H")
        self._said = array("B")

    def __len__(self) -> int:
        return len(self.labels)

    def add(self, document: Document) -> None:
        owner = len(self.labels)
        root = document.translation_of or document.id
        self.labels.append(Label(document.id, document.theme, document.team_id, root))
        often: Counter[int] = Counter()
        phrases = (document.title, *document.alternates)
        nameless = not any(map(str.strip, phrases))
        for phrase in phrases:
            self._phrases.append(phrase)
            words = self._read(document.text[:LEAD] if nameless else phrase)
            self._words.append(EDGE)
            self._words.extend(words[:MOST_WORDS])
            for word in words:
                often[word] += TITLE
        self._first_entries.append(len(self._phrases))
        self._word_starts.append(len(self._words))
        titled = set(often)
        often.update(self._read(document.text))
        self._keys.extend(often)
        self._owners.extend([owner] * len(often))
        self._said.extend(
            [min(count, TITLED - 1) | (TITLED if word in titled else 0) for word, count in often.items()]
        )
        self._lengths.append(sum(often.values()))

    def _read(self, text: str) -> list[int]:
        numbers, names = self._numbers, self._names
        found = []
        for word in self._synonyms.read(words_of(text, self._language)):
            number = numbers.get(word)
            if number is None:
                number = numbers[word] = len(names)
                names.append(word)
            found.append(number)
        return found

    def segment(self) -> Segment:
        """Of these tips. Nothing is left to add."""
        themes = tuple(dict.fromkeys(label.theme for label in self.labels))
        places = {theme: place for place, theme in enumerate(themes)}
        made = Segment(
            Texts.of([label.id for label in self.labels]),
            themes,
            np.array([places[label.theme] for label in self.labels], dtype=np.uint16),
            {tip: label.team_id for tip, label in enumerate(self.labels) if label.team_id},
            {tip: label.root for tip, label in enumerate(self.labels) if label.root != label.id},
            np.array(self._lengths, dtype=np.float32),
            Texts.of(self._phrases),
            np.array(self._first_entries, dtype=np.int32),
            np.array(self._words, dtype=np.int32),
            np.array(self._word_starts, dtype=np.int32),
            Postings.of(
                np.array(self._keys, dtype=np.int32),
                np.array(self._owners, dtype=np.uint16),
                np.array(self._said, dtype=np.uint8),
            ),
        )
        self._clear()
        return made


def _starts(lengths: NDArray[np.int32]) -> NDArray[np.int32]:
    return starts_of(lengths).astype(np.int32)


def _continued(starts: NDArray[np.int32], more: NDArray[np.int32]) -> NDArray[np.int32]:
    """The starts of the first, followed by those of the others behind them."""
    return np.concatenate((starts, more[1:] + starts[-1]))
