"""Decisions about what authors write, without a database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from domain.authoring.draft import Draft, DraftState
from domain.errors import Invalid, InvalidForm
from domain.tips.tip import Audience, Link, Source, Tip

LONGEST_TITLE = 200
LONGEST_TEXT = 2000
LONGEST_NAME = 200
LONGEST_ADDRESS = 500
MOST_WAYS = 40
MOST_STEPS = 20
MOST_LINKS = 8
ENOUGH_WAYS = 5
"""Ways of asking a tip needs to be found well: docs/tips-search.md says what each one is worth."""
LANGUAGES = ("nl", "en", "fr")
_MARKS = re.compile(r"^(?:(?:\d{1,2}[.)]|[-–•*])\s+)+")
"""What a list begins its lines with where it was copied from. Cards number the steps themselves."""


def slug_of(title: str) -> str:
    """A title as a part of an id: `Hoe deel ik dit?` → `hoe-deel-ik-dit`; empty for one without letters."""
    folded = unicodedata.normalize("NFKD", title.lower())
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-")


def tidy(tip: Tip) -> Tip:
    """The same without what has no meaning: spaces around a text, empty lines, a list's own numbers and dashes, a way
    of asking that is there twice."""
    ways: dict[str, str] = {}
    for way in (_MARKS.sub("", _line(way)) for way in tip.alternates):
        if way and way.casefold() != _line(tip.title).casefold():
            ways.setdefault(way.casefold(), way)
    return replace(
        tip,
        title=_line(tip.title),
        alternates=tuple(ways.values()),
        intro=tip.intro.strip(),
        steps=tuple(filter(None, (_MARKS.sub("", step.strip()) for step in tip.steps))),
        phone=(tip.phone or "").strip() or None,
        note=(tip.note or "").strip() or None,
        source=Source(_line(tip.source.name), (tip.source.url or "").strip() or None),
        team_id=tip.team_id if tip.audience is Audience.TEAM else None,
        links=tuple(Link(_line(link.name), link.url.strip()) for link in tip.links),
    )


def check_fits(tip: Tip) -> None:
    """What can be kept as a draft. Raises `InvalidForm`: no title, too much, no address, days turned around."""
    _raise(list(_misfits(tip)))


def check_complete(tip: Tip, today: date) -> None:
    """What can be shown to people. Raises `InvalidForm` for everything that is missing or does not fit."""
    _raise([*_missing(tip), *_over(tip, today), *_misfits(tip)])


def _missing(tip: Tip) -> Iterator[Invalid]:
    if not tip.intro:
        yield Invalid("Write the answer in a sentence or two.", field="intro")
    if not tip.theme:
        yield Invalid("Choose a theme.", field="theme")
    if not tip.source.name:
        yield Invalid("Say where this can be checked: a page, or a rule of the city.", field="source")


def _over(tip: Tip, today: date) -> Iterator[Invalid]:
    if tip.valid_until and tip.valid_until < today:
        yield Invalid("The last day is over: nobody would see it.", field="valid_until")


def _misfits(tip: Tip) -> Iterator[Invalid]:
    if not tip.title:
        yield Invalid("Give the tip a title: the question as people ask it.", field="title")
    texts = (
        ("title", tip.title, LONGEST_TITLE),
        ("intro", tip.intro, LONGEST_TEXT),
        ("phone", tip.phone or "", LONGEST_TEXT),
        ("note", tip.note or "", LONGEST_TEXT),
        ("source", tip.source.name, LONGEST_NAME),
    )
    for field, text, limit in texts:
        if len(text) > limit:
            yield Invalid("This is too long: {limit} characters at most.", field=field, limit=limit)
    lines = (("alternates", tip.alternates, LONGEST_TITLE), ("steps", tip.steps, LONGEST_TEXT))
    for field, several, limit in lines:
        if any(len(line) > limit for line in several):
            yield Invalid("A line is too long: {limit} characters at most.", field=field, limit=limit)
    counts = (
        ("alternates", tip.alternates, MOST_WAYS),
        ("steps", tip.steps, MOST_STEPS),
        ("links", tip.links, MOST_LINKS),
    )
    for field, items, limit in counts:
        if len(items) > limit:
            yield Invalid("These are too many: {limit} at most.", field=field, limit=limit)
    if tip.source.url and not is_address(tip.source.url):
        yield _no_address(tip.source.url, "source_url")
    wrong = [link.url for link in tip.links if not is_address(link.url)]
    if any(map(_insecure, wrong)):
        yield _no_address(next(filter(_insecure, wrong)), "links")
    elif wrong or any(not 0 < len(link.name) <= LONGEST_NAME for link in tip.links):
        yield Invalid(
            "Write each on a line of its own: a name, and an address that begins with https://.",
            field="links",
        )
    if tip.audience is Audience.TEAM and not tip.team_id:
        yield Invalid("Choose the team.", field="team")
    if tip.valid_from and tip.valid_until and tip.valid_until < tip.valid_from:
        yield Invalid("The last day comes before the first.", field="valid_until")
    if tip.language not in LANGUAGES:
        yield Invalid("Choose a language.", field="language")


def _no_address(url: str, field: str) -> Invalid:
    if _insecure(url):
        return Invalid(
            "{address} is not encrypted: it begins with http://. Use https://.", field=field, address=url[:80]
        )
    return Invalid("This is no web address. It begins with https://.", field=field)


def _insecure(url: str) -> bool:
    return url.lower().startswith("http://")


def is_address(url: str) -> bool:
    """A web address people can be sent to: `https`, and short enough to keep."""
    return len(url) <= LONGEST_ADDRESS and re.fullmatch(r"https://[^\s/]+\S*", url) is not None


class Act(StrEnum):
    """What an author can do with a draft."""

    EDIT = "edit"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    DISCARD = "discard"


def acts(draft: Draft, author_id: str, *, alone: bool) -> frozenset[Act]:
    """What this author can do with a draft now. Who is not `alone` has a colleague look at what they wrote."""
    if draft.state is DraftState.DRAFT:
        return frozenset({Act.EDIT, Act.DISCARD, Act.PUBLISH if alone else Act.SUBMIT})
    if draft.state is not DraftState.REVIEW:
        return frozenset()
    if draft.author_id != author_id:
        return frozenset({Act.EDIT, Act.SEND_BACK, Act.PUBLISH})
    return frozenset({Act.EDIT, Act.TAKE_BACK, *([Act.PUBLISH] if alone else [])})


def _raise(problems: Sequence[Invalid]) -> None:
    if problems:
        raise InvalidForm(problems)


def _line(text: str) -> str:
    return " ".join(text.split())
