"""API keys that are scoped, rotated and managed by people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("api_keys") as table:
        table.add_column(sa.Column("owner_id", sa.String(length=100), nullable=True))
        table.add_column(sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("previous_hash", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True))
        table.create_unique_constraint("uq_api_keys_previous_hash", ["previous_hash"])


def downgrade() -> None:
    with op.batch_alter_table("api_keys") as table:
        table.drop_constraint("uq_api_keys_previous_hash", type_="unique")
        for column in ("previous_until", "previous_hash", "rotated_at", "owner_id"):
            table.drop_column(column)
