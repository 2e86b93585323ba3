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
from adapters.search.postings import Array, Ints, starts_of

MOST = 16384
"""Tips in a segment: copying one takes milliseconds, and a place in it fits in two bytes."""
MOST_WORDS = 40
"""Words of a title or alternate that are looked at closely."""
LEAD = 400
"""Characters of the text that stand for a title where there is none."""
TITLE = 3
"""What a word of a title or alternate counts, beside 1 for one of the text."""
TITLED = 128
"""This bit says that the word is in the title or an alternate; the others, how often it counts."""
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
    starts: NDArray[np.int32]
    """By word, where its postings start: first those of the tips that have it in a title or alternate."""
    bodies: NDArray[np.int32]
    """By word, where the postings of those start that have it in their text alone."""
    owners: NDArray[np.uint16]
    """The tip of each posting."""
    said: NDArray[np.uint8]
    """How often each posting's tip has the word, and the bit `TITLED`."""

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

    def count(self, tips: NDArray[np.int64], titled: NDArray[np.int64]) -> None:
        """By word: in how many tips it is, and in the titles or alternates of how many. Adds to what is there."""
        known = len(self.bodies)
        tips[:known] += np.diff(self.starts)
        titled[:known] += self.bodies - self.starts[:-1]


class Pages:
    """Tips being read, that become a segment or a part of one. `numbers` numbers their words, from 1."""

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

    def into(self, segment: Segment | None, gone: Collection[str] = ()) -> Segment:
        """A segment with these tips, behind those of another one that are not gone. Nothing is left to add."""
        kept = _Kept(segment, gone) if segment else None
        before = len(kept.labels) if kept else 0
        postings = _packed(
            np.array(self._keys), np.array(self._owners) + np.uint16(before), np.array(self._said)
        )
        lengths = np.array(self._lengths, dtype=np.float32)
        labels, phrases = self.labels, Texts.of(self._phrases)
        first_entries = np.array(self._first_entries)
        words, word_starts = np.array(self._words, dtype=np.int32), np.array(self._word_starts)
        self._clear()
        if kept is not None:
            postings = np.concatenate((kept.postings, postings))
            lengths = np.concatenate((kept.lengths, lengths))
            labels, phrases = kept.labels + labels, kept.phrases + phrases
            first_entries = _continued(kept.first_entries, first_entries)
            words, word_starts = (
                np.concatenate((kept.words, words)),
                _continued(kept.word_starts, word_starts),
            )
            del kept
        themes = sorted({label.theme for label in labels})
        places = {theme: place for place, theme in enumerate(themes)}
        return Segment(
            Texts.of([label.id for label in labels]),
            tuple(themes),
            np.array([places[label.theme] for label in labels], dtype=np.uint16),
            {tip: label.team_id for tip, label in enumerate(labels) if label.team_id},
            {tip: label.root for tip, label in enumerate(labels) if label.root != label.id},
            lengths,
            phrases,
            first_entries,
            words,
            word_starts,
            *_sorted(postings),
        )


def _packed(keys: NDArray[np.int32], owners: NDArray[np.uint16], said: NDArray[np.uint8]) -> Ints:
    """Each posting in one number, that sorts by its word, then whether it is of the text alone, then its tip."""
    packed = keys.astype(np.int64)
    packed <<= 1
    packed |= said < TITLED
    packed <<= 16
    packed |= owners
    packed <<= 8
    packed |= said
    return packed


def _sorted(
    packed: Ints,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint16], NDArray[np.uint8]]:
    """`starts`, `bodies`, `owners` and `said` of a segment with these postings, which are not left as they were: they
    are most of what it holds, and copies of them would be most of what making it takes."""
    packed.sort()
    said = packed.astype(np.uint8)
    packed >>= 8
    owners = packed.astype(np.uint16)
    packed >>= 16
    words = int(packed[-1]) // 2 + 1 if len(packed) else 1
    titled, others = np.bincount(packed, minlength=2 * words).reshape(words, 2).T
    starts = _starts(titled + others)
    return starts, starts[:-1] + titled.astype(np.int32), owners, said


class _Kept:
    """What is left of a segment when some of its tips go, as it was when they were read."""

    def __init__(self, segment: Segment, gone: Collection[str]) -> None:
        labels = list(segment.labels())
        keep = np.array([one.id not in gone for one in labels], dtype=bool)
        self.labels = [one for one, kept in zip(labels, keep.tolist(), strict=True) if kept]
        self.lengths = segment.lengths[keep]
        entries = np.diff(segment.first_entries)
        self.first_entries = _starts(entries[keep])
        self.phrases = segment.phrases.kept(keep.repeat(entries))
        sizes = np.diff(segment.word_starts)
        self.words = segment.words[keep.repeat(sizes)]
        self.word_starts = _starts(sizes[keep])
        counts = np.diff(segment.starts)
        keys, owners, said = (
            np.arange(len(counts), dtype=np.int32).repeat(counts),
            segment.owners,
            segment.said,
        )
        if not keep.all():
            posted = keep[owners]
            keys, said = keys[posted], said[posted]
            owners = (keep.cumsum() - 1).astype(np.uint16)[owners[posted]]
        self.postings = _packed(keys, owners, said)


def _starts(lengths: NDArray[np.int32]) -> NDArray[np.int32]:
    return starts_of(lengths).astype(np.int32)


def _continued(starts: NDArray[np.int32], more: NDArray[np.int32]) -> NDArray[np.int32]:
    """The starts of the first, followed by those of the others behind them."""
    return np.concatenate((starts, more[1:] + starts[-1]))
