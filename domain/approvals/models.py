"""The tables of approvals: what was asked, who has a say, what was decided, and who is away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import UniqueConstraint

from domain.tables import Id, Table


class ApprovalRow(Table):
    """`version` counts every change: whoever raises it has the approval to themselves until their transaction ends,
    and whoever comes later reads what stands."""

    __tablename__ = "approvals"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    """What is asked, such as `site`: which feature the subject belongs to."""
    subject_id: Mapped[str] = mapped_column(Id)
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    requester_id: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(30))
    """As what the approvers of the current stage were asked."""
    state: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="0")
    policy: Mapped[str | None] = mapped_column(String(30))
    """The policy's id; empty for those that have the kind's own."""
    team_id: Mapped[str | None] = mapped_column(String(100))
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    facts: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    attributes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    round: Mapped[int] = mapped_column(server_default="1")
    stage: Mapped[int] = mapped_column(server_default="0")
    stage_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    """When the next reminder or the deadline comes, None when none does."""

    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index("ix_approvals_requester", "requester_id", "id"),
        Index("ix_approvals_next_at", "next_at"),
        Index("ix_approvals_number", "number"),
    )


class SeatRow(Table):
    """Who may decide, and in whose place. `waiting` is kept with it, so that what waits for a person is read from
    one index however many decisions lie behind them."""

    __tablename__ = "approval_seats"

    approval_id: Mapped[str] = mapped_column(Id, ForeignKey("approvals.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    seat_of: Mapped[str] = mapped_column(String(100))
    why: Mapped[str] = mapped_column(String(16))
    waiting: Mapped[bool]

    __table_args__ = (Index("ix_approval_seats_waiting", "person_id", "waiting", "approval_id"),)


class DecisionRow(Table):
    """The decision log. Rows are added, never changed."""

    __tablename__ = "approval_decisions"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    approval_id: Mapped[str] = mapped_column(Id, ForeignKey("approvals.id"))
    person_id: Mapped[str] = mapped_column(String(100))
    outcome: Mapped[str] = mapped_column(String(16))
    comment: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    round: Mapped[int] = mapped_column(server_default="1")
    stage: Mapped[int] = mapped_column(server_default="0")
    for_id: Mapped[str | None] = mapped_column(String(100))
    to_ids: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = (
        Index("ix_approval_decisions_approval_id", "approval_id", "id"),
        Index("ix_approval_decisions_at", "at", "id"),
    )


class AbsenceRow(Table):
    """When a person is away, as they said themselves, and who decides in their place. One at a time."""

    __tablename__ = "absences"

    person_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    deputy_id: Mapped[str] = mapped_column(String(100))
    first_day: Mapped[date]
    last_day: Mapped[date]
    active: Mapped[bool]
    """Whether the deputy was given the seats of what waited; the timer follows the days."""
    set_at: Mapped[datetime]

    __table_args__ = (Index("ix_absences_active", "active", "first_day"),)
