"""The tables of what the tips do not answer yet, and of what they answered for the helpdesk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


class ClusterRow(Table):
    """Questions that are nearly the same, and that no tip answered."""

    __tablename__ = "tip_clusters"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    language: Mapped[str] = mapped_column(String(5))
    state: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(1000))
    """The first of the questions: the others are here because they are like it."""
    asked: Mapped[int]
    """How many questions there are in it."""
    unhelped: Mapped[int]
    """For how many of these a tip was shown that did not help."""
    tip_id: Mapped[str | None] = mapped_column(String(80))
    """The tip that is being written for it, or that answers it."""
    by_id: Mapped[str | None] = mapped_column(String(100))
    """The author who last decided about it."""
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (Index("ix_tip_clusters_ranked", "state", "asked", "id"),)


class ClusterWordRow(Table):
    """Which clusters of a language are about a word: where to look for the like of a question."""

    __tablename__ = "tip_cluster_words"

    language: Mapped[str] = mapped_column(String(5), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    cluster_id: Mapped[str] = mapped_column(Id, ForeignKey("tip_clusters.id"), primary_key=True)

    __table_args__ = (
        Index("ix_tip_cluster_words_cluster", "cluster_id"),
        {"sqlite_with_rowid": False},
    )


class SolutionRow(Table):
    """A ticket that was resolved with a tip."""

    __tablename__ = "tip_solutions"

    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), primary_key=True)
    tip_id: Mapped[str] = mapped_column(String(80))
    team_id: Mapped[str | None] = mapped_column(String(100))
    """Of the requester."""
    agent_id: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_tip_solutions_at", "at", "tip_id", "team_id"),)


class ShareRow(Table):
    """A tip that somebody sent to a colleague."""

    __tablename__ = "tip_shares"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tip_id: Mapped[str] = mapped_column(String(80))
    by_id: Mapped[str] = mapped_column(String(100))
    to_id: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_tip_shares_by", "by_id", "at"),
        Index("ix_tip_shares_to", "to_id", "tip_id"),
    )
