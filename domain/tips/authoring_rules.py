"""Decisions about what authors write, without a database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from domain.errors import Invalid, InvalidForm
from domain.tips.draft import Draft, DraftState
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


def slug_of(title: str) -> str:
    """A title as a part of an id: `Hoe deel ik dit?` → `hoe-deel-ik-dit`; empty for one without letters."""
    folded = unicodedata.normalize("NFKD", title.lower())
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-")


def tidy(tip: Tip) -> Tip:
    """The same without what has no meaning: spaces around a text, empty lines, a way of asking that is there twice."""
    ways: dict[str, str] = {}
    for way in map(_line, tip.alternates):
        if way and way.casefold() != _line(tip.title).casefold():
            ways.setdefault(way.casefold(), way)
    return replace(
        tip,
        title=_line(tip.title),
        alternates=tuple(ways.values()),
        intro=tip.intro.strip(),
        steps=tuple(filter(None, (step.strip() for step in tip.steps))),
        phone=(tip.phone or "").strip() or None,
        note=(tip.note or "").strip() or None,
        source=Source(_line(tip.source.name), (tip.source.url or "").strip() or None),
        team_id=tip.team_id if tip.audience is Audience.TEAM else None,
        links=tuple(Link(_line(link.name), link.url.strip()) for link in tip.links),
    )


def check_fits(tip: Tip) -> None:
    """What can be kept as a draft. Raises `InvalidForm`: no title, too long, too many, no address, days turned around."""
    _raise(_misfits(tip))


def check_complete(tip: Tip) -> None:
    """What can be shown to people. Raises `InvalidForm` for everything that is missing or does not fit."""
    missing = [
        ("intro", tip.intro, "Write the answer in a sentence or two."),
        ("theme", tip.theme, "Choose a theme."),
        ("source", tip.source.name, "Say where this can be checked: a page, or a rule of the city."),
    ]
    problems = [Invalid(message, field=field) for field, value, message in missing if not value.strip()]
    _raise([*problems, *_misfits(tip)])


def _misfits(tip: Tip) -> list[Invalid]:
    problems = []

    def wrong(field: str, message: str, **details: object) -> None:
        problems.append(Invalid(message, field=field, **details))

    if not tip.title:
        wrong("title", "Give the tip a title: the question as people ask it.")
    long = "This is too long: {limit} characters at most."
    if len(tip.title) > LONGEST_TITLE:
        wrong("title", long, limit=LONGEST_TITLE)
    if any(len(way) > LONGEST_TITLE for way in tip.alternates):
        wrong("alternates", "A line is too long: {limit} characters at most.", limit=LONGEST_TITLE)
    if len(tip.alternates) > MOST_WAYS:
        wrong("alternates", "These are too many: {limit} at most.", limit=MOST_WAYS)
    if any(len(step) > LONGEST_TEXT for step in tip.steps):
        wrong("steps", "A line is too long: {limit} characters at most.", limit=LONGEST_TEXT)
    if len(tip.steps) > MOST_STEPS:
        wrong("steps", "These are too many: {limit} at most.", limit=MOST_STEPS)
    for field, text in (("intro", tip.intro), ("phone", tip.phone), ("note", tip.note)):
        if len(text or "") > LONGEST_TEXT:
            wrong(field, long, limit=LONGEST_TEXT)
    if len(tip.source.name) > LONGEST_NAME:
        wrong("source", long, limit=LONGEST_NAME)
    if tip.source.url and not is_address(tip.source.url):
        wrong("source_url", "This is no web address. It begins with https://.")
    if len(tip.links) > MOST_LINKS:
        wrong("links", "These are too many: {limit} at most.", limit=MOST_LINKS)
    elif any(not is_address(link.url) or not 0 < len(link.name) <= LONGEST_NAME for link in tip.links):
        wrong("links", "Write each on a line of its own: a name, and an address that begins with https://.")
    if tip.audience is Audience.TEAM and not tip.team_id:
        wrong("team", "Choose the team.")
    if tip.valid_from and tip.valid_until and tip.valid_until < tip.valid_from:
        wrong("valid_until", "The last day comes before the first.")
    if tip.language not in LANGUAGES:
        wrong("language", "Choose a language.")
    return problems


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
