"""The clocks of tickets, and messages that wait for a good moment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
TIME = sa.DateTime(timezone=True)


def index(
    name: str, table: str, columns: list[str], only: str | None = None, *, unique: bool = False
) -> None:
    where = sa.text(only) if only else None
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    op.create_table(
        "ticket_clocks",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("response_target", sa.Integer(), nullable=True),
        sa.Column("response_used", sa.Integer(), nullable=False),
        sa.Column("response_due_at", TIME, nullable=True),
        sa.Column("response_done_at", TIME, nullable=True),
        sa.Column("response_told", sa.SmallInteger(), nullable=False),
        sa.Column("resolution_target", sa.Integer(), nullable=True),
        sa.Column("resolution_used", sa.Integer(), nullable=False),
        sa.Column("resolution_due_at", TIME, nullable=True),
        sa.Column("resolution_done_at", TIME, nullable=True),
        sa.Column("resolution_told", sa.SmallInteger(), nullable=False),
        sa.Column("at_risk_at", TIME, nullable=True),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("next_at", TIME, nullable=True),
        sa.Column("counted_with", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_clocks_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_clocks")),
    )
    index("ix_ticket_clocks_at_risk", "ticket_clocks", ["at_risk_at", "ticket_id"], "at_risk_at IS NOT NULL")
    index("ix_ticket_clocks_due", "ticket_clocks", ["due_at", "ticket_id"], "due_at IS NOT NULL")
    index("ix_ticket_clocks_next", "ticket_clocks", ["next_at"], "next_at IS NOT NULL")
    index("ix_ticket_clocks_counted", "ticket_clocks", ["counted_with"], "resolution_done_at IS NULL")
    # Tickets that are open already get a clock that nobody counted yet: the next sweep counts it.
    op.execute(
        "INSERT INTO ticket_clocks (ticket_id, response_used, response_told, resolution_used, resolution_told,"
        " counted_with) SELECT id, 0, 0, 0, 0, '' FROM tickets WHERE state NOT IN ('resolved', 'closed')"
    )
    op.create_table(
        "held_notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("view", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("bundle_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_notices")),
    )
    waiting = "bundle_id IS NULL"
    index("uq_held_notices_waiting", "held_notices", ["person_id", "view", "subject"], waiting, unique=True)
    index("ix_held_notices_due", "held_notices", ["due_at"], waiting)
    index("ix_held_notices_bundle", "held_notices", ["bundle_id", "id"], "bundle_id IS NOT NULL")
    index("ix_held_notices_at", "held_notices", ["at"])
    op.create_table(
        "notice_settings",
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("modes", sa.JSON(), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=True),
        sa.Column("quiet_until", sa.String(length=5), nullable=True),
        sa.Column("quiet_closed_days", sa.Boolean(), nullable=False),
        sa.Column("digest_at", sa.String(length=5), nullable=True),
        sa.Column("told_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_settings")),
    )
    op.create_table(
        "chat_invitations",
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_chat_invitations")),
    )


def downgrade() -> None:
    for table in ("chat_invitations", "notice_settings", "held_notices", "ticket_clocks"):
        op.drop_table(table)
