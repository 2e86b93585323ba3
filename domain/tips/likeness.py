"""How alike two questions are, whatever their small words, endings and slips of the fingers. Pure, and for every
language the tips have."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

from domain.catalogue.search import words

ALIKE = 0.6
"""From here on two questions are taken for one. On old and new titles of public help pages, four of five joined at this
value belong together, and most of the others are about nearly the same."""
MOST_WORDS = 12
"""Words of a question that are looked at."""
WORD_LENGTH = 40
START = 5
"""Letters of a word by which its like is looked up: endings, compounds and most slips come after them."""

_ASKING = frozenset(
    """hoe waar waarom wanneer welk welke wie waarmee waarop waarin doe doen ga gaat lukt steed eigenlijk weet
    weten wel toch altijd mag mogen how where why when which who what do doe can could should did comment pourquoi
    quand quel quelle quels quelles ou est ce que qui quoi peut puis faire fais dans""".split()  # noqa: SIM905
)
"""What people say to ask, as `words` leaves it."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What a question is about: its telling words, each once, and their pieces of three letters."""

    words: tuple[str, ...]
    threes: Counter[str]

    @property
    def keys(self) -> frozenset[str]:
        """Where its like is found: of two questions that are alike, one of these is nearly always the same. One is for
        all of the words together: the very same question is found whatever else there is."""
        whole = hashlib.blake2b(" ".join(sorted(self.words)).encode(), digest_size=12).hexdigest()
        return frozenset({f"={whole}", *(word[:START] for word in self.words)})


def gist_of(text: str) -> Gist:
    """Of a question without a telling word, all of it counts as one."""
    telling = [word[:WORD_LENGTH] for word in words(text) if word not in _ASKING]
    kept = tuple(dict.fromkeys(telling))[:MOST_WORDS]
    if not kept:
        kept = (" ".join(text.casefold().split())[:WORD_LENGTH],)
    return Gist(kept, Counter(three for word in kept for three in _threes(word)))


def likeness(one: Gist, other: Gist) -> float:
    """From 0 to 1: Dice's coefficient of their pieces of three letters."""
    both = one.threes.total() + other.threes.total()
    return 2 * (one.threes & other.threes).total() / both if both else 0.0


def _threes(word: str) -> list[str]:
    framed = f"_{word}_"
    return [framed[at : at + 3] for at in range(len(framed) - 2)]
