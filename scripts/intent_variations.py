"""Other ways to type the same message, to learn intents from: slips, haste, chatter and a story around it.

Every choice comes from the random generator that is given, so that training twice gives the same weights.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from random import Random

from adapters.organisation.intents import GROUP

NEIGHBOURS = {
    left: right
    for row in ("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm")
    for left, right in pairwise(row)
}
_SMALL = frozenset(
    re.findall(
        r"\w+",
        "de het een en is er dat die ik je we wij ons mijn van op in te aan voor the a an is my i to of in on at we "
        "our le la les un une des de du mon ma mes je et est en à au",
    )
)


def fillings(text: str, groups: Mapping[str, Sequence[str]], random: Random, at_most: int) -> Iterator[str]:
    """The text with every `{group}` filled in, in up to `at_most` ways; the text itself when it has none."""
    if not GROUP.search(text):
        yield text
        return
    for _ in range(at_most):
        yield GROUP.sub(lambda found: random.choice(groups[found[1]]), text)


def slip(text: str, random: Random) -> str:
    """One typing error: a letter forgotten, doubled, swapped with the next or taken for its neighbour."""
    places = [place for place, character in enumerate(text) if character.isalpha()]
    if len(places) < 4:
        return text
    place = random.choice(places)
    letter, after = text[place], text[place + 1 : place + 2]
    changed = random.choice(
        (after, letter + letter + after, after + letter, NEIGHBOURS.get(letter, letter) + after)
    )
    return text[:place] + changed + text[place + 2 :]


def telegram(text: str, random: Random) -> str:
    """Without the small words, and without punctuation: what is left when someone is in a hurry."""
    kept = [word for word in text.split() if word.lower() not in _SMALL or random.random() < 0.3]
    return " ".join(kept).strip(" ?!.") or text


def shortened(text: str, random: Random) -> str:
    """Without one of its words."""
    said = text.split()
    if len(said) < 5:
        return text
    del said[random.randrange(len(said))]
    return " ".join(said)


def told(text: str, background: Sequence[str], random: Random) -> str:
    """With sentences around it that have nothing to do with what is wanted."""
    around = random.sample(background, k=random.choice((1, 1, 2, 3)))
    before = random.randint(0, len(around))
    return " ".join([*around[:before], text.rstrip(".") + ".", *around[before:]])
