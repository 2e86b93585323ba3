"""The jobs table: every effect outside the database starts as a row here, in the transaction that decided it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


class JobState(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"  # parked until something happens, such as a person opening their chat
    DONE = "done"
    POISON = "poison"  # gave up: an operator looks at it, and retries or cancels
    CANCELLED = "cancelled"


_RUNNING = text("state = 'running'")


class Job(Table):
    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    """Enqueueing the same key twice leaves one job."""
    lane: Mapped[str | None] = mapped_column(String(200))
    """Jobs in one lane run one at a time, in order; those without a lane run freely."""
    state: Mapped[str] = mapped_column(String(16), default=JobState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    waits_for: Mapped[str | None] = mapped_column(String(200))
    error: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_jobs_due", "state", "next_attempt_at"),
        Index("ix_jobs_state", "state", "id"),
        Index("ix_jobs_lane", "lane", "state", "id"),
        Index("ix_jobs_waits_for", "waits_for"),
        # One running job per lane, whatever two workers do at the same moment.
        Index("uq_jobs_running_lane", "lane", unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )
