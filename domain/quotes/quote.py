"""A message of a chat that a ticket was made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Quote:
    """`author` is the name as Teams shows it; `author_id` the person, when the directory knows them."""

    author: str
    author_id: str | None
    text: str
    link: str | None
    sent_at: datetime | None
