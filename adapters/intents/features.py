"""A message as three sets of features: its words, the pieces of its words, and its signs.

Training and answering use this same code, so that a weight always means what it meant when it was learned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from domain.intents.rules import (
    Phrases,
    Spellings,
    index_phrases,
    signs,
    without_courtesies,
    words,
)

SHORTEST_PIECE, LONGEST_PIECE = 3, 5
MOST_PAIRED = 14
"""Signs that are also counted in pairs; a long story shows nearly all of them, and their pairs say nothing."""


@dataclass(frozen=True, slots=True)
class Features:
    """Without order and without repetition. `language` is not among them: people switch."""

    words: frozenset[str]
    pieces: frozenset[str]
    signs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wording:
    """How this city spells, greets and thanks, and which of its words belong together."""

    spellings: Spellings
    greetings: Phrases
    closings: Phrases
    groups: Mapping[str, Sequence[tuple[Sequence[str], str]]]
    """By first word: the phrases that start with it, and the group each belongs to."""

    @classmethod
    def of(
        cls,
        *,
        spellings: Mapping[str, str],
        greetings: Iterable[str],
        closings: Iterable[str],
        groups: Mapping[str, Iterable[str]],
    ) -> Wording:
        """From texts as people write them; they are evened out here."""
        respelled = {" ".join(words(typed)): words(meant) for typed, meant in spellings.items()}

        def said(text: str) -> list[str]:
            return words(text, respelled)

        grouped: dict[str, list[tuple[Sequence[str], str]]] = {}
        for group, members in groups.items():
            for phrase in map(said, members):
                grouped.setdefault(phrase[0], []).append((phrase, group))
        return cls(
            spellings=respelled,
            greetings=index_phrases(map(said, greetings)),
            closings=index_phrases(map(said, closings)),
            groups=grouped,
        )

    def said(self, text: str) -> list[str]:
        return without_courtesies(words(text, self.spellings), self.greetings, self.closings)

    def mentions(self, said: Sequence[str]) -> list[str]:
        """The groups the words belong to, in the order they are mentioned. `kassaprinter` ends like a printer."""
        found: list[str] = []
        for start, word in enumerate(said):
            for phrase, group in self.groups.get(word, ()):
                if len(phrase) == 1 or list(said[start : start + len(phrase)]) == list(phrase):
                    found.append(group)
            if len(word) > 8 and word not in self.groups:
                for cut in range(3, len(word) - 3):
                    ending = self.groups.get(word[cut:])
                    if ending:
                        found.extend(group for phrase, group in ending if len(phrase) == 1)
                        break
        return found


def features(text: str, wording: Wording) -> Features:
    said = wording.said(text)
    mentioned = wording.mentions(said)
    shown = list(dict.fromkeys([*signs(said), *(f"has_{group}" for group in mentioned)]))
    shown.extend(f"{one}>{other}" for one, other in pairwise(mentioned) if one != other)
    paired = sorted(shown[:MOST_PAIRED])
    shown.extend(f"{one}+{other}" for one, other in combinations(paired, 2))
    return Features(frozenset(_words(said)), frozenset(_pieces(said)), frozenset(shown))


def _words(said: Sequence[str]) -> Iterable[str]:
    yield from said
    yield from map(" ".join, pairwise(said))
    if said:
        yield f"^{said[0]}"
        yield "^" + " ".join(said[:2])
        yield f"{said[-1]}$"


def _pieces(said: Sequence[str]) -> Iterable[str]:
    for word in set(said):
        if len(word) < SHORTEST_PIECE:
            continue
        edged = f"<{word[:24]}>"
        for length in range(SHORTEST_PIECE, LONGEST_PIECE + 1):
            for start in range(len(edged) - length + 1):
                yield edged[start : start + length]
