"""A ticket as everyone outside the helpdesk's own actions sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.helpdesk.policy import Impact, Priority, Urgency
from domain.helpdesk.rules import Kind, Standing, State


@dataclass(frozen=True, slots=True)
class Ticket:
    """`requester_id` and `reporter_id` are people, or flows (`flow:NAME`)."""

    id: str
    number: str
    kind: Kind
    state: State
    title: str
    text: str
    impact: Impact
    urgency: Urgency
    priority: Priority
    requester_id: str
    reporter_id: str
    team_id: str | None
    assignee_id: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None = None
    category: str | None = None
    group_id: str | None = None
    priority_reason: str | None = None
    """Why an agent gave it another priority than impact and urgency do; None when these decided."""
    parent_id: str | None = None
    """The main ticket this one is part of."""
    merged_into_id: str | None = None
    """The ticket that goes on in place of this one."""
    major_since: datetime | None = None
    closed_at: datetime | None = None

    @property
    def standing(self) -> Standing:
        return Standing(
            self.state,
            self.resolved_at or self.closed_at,
            kind=self.kind,
            assigned=self.assignee_id is not None,
            major=self.major_since is not None,
            part=self.parent_id is not None,
        )


@dataclass(frozen=True, slots=True)
class Message:
    """Something said on a ticket, for requester and desk alike."""

    id: str
    ticket_id: str
    author_id: str
    from_desk: bool
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a ticket's history. `what` is `report` or a `rules.Step`; `details` say why, and what it was before."""

    what: str
    state: State
    by_id: str
    at: datetime
    from_state: State | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A ticket with its latest messages, the oldest of them first; `earlier` counts the ones before those."""

    ticket: Ticket
    latest: Event
    messages: tuple[Message, ...]
    earlier: int


@dataclass(frozen=True, slots=True)
class TicketPage:
    """`next_cursor` asks for the next page; None when this is the last."""

    tickets: tuple[Ticket, ...]
    next_cursor: str | None
