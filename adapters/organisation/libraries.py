"""`libraries.yaml`: what a site's libraries look like, and how long documents are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from adapters.organisation.files import Field as Place
from adapters.organisation.files import Shape, read, wrong
from adapters.organisation.sites import WordingShape
from domain.sites.library import (
    DOCUMENT_SET,
    Column,
    ColumnType,
    DocumentSet,
    Filter,
    LibraryTemplate,
    LibraryView,
    RetentionLabel,
    RetentionPlan,
    Sort,
)

OWN_COLUMNS = frozenset({"LinkFilename", "Title", "Created", "Author", "Modified", "Editor"})
"""Of every library, so that a template need not make them; nor can it make its own of that name."""

InternalName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]{1,31}$")]
SortText = Annotated[str, StringConstraints(pattern=r"^-?[A-Z][A-Za-z0-9]{1,31}$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class ColumnShape(Shape):
    name: InternalName
    title: Title
    type: ColumnType
    choices: tuple[Title, ...] = ()
    required: bool = False

    @model_validator(mode="after")
    def choices_are_for_a_choice(self) -> Self:
        if (self.type is ColumnType.CHOICE) != bool(self.choices):
            raise ValueError("choices are for a column of type choice, and it needs them")
        if len(set(self.choices)) != len(self.choices):
            raise ValueError("a choice stands here twice")
        if self.name in OWN_COLUMNS:
            raise ValueError(f"{self.name} is a column that every library has")
        return self

    def column(self) -> Column:
        return Column(self.name, self.title, self.type, self.choices, self.required)


class FilterShape(Shape):
    """`is` or `is_not`: not both."""

    column: InternalName
    equal: str | None = Field(None, alias="is", min_length=1)
    unequal: str | None = Field(None, alias="is_not", min_length=1)

    @model_validator(mode="after")
    def compares_once(self) -> Self:
        if (self.equal is None) == (self.unequal is None):
            raise ValueError("a filter has `is` or `is_not`")
        return self

    def filter(self) -> Filter:
        return Filter(self.column, self.equal or self.unequal or "", self.equal is not None)


class ViewShape(Shape):
    title: Title
    columns: list[InternalName] = Field(min_length=1, max_length=12)
    sort: tuple[SortText, ...] = Field((), max_length=2)
    group_by: InternalName | None = None
    filter: FilterShape | None = None

    def view(self) -> LibraryView:
        return LibraryView(
            self.title,
            tuple(self.columns),
            tuple(Sort(text.lstrip("-"), text.startswith("-")) for text in self.sort),
            self.group_by,
            self.filter.filter() if self.filter else None,
        )


class DocumentSetShape(Shape):
    name: Title
    description: str = Field(min_length=1, max_length=200)
    example: Title
    columns: list[InternalName] = Field(min_length=1)
    content_type_id: str = Field(DOCUMENT_SET, pattern=rf"^{DOCUMENT_SET}[0-9A-F]*$")

    def document_set(self) -> DocumentSet:
        return DocumentSet(
            self.name, self.description, tuple(self.columns), self.example, self.content_type_id
        )


class LibraryShape(Shape):
    id: str = Field(pattern=r"^[a-z][a-z-]{1,39}$")
    name: WordingShape
    description: WordingShape
    url_name: str = Field(pattern=r"^[a-z][a-z0-9]{1,39}$")
    columns: list[ColumnShape] = Field(min_length=1, max_length=20)
    views: list[ViewShape] = Field(min_length=1, max_length=10)
    document_set: DocumentSetShape | None = None
    retention_label: str | None = None
    classification: int = Field(1, ge=1, le=4)

    @model_validator(mode="after")
    def names_columns_that_are_there(self) -> Self:
        own = {column.name: column for column in self.columns}
        _once("column", (column.name for column in self.columns))
        _once("title", (column.title for column in self.columns))
        _once("view", (view.title for view in self.views))
        for view in self.views:
            mentioned = {*view.columns, *(text.lstrip("-") for text in view.sort)}
            mentioned |= {name for name in (view.group_by, view.filter and view.filter.column) if name}
            if unknown := sorted(mentioned - own.keys() - OWN_COLUMNS):
                raise ValueError(f"view {view.title!r} has no column {unknown[0]!r}")
            column = own.get(view.filter.column) if view.filter else None
            value = view.filter.filter().value if view.filter else ""
            if column and column.type is ColumnType.CHOICE and value not in column.choices:
                raise ValueError(
                    f"view {view.title!r} looks for {value!r}, which is no choice of {column.name}"
                )
        if self.document_set and (unknown := sorted(set(self.document_set.columns) - own.keys())):
            raise ValueError(f"the document set has no column {unknown[0]!r}")
        return self


class LabelShape(Shape):
    id: str = Field(pattern=r"^[0-9A-Za-z.-]{1,20}$")
    name: Title
    years: int | None = Field(None, ge=1, le=200)
    transfer: bool = False


class LibrariesFile(Shape):
    retention_labels: list[LabelShape] = Field(min_length=1)
    default_label: str
    libraries: list[LibraryShape]


def load_libraries(folder: Path) -> tuple[tuple[LibraryTemplate, ...], RetentionPlan]:
    """The templates, and the labels they and the sites use. Without the file a city has neither."""
    path = folder / "libraries.yaml"
    if not path.exists():
        return (), RetentionPlan()
    file = read(path, LibrariesFile)
    labels = {
        one.id: RetentionLabel(one.id, one.name, one.years, one.transfer) for one in file.retention_labels
    }
    for key, values in (
        ("retention_labels", [label.id for label in file.retention_labels]),
        ("libraries", [library.id for library in file.libraries]),
        ("libraries", [library.url_name for library in file.libraries]),
    ):
        for value, count in Counter(values).items():
            if count > 1:
                raise wrong(path, (key, values.index(value)), f"{value!r} stands here twice")
    if file.default_label not in labels:
        raise wrong(path, ("default_label",), f"there is no label {file.default_label!r}")
    templates = tuple(_template(path, index, library, labels) for index, library in enumerate(file.libraries))
    return templates, RetentionPlan(tuple(labels.values()), labels[file.default_label].name)


def _template(
    path: Path, index: int, library: LibraryShape, labels: dict[str, RetentionLabel]
) -> LibraryTemplate:
    if library.retention_label and library.retention_label not in labels:
        place: Place = ("libraries", index, "retention_label")
        raise wrong(path, place, f"there is no label {library.retention_label!r}")
    return LibraryTemplate(
        id=library.id,
        name=library.name.wording(),
        description=library.description.wording(),
        url_name=library.url_name,
        columns=tuple(column.column() for column in library.columns),
        views=tuple(view.view() for view in library.views),
        document_set=library.document_set.document_set() if library.document_set else None,
        retention_label=labels[library.retention_label].name if library.retention_label else None,
        classification=library.classification,
    )


def _once(what: str, values: Iterable[str]) -> None:
    twice = [value for value, count in Counter(values).items() if count > 1]
    if twice:
        raise ValueError(f"{what} {twice[0]!r} stands here twice")
