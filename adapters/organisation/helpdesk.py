"""`helpdesk.yaml`: the desk's name and number, and how impact and urgency make a priority."""

from __future__ import annotations

from collections.abc import Collection, Set
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal

from pydantic import Field

from adapters.organisation.files import Shape, read, wrong
from domain.helpdesk.policy import (
    Category,
    Group,
    HelpdeskPolicy,
    Impact,
    Priority,
    Route,
    Sharing,
    StandardReply,
    Urgency,
)
from domain.helpdesk.rules import Kind
from domain.people.models import Person, Team

Word = Literal["critical", "high", "normal", "low"]


class Urgencies(Shape):
    """A row of the matrix. Named fields, so that a cell that is missing is named too."""

    high: Word
    medium: Word
    low: Word


class Matrix(Shape):
    high: Urgencies
    medium: Urgencies
    low: Urgencies


Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Name = Annotated[str, Field(min_length=1, max_length=80)]
PLACEHOLDERS = frozenset({"first_name", "number", "title", "agent", "desk", "phone"})


class GroupShape(Shape):
    id: Id
    name: Name
    members: list[str] = Field(min_length=1)
    lead: str | None = None
    escalates_to: Id | None = None
    sharing: Sharing = Sharing.BY_HAND


class CategoryShape(Shape):
    id: Id
    name: Name
    words: list[Annotated[str, Field(min_length=2, max_length=40)]] = Field(default=[])


class RouteShape(Shape):
    group: Id
    kinds: frozenset[Kind] = frozenset()
    categories: frozenset[Id] = frozenset()
    teams: frozenset[str] = frozenset()
    locations: frozenset[str] = frozenset()


class StandardReplyShape(Shape):
    id: Id
    title: Name
    text: str = Field(min_length=1, max_length=2000)


class HelpdeskFile(Shape):
    name: str = Field(min_length=1, max_length=100)
    phone: str = Field(min_length=1, max_length=30)
    lead: str
    priority: Matrix
    reopen_days: int = Field(ge=0, le=365)
    close_after_days: int = Field(ge=1, le=60)
    announce_days: int = Field(ge=0, le=60)
    groups: list[GroupShape] = Field(min_length=1)
    categories: list[CategoryShape] = Field(default=[])
    routes: list[RouteShape] = Field(default=[])
    locations: dict[str, list[str]] = Field(default={})
    standard_replies: list[StandardReplyShape] = Field(default=[])


def load_helpdesk(folder: Path, people: Collection[Person], teams: Collection[Team]) -> HelpdeskPolicy:
    """Raises `OrganisationError` for what is wrong in the file, and for a name that nothing else has."""
    path = folder / "helpdesk.yaml"
    file = read(path, HelpdeskFile)
    _check(path, file, {person.id for person in people}, {team.id for team in teams})
    return HelpdeskPolicy(
        name=file.name,
        phone=file.phone,
        lead_id=file.lead,
        matrix={
            impact: {
                urgency: _priority(getattr(getattr(file.priority, impact), urgency)) for urgency in Urgency
            }
            for impact in Impact
        },
        reopen_days=file.reopen_days,
        close_after_days=file.close_after_days,
        announce_days=file.announce_days,
        groups=tuple(
            Group(
                group.id, group.name, frozenset(group.members), group.escalates_to, group.sharing, group.lead
            )
            for group in file.groups
        ),
        categories=tuple(Category(one.id, one.name, tuple(one.words)) for one in file.categories),
        routes=tuple(
            Route(route.group, frozenset(route.kinds), route.categories, route.teams, route.locations)
            for route in file.routes
        ),
        locations={team: location for location, teams_ in file.locations.items() for team in teams_},
        standard_replies=tuple(StandardReply(one.id, one.title, one.text) for one in file.standard_replies),
    )


def _check(path: Path, file: HelpdeskFile, people: Set[str], teams: Set[str]) -> None:
    """That everything named is there, and that nothing is named twice."""
    groups, categories = {group.id for group in file.groups}, {one.id for one in file.categories}
    for name, ids in (
        ("groups", [group.id for group in file.groups]),
        ("categories", [category.id for category in file.categories]),
    ):
        for index, one in enumerate(ids):
            if one in ids[:index]:
                raise wrong(path, (name, index, "id"), f"There are two with the id {one}")
    if file.lead not in people:
        raise wrong(path, ("lead",), f"There is no person {file.lead}")
    for index, group in enumerate(file.groups):
        if group.lead is not None and group.lead not in people:
            raise wrong(path, ("groups", index, "lead"), f"There is no person {group.lead}")
        for position, member in enumerate(group.members):
            if member not in people:
                raise wrong(path, ("groups", index, "members", position), f"There is no person {member}")
        if group.escalates_to is not None and (
            group.escalates_to not in groups or group.escalates_to == group.id
        ):
            raise wrong(
                path, ("groups", index, "escalates_to"), f"There is no other group {group.escalates_to}"
            )
    for location, named in file.locations.items():
        for position, team in enumerate(named):
            if team not in teams:
                raise wrong(path, ("locations", location, position), f"There is no team {team}")
    for index, route in enumerate(file.routes):
        for field, given, known in (
            ("group", {route.group}, groups),
            ("categories", route.categories, categories),
            ("teams", route.teams, teams),
            ("locations", route.locations, set(file.locations)),
        ):
            if unknown := sorted(given - known):
                raise wrong(path, ("routes", index, field), f"There is no {unknown[0]}")
    for index, reply in enumerate(file.standard_replies):
        try:
            used = {name for _, name, _, _ in Formatter().parse(reply.text) if name is not None}
        except ValueError:
            used = {"{"}
        if unknown := sorted(used - PLACEHOLDERS):
            raise wrong(
                path, ("standard_replies", index, "text"), f"There is no placeholder {{{unknown[0]}}}"
            )


def _priority(word: Word) -> Priority:
    return Priority[word.upper()]
