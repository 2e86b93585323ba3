"""A message as three bags of features: its words, the pieces of its words, and its signs.

Training and answering use this same code, so that a weight always means what it meant when it was learned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from domain.intents.rules import SIGNS, Phrasebook, Spellings, shape, without_courtesies, words

SHORTEST_PIECE, LONGEST_PIECE = 3, 5
LONGEST_WORD = 24
MOST_PAIRED = 20
"""Signs that are also counted in pairs; a long story shows nearly all of them, and their pairs say nothing."""

Feature = str | tuple[str, str]
"""A word, a sign, or two of them: two words that follow each other, two signs that occur together."""


@dataclass(frozen=True, slots=True)
class Features:
    """`spelled` holds the words whose pieces count, each once."""

    words: Sequence[Feature]
    spelled: Sequence[str]
    signs: Sequence[Feature]


@dataclass(frozen=True, slots=True)
class Wording:
    """How this city spells, greets and thanks, and which of its words hint at what."""

    spellings: Spellings
    greetings: Phrasebook
    closings: Phrasebook
    hints: Phrasebook

    @classmethod
    def of(
        cls,
        *,
        spellings: Mapping[str, str],
        greetings: Iterable[str],
        closings: Iterable[str],
        hints: Mapping[str, Iterable[str]],
    ) -> Wording:
        """From texts as people write them; they are evened out here."""
        respelled = {word: words(meant) for typed, meant in spellings.items() for word in words(typed)}
        return cls(
            spellings=respelled,
            greetings=Phrasebook({"greeting": greetings}, respelled),
            closings=Phrasebook({"closing": closings}, respelled),
            hints=Phrasebook({**SIGNS, **hints}, respelled),
        )


def features(text: str, wording: Wording) -> Features:
    said = without_courtesies(words(text, wording.spellings), wording.greetings, wording.closings)
    mentioned = wording.hints.names(said)
    shown = list(dict.fromkeys([*shape(said), *mentioned]))
    return Features(
        _words(said), list(dict.fromkeys(said)), [*shown, *combinations(sorted(shown[:MOST_PAIRED]), 2)]
    )


def _words(said: Sequence[str]) -> list[Feature]:
    """Every word, every two words in a row, and how the message starts and ends."""
    if not said:
        return []
    framed = ["^", *said, "$"]
    return list(dict.fromkeys([*said, *pairwise(framed), ("^^", " ".join(said[:2]))]))


def pieces(word: str) -> list[str]:
    """The pieces of a word, `<` and `>` marking its edges, so that a slip of the finger leaves most of them."""
    edged = f"<{word[:LONGEST_WORD]}>"
    return [
        edged[start : start + length]
        for length in range(SHORTEST_PIECE, LONGEST_PIECE + 1)
        for start in range(len(edged) - length + 1)
    ]
