"""What changed between two versions of a tip, field by field and word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from types import MappingProxyType

from domain.tips.tip import Audience, Tip

AS_THEY_ARE: Mapping[str, str] = MappingProxyType({})


class Change(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that changed, such as `intro`, and its text as pieces, in reading order."""

    field: str
    pieces: tuple[Piece, ...]


def differences(old: Tip, new: Tip, called: Mapping[str, str] = AS_THEY_ARE) -> tuple[Difference, ...]:
    """In the order in which a tip is read; none when they say the same. When it was checked does not count.

    `called` names what is kept as an id or a code: the team, the tips that follow, for whom it is, its language.
    """
    before, after = _fields(old, called), _fields(new, called)
    return tuple(
        Difference(field, pieces_of(before[field], after[field]))
        for field in before
        if before[field] != after[field]
    )


def pieces_of(old: Sequence[str], new: Sequence[str]) -> tuple[Piece, ...]:
    """Two texts as lines: lines that are the same, and in the others the words that went and came."""
    pieces: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if what == "replace" and b - a == d - c:
            for one, other in zip(old[a:b], new[c:d], strict=True):
                _words(pieces, one, other)
            continue
        if what == "equal":
            _add(pieces, Change.SAME, _lines(old[a:b]))
            continue
        _add(pieces, Change.GONE, _lines(old[a:b]))
        _add(pieces, Change.NEW, _lines(new[c:d]))
    if pieces:
        pieces[-1] = Piece(pieces[-1].change, pieces[-1].text.rstrip("\n"))
    return tuple(piece for piece in pieces if piece.text)


def _words(pieces: list[Piece], old: str, new: str) -> None:
    before, after = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    for what, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if what == "equal":
            _add(pieces, Change.SAME, "".join(before[a:b]))
            continue
        _add(pieces, Change.GONE, "".join(before[a:b]))
        _add(pieces, Change.NEW, "".join(after[c:d]))
    _add(pieces, Change.SAME, "\n")


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _add(pieces: list[Piece], change: Change, text: str) -> None:
    if not text:
        return
    if pieces and pieces[-1].change is change:
        pieces[-1] = Piece(change, pieces[-1].text + text)
    else:
        pieces.append(Piece(change, text))


def _fields(tip: Tip, called: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    source = " · ".join(filter(None, (tip.source.name, tip.source.url)))
    whose = (tip.team_id if tip.audience is Audience.TEAM else None) or tip.audience.value
    days = " – ".join(str(day or "…") for day in (tip.valid_from, tip.valid_until))
    return {
        "title": (tip.title,),
        "alternates": tip.alternates,
        "intro": tuple(tip.intro.splitlines()),
        "steps": tip.steps,
        "phone": tuple((tip.phone or "").splitlines()),
        "note": tuple((tip.note or "").splitlines()),
        "links": tuple(f"{link.name} · {link.url}" for link in tip.links),
        "source": (source,) if source else (),
        "theme": (tip.theme_name,) if tip.theme_name else (),
        "audience": (called.get(whose, whose),),
        "language": (called.get(tip.language, tip.language),),
        "valid": (days,) if tip.valid_from or tip.valid_until else (),
        "related": tuple(called.get(tip_id, tip_id) for tip_id in tip.related),
    }
