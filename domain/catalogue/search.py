"""Finding items by typed words. A catalogue is small, so this is exact and pure: no index to keep up to date.

A word counts more the fewer items have it, and in a short name more than in a long one: "laptop" means the laptop
rather than its charger.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set

from domain.catalogue.item import Item

NAME, WORD, SUMMARY = 3.0, 2.0, 0.6
"""What a word of the name counts, of the other words for it, and of the summary."""
COMPOUND, SLIP = 0.6, 0.7
"""How much of that is left when the typed word is a compound with it (laptoptas: laptop) or one letter off."""
SHORTEST_PART, SHORTEST_SLIP = 4, 5
PLAIN = 1.0
"""An item with less than this was not meant."""

_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_AROUND = """
    aan al als bij dat de den deze die dit een en er het hij ik in is je jij kan kunnen maar me met mijn mij moet moeten
    naar niet nog nu of om ons onze ook op over te tot u uit uw van voor was wat we wij wil willen worden wordt ze zij
    zijn zou nieuw nieuwe nodig graag hebben heb heeft krijgen krijg vragen vraag aanvragen bestellen hallo dag iets
    iemand collega meer ander andere anders
    a an the i my me we our for to of and or is are have has need want please new get some with on in
    un une le la les l de du des d je j mon ma mes nous notre pour avec sur en au aux et ou ai besoin voudrais veux
    nouveau nouvelle
"""
_SAYS_NOTHING = frozenset(_AROUND.split())
"""What people say around what they want."""
_ENDINGS = ("jes", "tje", "en", "je", "s", "e")


def words(text: str) -> list[str]:
    """What tells something, in small letters, without accents, each word in its shortest form."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    parts = (part for word in _WORD.findall(plain) for part in dict.fromkeys((word, word.replace("-", ""))))
    return [_stem(part) for part in parts if part not in _SAYS_NOTHING]


def _stem(word: str) -> str:
    """Laptops, laptopje: laptop. Crude, and the same on both sides."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_PART - 1:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > SHORTEST_PART - 1 and word[-1] == word[-2] else word


class ItemIndex:
    """Knows which words lead to which items, and how much each tells."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = {item.id: item for item in items}
        weights: dict[str, dict[str, float]] = {}
        for item in self._items.values():
            name = words(item.name)
            parts = (
                (words(item.summary), SUMMARY),
                (words(" ".join(item.words)), WORD),
                (name, NAME / math.sqrt(len(name) or 1)),
            )
            for said, weight in parts:
                for word in said:
                    found = weights.setdefault(word, {})
                    found[item.id] = max(weight, found.get(item.id, 0.0))
        count = len(self._items)
        self._weights: Mapping[str, Mapping[str, float]] = {
            word: {item_id: weight * _rarity(len(found), count) for item_id, weight in found.items()}
            for word, found in weights.items()
        }

    def find(self, typed: str, among: Set[str], limit: int) -> Sequence[Item]:
        """The items that were probably meant of those `among` which to look, the likeliest first; none when nothing
        typed tells."""
        scores: dict[str, float] = {}
        for word in dict.fromkeys(words(typed[:500])):
            for item_id, weight in self._meant(word).items():
                scores[item_id] = scores.get(item_id, 0.0) + weight
        likely = [item_id for item_id, score in scores.items() if score >= PLAIN and item_id in among]
        return [self._items[item_id] for item_id in sorted(likely, key=lambda one: -scores[one])[:limit]]

    def _meant(self, word: str) -> Mapping[str, float]:
        """Item id → how much this word tells for it."""
        exact = self._weights.get(word)
        if exact is not None:
            return exact
        meant: dict[str, float] = {}
        for known, items in self._weights.items():
            left = _likeness(word, known)
            for item_id, weight in items.items() if left else ():
                meant[item_id] = max(meant.get(item_id, 0.0), weight * left)
        return meant


def _rarity(found: int, count: int) -> float:
    """1 for a word of one item, close to 0 for a word of all."""
    return math.log(1 + count / found) / math.log(1 + count)


def _likeness(word: str, known: str) -> float:
    if len(known) >= SHORTEST_PART and (word.startswith(known) or word.endswith(known)):
        return COMPOUND
    if len(word) >= SHORTEST_PART and (known.startswith(word) or known.endswith(word)):
        return COMPOUND
    if min(len(word), len(known)) >= SHORTEST_SLIP and _one_letter_off(word, known):
        return SLIP
    return 0.0


def _one_letter_off(one: str, other: str) -> bool:
    """One letter more, less, other, or two swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, others = one[start:], other[start:]
    return (
        rest[1:] == others[1:]
        or rest[1:] == others
        or rest == others[1:]
        or (rest[:2] == others[:2][::-1] and rest[2:] == others[2:])
    )
