"""A file as everyone outside this feature sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.attachments.rules import Problem, State


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file that somebody sent can be fetched. `service_url` is the channel's own address, which its token
    vouched for; `with_token` says that the file is kept there and that the channel wants to know who asks."""

    url: str
    service_url: str
    with_token: bool


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a message; without a `source` it cannot be had, and `problem` says why."""

    name: str
    source: Source | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """`size` is in bytes, and None as long as the file was not fetched."""

    id: str
    batch_id: str
    uploader_id: str
    ticket_id: str | None
    internal: bool
    name: str
    state: State
    problem: Problem | None
    content_type: str | None
    size: int | None
    at: datetime
