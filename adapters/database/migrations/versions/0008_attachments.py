"""Attachments, quoted messages, ratings, and the figures that reports count."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket_attachments",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("batch_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("uploader_id", sa.String(length=100), nullable=False),
        sa.Column("ticket_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("problem", sa.String(length=20), nullable=True),
        sa.Column("content_type", sa.String(length=100), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("source", sa.JSON(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_attachments_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_attachments")),
    )
    op.create_index("ix_ticket_attachments_ticket", "ticket_attachments", ["ticket_id", "id"])
    op.create_index("ix_ticket_attachments_batch", "ticket_attachments", ["batch_id", "id"])
    op.create_index("ix_ticket_attachments_loose", "ticket_attachments", ["at"], **_only("ticket_id IS NULL"))
    op.create_table(
        "ticket_quotes",
        sa.Column("ticket_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.String(length=100), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_quotes_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_quotes")),
    )
    op.create_table(
        "ticket_ratings",
        sa.Column("ticket_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_ratings_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name=op.f("pk_ticket_ratings")),
    )
    op.create_index("ix_ticket_ratings_given", "ticket_ratings", ["given_at", "score"])
    op.create_table(
        "ticket_figures",
        sa.Column("ticket_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("team_id", sa.String(length=100), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("response_seconds", sa.Integer(), nullable=True),
        sa.Column("solution_seconds", sa.Integer(), nullable=True),
        sa.Column("response_met", sa.Boolean(), nullable=True),
        sa.Column("solution_met", sa.Boolean(), nullable=True),
        sa.Column("reopened", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_figures_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_figures")),
    )
    op.create_index(
        "ix_ticket_figures_created", "ticket_figures", ["created_at", "kind", "category", "team_id"]
    )
    op.create_index(
        "ix_ticket_figures_responded", "ticket_figures", ["responded_at", "response_seconds", "response_met"]
    )
    op.create_index(
        "ix_ticket_figures_solved",
        "ticket_figures",
        ["solved_at", "solution_seconds", "solution_met", "reopened", "priority"],
    )
    op.create_index(
        "ix_ticket_figures_backlog", "ticket_figures", ["created_at"], **_only("ended_at IS NULL")
    )
    op.execute(sa.text(FIGURES_SO_FAR))


FIGURES_SO_FAR = """
    INSERT INTO ticket_figures (
        ticket_id, version, kind, category, team_id, priority, created_at, responded_at, solved_at, ended_at, reopened
    )
    SELECT id, version, kind, category, team_id, priority, created_at,
        (SELECT min(e.at) FROM ticket_events e
         WHERE e.ticket_id = tickets.id AND e.what IN ('answer', 'resolve')),
        resolved_at, resolved_at,
        (SELECT count(*) FROM ticket_events e WHERE e.ticket_id = tickets.id AND e.what = 'reopen')
    FROM tickets
"""
"""Tickets from before this count in volumes; nobody measured their working time."""


def downgrade() -> None:
    for table in ("ticket_figures", "ticket_ratings", "ticket_quotes", "ticket_attachments"):
        op.drop_table(table)


def _only(condition: str) -> dict[str, Any]:
    return {f"{dialect}_where": sa.text(condition) for dialect in ("sqlite", "postgresql")}
