"""Indexes for the lists that flows ask for, and what flows say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


OPEN = sa.text("resolved_at IS NULL AND closed_at IS NULL")
BY_AGE = {"ix_tickets_queue_mine_age": "assignee_id", "ix_tickets_queue_group_age": "group_id"}


def make_queues(*between: str) -> None:
    """The queues by age, with these columns between whose they are and the ticket."""
    for name, whose in BY_AGE.items():
        op.drop_index(name, "tickets")
        op.create_index(name, "tickets", [whose, *between, "id"], sqlite_where=OPEN, postgresql_where=OPEN)


def upgrade() -> None:
    make_queues("closed_at")
    op.create_index("ix_tickets_category", "tickets", ["category", "id"])
    op.create_index("ix_tickets_group", "tickets", ["group_id", "id"])
    op.create_index("ix_tickets_team", "tickets", ["team_id", "id"])
    assigned = sa.text("assignee_id IS NOT NULL")
    op.create_index(
        "ix_tickets_assignee",
        "tickets",
        ["assignee_id", "id"],
        sqlite_where=assigned,
        postgresql_where=assigned,
    )
    op.create_index("ix_tickets_created", "tickets", ["created_at", "id"])
    op.create_index("ix_tickets_updated", "tickets", ["updated_at", "id"])
    op.create_index("ix_site_requests_state", "site_requests", ["state", "id"])
    op.create_table(
        "flow_messages",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("sender_id", sa.String(length=100), nullable=False),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("person_id", sa.String(length=100), nullable=True),
        sa.Column("group_id", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_messages")),
    )


def downgrade() -> None:
    make_queues()
    op.drop_table("flow_messages")
    op.drop_index("ix_site_requests_state", "site_requests")
    for name in ("updated", "created", "assignee", "team", "group", "category"):
        op.drop_index(f"ix_tickets_{name}", "tickets")
