"""Decisions about tips, without a database: how sure is sure, and what must never be stored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.tips.ports import Hit
from domain.tips.tip import Zone

ANSWER_FROM = 0.45
"""At this confidence the best tip is shown at once. docs/tips-search.md says how often rightly."""
CHOOSE_FROM = 0.1
"""From this confidence the best tip and its rivals are offered; below it we say that we do not know. Low, as a list
that does not have it costs one press, and a question handed over costs somebody's time."""
CLOSE_CALL = 0.05
"""A rival that scores no more than this below the best tip is one to choose from, however sure the best one is."""
LONGEST_QUESTION = 1000
"""Characters of a question that are searched, stored and handed over."""


def zone_of(hits: Sequence[Hit]) -> Zone:
    """Which of the three zones the hits (best first) are in."""
    confidence = hits[0].confidence if hits else 0.0
    if confidence >= ANSWER_FROM and not any(hits[0].score - rival.score < CLOSE_CALL for rival in hits[1:2]):
        return Zone.ANSWER
    return Zone.CHOOSE if confidence >= CHOOSE_FROM else Zone.UNKNOWN


def to_show(zone: Zone, hits: Sequence[Hit], most: int = 3) -> tuple[Hit, ...]:
    """The hits a person gets to see: one answer, up to `most` to choose from, or none."""
    match zone:
        case Zone.ANSWER:
            return tuple(hits[:1])
        case Zone.CHOOSE:
            return tuple(hit for hit in hits[:most] if hit.score >= hits[0].score / 2)
        case Zone.UNKNOWN:
            return ()


class Secret(StrEnum):
    PASSWORD = "password"  # noqa: S105 - the name of a kind of secret
    NATIONAL_NUMBER = "national_number"


@dataclass(frozen=True, slots=True)
class Redacted:
    text: str
    found: frozenset[Secret]


HIDDEN = "•••"

_PASSWORD = re.compile(
    r"""\b(?P<name>wachtwoord|paswoord|passwoord|password|passwd|pincode|pin|ww|pw|mot\ de\ passe|mdp)
        (?P<link>\s*(?:[:=]|\b(?:is|was|luidt|est|:)\b)\s*[:=]?\s*)
        (?P<secret>"[^"]+"|'[^']+'|\S+)""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME = re.compile(r"\b(?:wachtwoord|paswoord|passwoord|password|passwd|mot de passe)", re.IGNORECASE)
# Said a little later: "het is Zomer2026" or just "Zomer2026!". It has small letters, capitals and digits, and is no
# product, number of a ticket, or address.
_SAID_LATER = re.compile(
    r"""(?:(?P<link>(?:\b(?:is|was|wordt|est)\b|['’]s|[:=])\s*["']?)|(?<!\S)["'(]?(?=\S*[!#$%&*+=]))
        (?P<secret>(?!(?i:windows|office|outlook|excel|teams|iphone|ipad|ios|android)\d)(?![A-Z]-\d)(?!\S*//)
        (?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)\S{6,})""",
    re.VERBOSE,
)
_DIGITS = re.compile(r"(?<![\d.,-])\d(?:[ .\-/]{0,2}\d){8,10}(?![\d-])")
# "mijn wachtwoord is weg" tells no secret. A secret rarely is one of the words people use for what is wrong with it.
_NO_SECRET = frozenset(
    """weg verlopen vergeten fout verkeerd onjuist niet kwijt geblokkeerd vervallen gewijzigd veranderd al te wel
    nog nergens onbekend gehackt gelekt gestolen verplicht correct juist goed ok oke nodig een het dat dit wat hoe
    zo steeds altijd nooit ongeldig zwak sterk toch gewoon dus door van mijn hetzelfde ook expired wrong forgotten
    not incorrect oublié expiré perdu incorrecte faux gereset opnieuw om in op aan voor geen blijkbaar""".split()  # noqa: SIM905 - words read better as text
)


def redact(text: str) -> Redacted:
    """Hide passwords and national numbers (Belgian, Dutch) that someone typed along with a question."""
    found: set[Secret] = set()

    def password(match: re.Match[str]) -> str:
        if match["secret"].strip("\"'.,;!?()…").lower() in _NO_SECRET:
            return match[0]
        found.add(Secret.PASSWORD)
        return f"{match['name']}{match['link']}{HIDDEN}"

    def number(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        if not (_is_belgian_number(digits) or _is_dutch_number(digits)):
            return match[0]
        found.add(Secret.NATIONAL_NUMBER)
        return HIDDEN

    def said_later(match: re.Match[str]) -> str:
        found.add(Secret.PASSWORD)
        return f"{match['link'] or ''}{HIDDEN}"

    left = _PASSWORD.sub(password, text)
    if _NAME.search(left):
        left = _SAID_LATER.sub(said_later, left)
    return Redacted(_DIGITS.sub(number, left), frozenset(found))


def _is_belgian_number(digits: str) -> bool:
    """Eleven digits: date of birth, serial, and 97 minus the rest modulo 97 (a 2 in front for births since 2000)."""
    if len(digits) != 11:
        return False
    base, check = digits[:9], int(digits[9:])
    return any(97 - int(century + base) % 97 == check for century in ("", "2"))


def _is_dutch_number(digits: str) -> bool:
    """Nine digits whose weighted sum (9, 8 … 2, -1) is divisible by eleven."""
    if len(digits) != 9 or set(digits) == {"0"}:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11 == 0


_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|(?<=\])\(\S{1,500}\)")


def without_markup(text: str) -> str:
    """What is searched of a text with HTML or Markdown in it: the words that people read."""
    return _MARKUP.sub(" ", text)


def searchable(text: str) -> str:
    """One line of at most `LONGEST_QUESTION` characters, without control characters."""
    text = text[: LONGEST_QUESTION * 4]
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(text.split())[:LONGEST_QUESTION]
