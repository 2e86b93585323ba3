"""What there is to choose from."""

from __future__ import annotations

from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from connector.shapes.base import PAGE, PAGE_LIMIT, Shape, about


class Option(TypedDict):
    """Something to choose."""

    id: Annotated[str, about("ID", "What is sent.")]
    name: Annotated[str, about("Name", "What is shown.")]


class Options(TypedDict):
    """All there is to choose from."""

    value: Annotated[list[Option], about("Options", "What there is to choose from.")]


class Colleague(TypedDict):
    """A person of the city."""

    id: Annotated[str, about("Person ID", "The key of the person.")]
    name: Annotated[str, about("Name", "What they are called.", seen="important")]
    email: Annotated[str, about("Email", "Their e-mail address.", seen="important")]
    team: NotRequired[Annotated[str | None, about("Team", "The team they are in, by its id.")]]


class Colleagues(TypedDict):
    """People of the city."""

    value: Annotated[list[Colleague], about("People", "The people that were found.")]


class PeopleFilter(Shape):
    """Which people."""

    text: Annotated[
        str, about("Search Text", "A part of their name or address.", min_length=1, max_length=100)
    ]
    top: Annotated[
        int,
        about("How Many", "How many are found at most.", seen="advanced", alias="$top", ge=1, le=PAGE_LIMIT),
    ] = PAGE


class Connection(TypedDict):
    """As whom a connection acts."""

    id: Annotated[str, about("ID", "The key of the person, or of the flow.")]
    name: Annotated[str, about("Name", "What it is called.")]
    email: NotRequired[Annotated[str | None, about("Email", "The address of the person.")]]
    isFlow: Annotated[bool, about("Is Flow", "Whether it is a flow and no person.")]
    scopes: Annotated[list[str], about("Scopes", "What it may be used for.")]
