"""What an operation is. The table of them in `connector/operations.py` is all there is: the routes, the two
documents and the tools of MCP are made from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import urlencode

from connector.authentication import Caller
from domain.api_keys.models import Scope
from domain.desk import Desk
from domain.errors import DeskError

Q = TypeVar("Q")
"""The shape of an operation's query, or None."""
B = TypeVar("B")
"""The shape of its body, or None."""

ROOT = "/api/connector/v1"
"""Where the paths of the operations begin."""


class PreconditionFailed(DeskError):
    """It was changed since the caller saw it: the version in `If-Match` is not the one it has."""

    code = "precondition_failed"
    status = 412


class UnsupportedMediaType(DeskError):
    code = "unsupported_media_type"
    status = 415


@dataclass(frozen=True, slots=True)
class Call(Generic[Q, B]):
    """One call of an operation: what was asked, read and checked."""

    query: Q
    body: B
    path: Mapping[str, str] = field(default_factory=dict)
    """The values of `{names}` in the operation's path."""
    key: str | None = None
    """What makes a repeat find the first: `Idempotency-Key`."""
    if_match: str | None = None
    language: str = "en"
    url: str = ROOT
    """The address of this call, without its query."""
    given: Mapping[str, str] = field(default_factory=dict)
    """The query as it was sent, for the address of the next page."""

    def next_link(self, cursor: str | None) -> str | None:
        """Where the next page is; None after the last."""
        if cursor is None:
            return None
        return f"{self.url}?{urlencode({**self.given, '$skiptoken': cursor}, safe='$')}"

    def check_version(self, version: int) -> None:
        """Raises `PreconditionFailed` when the caller has seen another version than this one."""
        seen = {one.strip() for one in ("*" if self.if_match is None else self.if_match).split(",")}
        if seen.isdisjoint({"*", etag_of(version)}):
            raise PreconditionFailed("It has changed since you read it.", field="If-Match")


def etag_of(version: int) -> str:
    return f'"{version}"'


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers. `body` has the operation's answer shape; a value that is not there is left out."""

    body: Any = None
    version: int | None = None
    """Of what the body shows: its `ETag`."""
    location: str | None = None
    """Where it is from now on, after `ROOT`."""


Handler = Callable[[Desk, Caller, Call[Q, B]], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Trigger:
    """Makes an operation a webhook trigger of flows."""

    hint: str
    """How to make it fire, for who tries it out."""
    notification: type
    """The shape of what is sent to the callback address."""
    about: str
    """What is sent, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[Q, B]):
    """One row of the table. The texts are what makers of flows read: `summary` in sentence case without a full stop,
    `description` a whole sentence."""

    id: str
    """PascalCase and unique; never renamed once released."""
    method: str
    path: str
    """After `ROOT`, such as `/tickets/{ticketId}`."""
    summary: str
    description: str
    scope: Scope | None
    """What the connection must have been given; None for what every connection may do."""
    handler: Handler[Q, B]
    answer: Any = None
    """The shape of the answer: a TypedDict with the names of the wire. None for an answer without a body."""
    query: type[Q] | None = None
    body: type[B] | None = None
    status: int = 200
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    """What the `{names}` of the path are."""
    pageable: bool = False
    """Answers with `value` and `nextLink`."""
    versioned: bool = False
    """Has an `ETag`, and heeds `If-Match` when it writes."""
    most_bytes: int = 1_000_000
    """Of the body."""
    located: bool = False
    """Answers with `Location`."""
    important: bool = False
    internal: bool = False
    """For the platform: the look-ups behind the choices. Makers do not see it."""
    trigger: Trigger | None = None
    errors: frozenset[int] = frozenset()
    """Statuses besides those that follow from its kind."""

    READING: ClassVar[frozenset[str]] = frozenset({"GET"})

    @property
    def writes(self) -> bool:
        return self.method not in self.READING

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status below 500 with which it can refuse."""
        found = {400, 401, 403, 429} | self.errors
        found |= {404} if self.parameters else set()
        found |= {409} if self.writes else set()
        found |= {413, 415} if self.body is not None else set()
        found |= {412} if self.versioned and self.writes else set()
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A `{name}` in a path."""

    title: str
    description: str
    choices: Mapping[str, Any] = field(default_factory=dict)
    """What `connector.shapes.base.chosen_from` gives: where its values come from."""
