"""The tables of the tips, of what people asked, and of whether it helped."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


def _only(condition: str) -> dict[str, Any]:
    """Makes an index partial, on both databases."""
    return {f"{dialect}_where": sql(condition) for dialect in ("sqlite", "postgresql")}


LOOSE = "cluster_id IS NULL AND (zone = 'unknown' OR none_fitted OR NOT helped OR handed_to = 'authors')"
"""Questions that no tip answered and that are not among their like yet; few at any time."""


class TipRow(Table):
    """What people find. What authors are still working on is in `tip_drafts`, what it said before in `tip_versions`."""

    __tablename__ = "tips"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int]
    """Counts the contents this id has had."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the content: the same digest is the same tip, in every database."""
    state: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(5))
    theme: Mapped[str] = mapped_column(String(40))
    theme_name: Mapped[str] = mapped_column(String(80))
    audience: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    alternates: Mapped[list[str]]
    intro: Mapped[str] = mapped_column(Text)
    steps: Mapped[list[str]]
    phone: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    source_name: Mapped[str] = mapped_column(String(200))
    source_url: Mapped[str | None] = mapped_column(String(500))
    related: Mapped[list[str]]
    checked: Mapped[date] = mapped_column(Date)
    changed_at: Mapped[datetime]
    team_id: Mapped[str | None] = mapped_column(String(100))
    translation_of: Mapped[str | None] = mapped_column(String(80))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    links: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """Of each its `name` and `url`."""
    origin: Mapped[str] = mapped_column(String(10), server_default="file")
    """`file` for what the organisation's files say, `desk` for what authors wrote: an import leaves that alone."""
    author_id: Mapped[str | None] = mapped_column(String(100))
    published_by: Mapped[str | None] = mapped_column(String(100))
    published_at: Mapped[datetime | None]
    """When this version was published. `changed_at` is later when it was only found to be still right."""
    ways: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """How many alternates there are."""
    reminded_at: Mapped[datetime | None]
    """When its author was last told that it has to be reviewed."""

    __table_args__ = (
        Index("ix_tips_state_id", "state", "id"),
        Index("ix_tips_theme_id", "theme", "id"),
        Index("ix_tips_changed_at", "changed_at"),
        Index("ix_tips_due", "state", "checked", "id"),
        Index("ix_tips_few_ways", "state", "ways", "id"),
        Index("ix_tips_translations", "translation_of", "language", **_only("state = 'published'")),
    )


class TipVersionRow(Table):
    """What a published tip said before it was changed."""

    __tablename__ = "tip_versions"

    tip_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]]
    """As `domain/tips/contents.py` writes a tip."""
    author_id: Mapped[str | None] = mapped_column(String(100))
    published_by: Mapped[str | None] = mapped_column(String(100))
    published_at: Mapped[datetime | None]


class TipDraftRow(Table):
    """What is being written: a tip to be, or the next version of one. Of each tip one at a time is open."""

    __tablename__ = "tip_drafts"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tip_id: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int]
    """Counts its changes: who saves says which one they had before them."""
    base_version: Mapped[int]
    """The version it is a change of; 0 for a new tip."""
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]]
    author_id: Mapped[str | None] = mapped_column(String(100))
    """The author whose draft it is; nobody yet of what a colleague proposed."""
    proposer_id: Mapped[str | None] = mapped_column(String(100))
    round: Mapped[int] = mapped_column(SmallInteger)
    """How often it was sent to be reviewed."""
    reviewer_id: Mapped[str | None] = mapped_column(String(100))
    """Who sent it back, published or discarded it last."""
    comment: Mapped[str | None] = mapped_column(Text)
    """What the reviewer wants changed."""
    origin: Mapped[str | None] = mapped_column(String(120))
    """What it was made of, such as `ticket:ID`."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index("uq_tip_drafts_open", "tip_id", unique=True, **_only("state IN ('draft', 'review')")),
        Index("ix_tip_drafts_state_id", "state", "id"),
        Index("ix_tip_drafts_author_state_id", "author_id", "state", "id"),
        Index("ix_tip_drafts_tip_id", "tip_id"),
    )


class TipThemeRow(Table):
    """The themes an author can choose from, named per language."""

    __tablename__ = "tip_themes"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    language: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class SynonymRow(Table):
    """Words that mean the same to the search, as the authors keep them."""

    __tablename__ = "tip_synonyms"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    language: Mapped[str] = mapped_column(String(5))
    words: Mapped[list[str]]
    """Empty for what an author took away from the files' own: an import would bring it back otherwise."""
    changed_at: Mapped[datetime]
    author_id: Mapped[str | None] = mapped_column(String(100))
    """Who last changed it here; nobody when the files say it."""


class QuestionRow(Table):
    __tablename__ = "tip_questions"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(5))
    text: Mapped[str] = mapped_column(String(1000))
    zone: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float]
    shown: Mapped[list[str]]
    tip_id: Mapped[str | None] = mapped_column(String(80))
    """The tip the person ended up with: the answer, or the one they chose."""
    none_fitted: Mapped[bool] = mapped_column(default=False)
    """The person said that none of the tips to choose from was it."""
    at: Mapped[datetime]
    """When it was written down: the moment it was asked, or a second later."""
    team_id: Mapped[str | None] = mapped_column(String(100))
    helped: Mapped[bool | None]
    """What the person said last of the tip they ended up with; null when they said nothing."""
    handed_to: Mapped[str | None] = mapped_column(String(20))
    """Who went on with it when a tip was not enough: `helpdesk`, `digicoach` or `authors`."""
    cluster_id: Mapped[str | None] = mapped_column(Id)
    """With which like it the authors see it; null as long as it was answered, or not looked at."""

    __table_args__ = (
        Index("ix_tip_questions_zone_id", "zone", "id"),
        Index("ix_tip_questions_tip_id_id", "tip_id", "id"),
        Index("ix_tip_questions_loose", "id", **_only(LOOSE)),
        Index("ix_tip_questions_cluster", "cluster_id", "person_id", "id", **_only("cluster_id IS NOT NULL")),
        # Holds all that is counted over it, so that a report reads the index and no rows.
        Index("ix_tip_questions_at", "at", "team_id", "tip_id", "zone", "none_fitted", "helped", "handed_to"),
    )


class RatingRow(Table):
    __tablename__ = "tip_ratings"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tip_id: Mapped[str] = mapped_column(String(80))
    tip_version: Mapped[int]
    question_id: Mapped[str | None] = mapped_column(Id)
    """No foreign key: a rating counts, even when its question was lost with the process that kept it."""
    person_id: Mapped[str] = mapped_column(String(100))
    helped: Mapped[bool]
    at: Mapped[datetime]
    words: Mapped[str | None] = mapped_column(Text)
    """What was missing or wrong, when the person said so."""

    __table_args__ = (
        UniqueConstraint("question_id", "tip_id", "person_id"),
        Index("ix_tip_ratings_tip_id_id", "tip_id", "id"),
        Index("ix_tip_ratings_at", "at", "tip_id", "helped"),
    )
