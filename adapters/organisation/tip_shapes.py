"""What a file may say about a tip: one shape for YAML, Markdown and CSV."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, StringConstraints, model_validator

from adapters.organisation.files import Shape
from domain.authoring.rules import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_LINKS,
    MOST_STEPS,
    MOST_WAYS,
    is_address,
)
from domain.tips.tip import Audience, Link, Source, Tip


def _at_least(count: int) -> AfterValidator:
    """Counts after the items were checked: pydantic's own `min_length` counts only the good ones, and then blames
    the whole list for one wrong item."""

    def check(items: tuple[object, ...]) -> tuple[object, ...]:
        if len(items) < count:
            raise ValueError(f"at least {count} are needed, and there are {len(items)}")
        return items

    return AfterValidator(check)


def _at_most(count: int) -> AfterValidator:
    def check(items: tuple[object, ...]) -> tuple[object, ...]:
        if len(items) > count:
            raise ValueError(f"at most {count} are possible, and there are {len(items)}")
        return items

    return AfterValidator(check)


def _check_address(url: str) -> str:
    if not is_address(url):
        raise ValueError(
            f"this is no web address: it begins with https://, up to {LONGEST_ADDRESS} characters"
        )
    return url


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE, pattern=r"^[^\n\r]*$"),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\n\r]*$"),
]
Paragraph = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT, pattern=r"^[^\r]*$")
]
Address = Annotated[str, AfterValidator(_check_address)]
Language = Annotated[str, StringConstraints(pattern="^(nl|en|fr)$")]
Phrase = Annotated[str, StringConstraints(pattern=r"^\w+([ '’-]\w+){0,5}$", max_length=60)]
Theme = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
ThemeName = Annotated[Name, StringConstraints(max_length=80)]


class AnswerShape(Shape):
    intro: Paragraph
    steps: Annotated[tuple[Paragraph, ...], _at_most(MOST_STEPS)] = ()
    phone: Paragraph | None = None
    """Where to find it on a phone."""
    note: Paragraph | None = None
    """What to watch out for."""


class SourceShape(Shape):
    name: Name
    url: Address | None = None


class LinkShape(Shape):
    name: Name
    url: Address


class TipShape(Shape):
    id: Slug
    translation_of: Slug | None = None
    title: Line
    alternates: Annotated[tuple[Line, ...], _at_least(1), _at_most(MOST_WAYS)]
    answer: AnswerShape
    source: SourceShape
    links: Annotated[tuple[LinkShape, ...], _at_most(MOST_LINKS)] = ()
    audience: Audience = Audience.EVERYONE
    team: Slug | None = None
    """The team that sees it, when it is for one team only."""
    related: tuple[Slug, ...] = ()
    checked: datetime.date
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> TipShape:
        if (self.audience is Audience.TEAM) != (self.team is not None):
            raise ValueError("a tip for one team names it: audience `team` and `team` go together")
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("`valid_until` comes before `valid_from`")
        return self

    def as_tip(self, language: str, theme: str, theme_name: str) -> Tip:
        return Tip(
            id=self.id,
            language=language,
            theme=theme,
            theme_name=theme_name,
            audience=self.audience,
            title=self.title,
            alternates=self.alternates,
            intro=self.answer.intro,
            steps=self.answer.steps,
            phone=self.answer.phone,
            note=self.answer.note,
            source=Source(self.source.name, self.source.url),
            related=self.related,
            checked=self.checked,
            team_id=self.team,
            translation_of=self.translation_of,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            links=tuple(Link(link.name, link.url) for link in self.links),
        )


class ThemeShape(Shape):
    """A YAML file: the tips of one theme in one language."""

    theme: Theme
    name: ThemeName
    language: Language = "nl"
    tips: Annotated[tuple[TipShape, ...], _at_least(1)]


class LooseTipShape(TipShape):
    """A tip that says itself what its language and its theme are: a Markdown file, or a row of a CSV."""

    language: Language = "nl"
    theme: Theme
    theme_name: ThemeName


class SynonymsShape(Shape):
    language: Language = "nl"
    groups: tuple[Annotated[tuple[Phrase, ...], _at_least(2)], ...]


def written(tip: Tip) -> dict[str, Any]:
    """A tip as a `TipShape` reads it: plain values, without what it does not have."""
    answer = {"intro": tip.intro, "steps": list(tip.steps), "phone": tip.phone, "note": tip.note}
    said: dict[str, Any] = {
        "id": tip.id,
        "translation_of": tip.translation_of,
        "title": tip.title,
        "alternates": list(tip.alternates),
        "answer": _filled(answer),
        "source": _filled({"name": tip.source.name, "url": tip.source.url}),
        "links": [{"name": link.name, "url": link.url} for link in tip.links],
        "audience": None if tip.audience is Audience.EVERYONE else tip.audience.value,
        "team": tip.team_id if tip.audience is Audience.TEAM else None,
        "related": list(tip.related),
        "checked": tip.checked,
        "valid_from": tip.valid_from,
        "valid_until": tip.valid_until,
    }
    return _filled(said)


def loose(tip: Tip) -> dict[str, Any]:
    """A tip as a `LooseTipShape` reads it."""
    said = written(tip)
    first = {"id": said.pop("id"), "language": tip.language, "theme": tip.theme, "theme_name": tip.theme_name}
    return first | said


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, [], ())}


def dumped(data: dict[str, Any]) -> str:
    """YAML as people write it."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(data, Dumper=dumper, sort_keys=False, allow_unicode=True, width=110)
    return text
