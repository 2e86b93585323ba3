"""The tips of `organisation/tips/`: one YAML file per theme, and the synonyms of the search."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from adapters.organisation.files import OrganisationError, Problem, Shape, read, wrong
from domain.tips.actions import Synonyms
from domain.tips.tip import Audience, Source, Tip

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=2000)]
Language = Annotated[str, StringConstraints(pattern="^(nl|en|fr)$")]


def _at_least(count: int) -> AfterValidator:
    """Counts after the items were checked: pydantic's own `min_length` counts only the good ones, and then blames
    the whole list for one wrong item."""

    def check(items: tuple[object, ...]) -> tuple[object, ...]:
        if len(items) < count:
            raise ValueError(f"at least {count} are needed, and there are {len(items)}")
        return items

    return AfterValidator(check)


class AnswerShape(Shape):
    intro: Paragraph
    steps: tuple[Paragraph, ...] = ()
    phone: Paragraph | None = None
    """Where to find it on a phone, when that is another place."""
    note: Paragraph | None = None
    """What to watch out for."""


class SourceShape(Shape):
    name: Line
    url: Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$", max_length=500)] | None = None


class TipShape(Shape):
    id: Slug
    title: Line
    alternates: Annotated[tuple[Line, ...], _at_least(5)]
    answer: AnswerShape
    source: SourceShape
    audience: Audience = Audience.EVERYONE
    related: tuple[Slug, ...] = ()
    checked: datetime.date


class ThemeShape(Shape):
    theme: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    name: Annotated[Line, StringConstraints(max_length=80)]
    language: Language = "nl"
    tips: Annotated[tuple[TipShape, ...], _at_least(1)]


Phrase = Annotated[str, StringConstraints(pattern=r"^\w+([ '’-]\w+){0,5}$", max_length=60)]


class SynonymsShape(Shape):
    language: Language = "nl"
    groups: tuple[Annotated[tuple[Phrase, ...], _at_least(2)], ...]


@dataclass(frozen=True, slots=True)
class Tips:
    tips: tuple[Tip, ...]
    synonyms: tuple[Synonyms, ...]


def load_tips(folder: Path) -> Tips:
    """The tips and synonyms of an organisation folder. Raises `OrganisationError` naming path, line and field."""
    tips: list[Tip] = []
    places: dict[str, tuple[Path, int]] = {}
    if not (folder / "tips").is_dir():
        raise OrganisationError(folder / "tips", [Problem(1, "", "There is no folder with tips")])
    for path in sorted((folder / "tips").glob("*.yaml")):
        if path.name.startswith("synonyms."):
            continue
        for index, tip in enumerate(_tips(read(path, ThemeShape))):
            if tip.id in places:
                message = f"{tip.id!r} is used twice, first in {places[tip.id][0].name}"
                raise wrong(path, ("tips", index, "id"), message)
            places[tip.id] = (path, index)
            tips.append(tip)
    for tip in tips:
        for position, other in enumerate(tip.related):
            if other not in places or other == tip.id:
                path, index = places[tip.id]
                raise wrong(path, ("tips", index, "related", position), f"There is no other tip {other!r}")
    synonyms = [
        group for path in sorted((folder / "tips").glob("synonyms.*yaml")) for group in _synonyms(path)
    ]
    return Tips(tuple(tips), tuple(synonyms))


def _tips(shape: ThemeShape) -> Iterator[Tip]:
    for tip in shape.tips:
        yield Tip(
            id=tip.id,
            language=shape.language,
            theme=shape.theme,
            theme_name=shape.name,
            audience=tip.audience,
            title=tip.title,
            alternates=tip.alternates,
            intro=tip.answer.intro,
            steps=tip.answer.steps,
            phone=tip.answer.phone,
            note=tip.answer.note,
            source=Source(tip.source.name, tip.source.url),
            related=tip.related,
            checked=tip.checked,
        )


def _synonyms(path: Path) -> Iterator[Synonyms]:
    shape = read(path, SynonymsShape)
    for group in shape.groups:
        yield Synonyms(shape.language, group)
