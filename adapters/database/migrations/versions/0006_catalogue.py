"""The catalogue and changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

AHEAD = sa.text("state IN ('asked', 'planned')")


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("ticket_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("item_id", sa.String(length=60), nullable=False),
        sa.Column("item_name", sa.String(length=120), nullable=False),
        sa.Column("requester_id", sa.String(length=100), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("delivery_days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_orders_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_orders")),
    )
    op.create_index("ix_orders_requester", "orders", ["requester_id", "ticket_id"], unique=False)
    op.create_table(
        "catalogue_counts",
        sa.Column("item_id", sa.String(length=60), nullable=False),
        sa.Column("ordered", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_catalogue_counts")),
    )
    op.create_table(
        "changes",
        sa.Column("ticket_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("standard_id", sa.String(length=60), nullable=True),
        sa.Column("systems", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("risk", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("back_out", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("planned_by_id", sa.String(length=100), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=True),
        sa.Column("result_note", sa.Text(), nullable=True),
        sa.Column("result_by_id", sa.String(length=100), nullable=True),
        sa.Column("result_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("review_by_id", sa.String(length=100), nullable=True),
        sa.Column("review_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_changes_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_changes")),
    )
    op.create_index(
        "ix_changes_ahead",
        "changes",
        ["starts_at", "ticket_id"],
        unique=False,
        sqlite_where=AHEAD,
        postgresql_where=AHEAD,
    )
    op.create_index(
        "ix_changes_ahead_end",
        "changes",
        ["ends_at"],
        unique=False,
        sqlite_where=AHEAD,
        postgresql_where=AHEAD,
    )


def downgrade() -> None:
    op.drop_index("ix_changes_ahead_end", table_name="changes", sqlite_where=AHEAD, postgresql_where=AHEAD)
    op.drop_index("ix_changes_ahead", table_name="changes", sqlite_where=AHEAD, postgresql_where=AHEAD)
    op.drop_table("changes")
    op.drop_table("catalogue_counts")
    op.drop_index("ix_orders_requester", table_name="orders")
    op.drop_table("orders")
