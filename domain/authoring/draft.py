"""What authors work on, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.tips.rules import redact
from domain.tips.tip import Audience, Link, Source, Tip


class DraftState(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    DISCARDED = "discarded"


OPEN = (DraftState.DRAFT, DraftState.REVIEW)


@dataclass(frozen=True, slots=True)
class Draft:
    """A tip to be, or the next version of one. `tip` is what it says so far: texts may still be empty.

    `author_id` is None as long as no author took up what a colleague proposed. `revision` counts the changes, `round`
    how often it was sent to be reviewed. `base_version` is the version it changes; 0 for a new tip.
    """

    id: str
    state: DraftState
    tip: Tip
    revision: int
    base_version: int
    author_id: str | None
    proposer_id: str | None
    round: int
    reviewer_id: str | None
    comment: str | None
    origin: str | None
    created_at: datetime
    changed_at: datetime

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def is_new(self) -> bool:
        return self.base_version == 0


NO_SOURCE = Source("")


@dataclass(frozen=True, slots=True)
class DraftTip:
    """What somebody proposes as a tip: a title at least, such as the question most asked, and what is known already.

    `origin` says what it was made of, such as `ticket:ID`; `language` is the proposer's when it is empty.
    """

    title: str
    alternates: tuple[str, ...] = ()
    intro: str = ""
    steps: tuple[str, ...] = ()
    phone: str | None = None
    note: str | None = None
    theme: str = ""
    language: str = ""
    audience: Audience = Audience.EVERYONE
    source: Source = NO_SOURCE
    links: tuple[Link, ...] = ()
    translation_of: str | None = None
    origin: str | None = None

    def as_tip(self, tip_id: str, language: str, today: date) -> Tip:
        """Without the passwords and national numbers that came along."""
        return Tip(
            id=tip_id,
            language=self.language or language,
            theme=self.theme,
            theme_name="",
            audience=self.audience,
            title=redact(self.title).text,
            alternates=tuple(redact(way).text for way in self.alternates),
            intro=redact(self.intro).text,
            steps=tuple(redact(step).text for step in self.steps),
            phone=self.phone,
            note=self.note and redact(self.note).text,
            source=self.source,
            related=(),
            checked=today,
            translation_of=self.translation_of,
            links=self.links,
        )
