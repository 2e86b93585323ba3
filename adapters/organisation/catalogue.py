"""`catalogue/*.yaml`: what the desk offers, one category a file, each item with its form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from adapters.organisation.files import Field as Place
from adapters.organisation.files import OrganisationError, Problem, Shape, read, wrong
from domain.actor import Role
from domain.approvals.policy import ApprovalPolicy
from domain.catalogue.catalogue import Catalogue, Category
from domain.catalogue.item import (
    NO,
    YES,
    Audience,
    Condition,
    Costs,
    FieldType,
    FormField,
    Item,
    Per,
)
from domain.helpdesk.policy import HelpdeskPolicy, Urgency
from domain.people.models import Team

FOLDER = "catalogue"
YES_NO = {"ja": YES, "nee": NO}
"""How the files write it: plain `yes` is no text in YAML."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
FieldId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
OptionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,29}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Days = Annotated[int, Field(ge=0, le=365)]


class WhenShape(Shape):
    field: FieldId
    is_: list[str] = Field(alias="is", min_length=1)


class FieldShape(Shape):
    id: FieldId
    label: Line
    help: Annotated[str, StringConstraints(max_length=300)] = ""
    required: bool = True
    when: WhenShape | None = None


class TextShape(FieldShape):
    type: Literal["text"]
    multiline: bool = False
    longest: int = Field(200, ge=1, le=4000)


class ChoiceShape(FieldShape):
    type: Literal["choice"]
    options: dict[OptionId, Line] = Field(min_length=2, max_length=30)
    multiple: bool = False


class DateShape(FieldShape):
    type: Literal["date"]
    earliest: Days = 0
    past: bool = False


class PersonShape(FieldShape):
    type: Literal["person"]


class NumberShape(FieldShape):
    type: Literal["number"]
    minimum: int | None = None
    maximum: int | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("The minimum is more than the maximum")
        return self


class YesNoShape(FieldShape):
    type: Literal["yes_no"]


AnyField = Annotated[
    TextShape | ChoiceShape | DateShape | PersonShape | NumberShape | YesNoShape, Field(discriminator="type")
]


class CostsShape(Shape):
    amount: Decimal = Field(gt=0, lt=1_000_000, decimal_places=2)
    per: Per


class AudienceShape(Shape):
    roles: list[Role] = Field(default=[])
    teams: list[str] = Field(default=[])
    clusters: list[str] = Field(default=[])


class ItemShape(Shape):
    id: Id
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    summary: Sentence
    words: list[Line] = Field(default=[], max_length=40)
    title: Line | None = None
    approval: str | None = None
    delivery_days: Days
    costs: CostsShape | None = None
    who: AudienceShape = AudienceShape()
    urgency: Urgency = Urgency.MEDIUM
    desk: str | None = None
    form: list[AnyField] = Field(default=[], max_length=20)


class CategoryShape(Shape):
    id: Id
    name: Line
    summary: Sentence
    desk: str | None = None


class CatalogueFile(Shape):
    category: CategoryShape
    items: list[ItemShape] = Field(min_length=1, max_length=15)


def load_catalogue(
    folder: Path,
    approvals: Sequence[ApprovalPolicy],
    teams: Sequence[Team],
    clusters: Mapping[str, str],
    helpdesk: HelpdeskPolicy,
) -> Catalogue:
    """The whole catalogue, categories by name and items in the order of their files. Raises `OrganisationError` also
    for what does not fit with the other files."""
    categories: list[Category] = []
    items: list[Item] = []
    known = _Known(
        frozenset(policy.id for policy in approvals),
        frozenset(team.id for team in teams),
        frozenset(clusters),
        frozenset(category.id for category in helpdesk.categories),
    )
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        file = read(path, CatalogueFile)
        if any(category.id == file.category.id for category in categories):
            raise wrong(path, ("category", "id"), f"{file.category.id} is the category of another file too")
        if file.category.desk is not None and file.category.desk not in known.desk_categories:
            raise wrong(path, ("category", "desk"), f"helpdesk.yaml has no category {file.category.desk}")
        categories.append(Category(file.category.id, file.category.name, file.category.summary))
        for index, shape in enumerate(file.items):
            if any(item.id == shape.id for item in items):
                raise wrong(path, ("items", index, "id"), f"{shape.id} stands here or in another file twice")
            for place, message in _faults(shape, known):
                raise wrong(path, ("items", index, *place), message)
            items.append(_item(shape, file.category))
    if not items:
        raise OrganisationError(folder / FOLDER, [Problem(1, "", "There is no catalogue here")])
    return Catalogue(tuple(sorted(categories, key=lambda category: category.name)), tuple(items))


class _Known:
    """What the other files of the city have."""

    def __init__(
        self,
        policies: frozenset[str],
        teams: frozenset[str],
        clusters: frozenset[str],
        desk_categories: frozenset[str],
    ) -> None:
        self.policies, self.teams, self.clusters = policies, teams, clusters
        self.desk_categories = desk_categories


def _faults(item: ItemShape, known: _Known) -> Iterator[tuple[Place, str]]:
    if item.approval is not None and item.approval not in known.policies:
        yield ("approval",), f"approvals.yaml has no policy {item.approval}"
    if item.desk is not None and item.desk not in known.desk_categories:
        yield ("desk",), f"helpdesk.yaml has no category {item.desk}"
    for kind, given, there in (
        ("teams", item.who.teams, known.teams),
        ("clusters", item.who.clusters, known.clusters),
    ):
        for nth, name in enumerate(given):
            if name not in there:
                yield ("who", kind, nth), f"There is no {kind.removesuffix('s')} {name}"
    before: dict[str, AnyField] = {}
    for nth, field in enumerate(item.form):
        if field.id in before:
            yield ("form", nth, "id"), f"{field.id} stands here twice"
        if field.when is not None:
            yield from (
                (("form", nth, "when", *place), message) for place, message in _condition(field.when, before)
            )
        before[field.id] = field
    try:
        named = {name for _, name, _, _ in Formatter().parse(item.title or "") if name is not None}
    except ValueError:
        named = {"{"}
    for name in sorted(named - before.keys()):
        yield ("title",), f"The form has no field {name}"


def _condition(when: WhenShape, before: Mapping[str, AnyField]) -> Iterator[tuple[Place, str]]:
    asked = before.get(when.field)
    if asked is None:
        yield ("field",), f"No field before this one is called {when.field}"
        return
    match asked:
        case ChoiceShape():
            possible = set(asked.options)
        case YesNoShape():
            possible = set(YES_NO)
        case _:
            yield ("field",), f"{when.field} is no choice and no yes_no"
            return
    for nth, value in enumerate(when.is_):
        if value not in possible:
            yield ("is", nth), f"{when.field} is never {value}"


def _item(shape: ItemShape, category: CategoryShape) -> Item:
    return Item(
        id=shape.id,
        category_id=category.id,
        name=shape.name,
        summary=shape.summary,
        words=tuple(shape.words),
        title=shape.title or shape.name.replace("{", "{{").replace("}", "}}"),
        form=_form(shape.form),
        delivery_days=shape.delivery_days,
        approval=shape.approval,
        costs=Costs(int(shape.costs.amount * 100), shape.costs.per) if shape.costs else None,
        audience=Audience(
            frozenset(shape.who.roles), frozenset(shape.who.teams), frozenset(shape.who.clusters)
        ),
        urgency=shape.urgency,
        desk_category=shape.desk or category.desk,
    )


def _form(fields: Sequence[AnyField]) -> tuple[FormField, ...]:
    types = {field.id: FieldType(field.type) for field in fields}

    def condition(when: WhenShape | None) -> Condition | None:
        if when is None:
            return None
        spoken = YES_NO if types[when.field] is FieldType.YES_NO else {}
        return Condition(when.field, frozenset(spoken.get(value, value) for value in when.is_))

    return tuple(_field(field, condition(field.when)) for field in fields)


def _field(shape: AnyField, when: Condition | None) -> FormField:
    field = FormField(
        shape.id, FieldType(shape.type), shape.label, help=shape.help, required=shape.required, when=when
    )
    match shape:
        case TextShape():
            return replace(field, multiline=shape.multiline, longest=shape.longest)
        case ChoiceShape():
            return replace(field, options=shape.options, multiple=shape.multiple)
        case DateShape():
            return replace(field, earliest=None if shape.past else shape.earliest)
        case NumberShape():
            return replace(field, minimum=shape.minimum, maximum=shape.maximum)
        case _:
            return field
