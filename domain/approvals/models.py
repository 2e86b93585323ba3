"""The tables of approvals: what was asked, whom, and what they decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


class ApprovalRow(Table):
    """`state` leaves `pending` once, by a conditional UPDATE; whoever comes later reads what stands."""

    __tablename__ = "approvals"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    """What is asked, such as `site`: the policy's id, and which feature the subject belongs to."""
    subject_id: Mapped[str] = mapped_column(Id)
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    requester_id: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(30))
    """As what the approvers were asked: the role of the policy that applied."""
    state: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index("ix_approvals_requester", "requester_id", "id"),
    )


class ApproverRow(Table):
    """Who may decide an approval. `waiting` follows the approval's state, so that what waits for a person is
    read from one index however many decisions lie behind them."""

    __tablename__ = "approvers"

    approval_id: Mapped[str] = mapped_column(Id, ForeignKey("approvals.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    waiting: Mapped[bool]

    __table_args__ = (Index("ix_approvers_waiting", "person_id", "waiting", "approval_id"),)


class DecisionRow(Table):
    """The decision log. Rows are added, never changed."""

    __tablename__ = "approval_decisions"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    approval_id: Mapped[str] = mapped_column(Id, ForeignKey("approvals.id"))
    person_id: Mapped[str] = mapped_column(String(100))
    outcome: Mapped[str] = mapped_column(String(16))
    comment: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("approval_id", "person_id"),)
