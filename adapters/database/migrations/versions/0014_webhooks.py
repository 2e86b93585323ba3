"""Webhook subscriptions, the events they hear of, and what they have not got yet."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "webhook_subscriptions",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("owner_id", sa.String(length=100), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_subscriptions")),
    )
    listening = _only("state <> 'ended'")
    op.create_index("ix_webhook_subscriptions_event", "webhook_subscriptions", ["event"], **listening)
    op.create_index("ix_webhook_subscriptions_owner", "webhook_subscriptions", ["owner_id", "id"])
    op.create_index(
        "ix_webhook_subscriptions_ended",
        "webhook_subscriptions",
        ["ended_at"],
        **_only("ended_at IS NOT NULL"),
    )
    op.create_index(
        "uq_webhook_subscriptions_same",
        "webhook_subscriptions",
        ["owner_id", "event", "fingerprint"],
        unique=True,
        **listening,
    )
    op.create_table(
        "webhook_events",
        sa.Column("position", POSITION, autoincrement=True, nullable=False),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("routed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_webhook_events")),
        sa.UniqueConstraint("id", name=op.f("uq_webhook_events_id")),
        sa.UniqueConstraint("key", name=op.f("uq_webhook_events_key")),
    )
    op.create_index(
        "ix_webhook_events_unrouted", "webhook_events", ["position"], **_only("routed_at IS NULL")
    )
    op.create_index("ix_webhook_events_routed", "webhook_events", ["routed_at"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", POSITION, autoincrement=True, nullable=False),
        sa.Column("subscription_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("position", POSITION, nullable=False),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["webhook_subscriptions.id"],
            name=op.f("fk_webhook_deliveries_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["position"], ["webhook_events.position"], name=op.f("fk_webhook_deliveries_position")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    waits, dead = _only("dead_at IS NULL"), _only("dead_at IS NOT NULL")
    place = ["subscription_id", "id"]
    op.create_index("ix_webhook_deliveries_waiting", "webhook_deliveries", place, **waits)
    op.create_index("ix_webhook_deliveries_dead", "webhook_deliveries", place, **dead)
    op.create_index("ix_webhook_deliveries_dead_at", "webhook_deliveries", ["dead_at"], **dead)
    op.create_index("ix_webhook_deliveries_event", "webhook_deliveries", ["position"])


def downgrade() -> None:
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_events")
    op.drop_table("webhook_subscriptions")


def _only(condition: str) -> dict[str, Any]:
    return {f"{dialect}_where": sa.text(condition) for dialect in ("sqlite", "postgresql")}
