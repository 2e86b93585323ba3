"""What happened, who wants to hear of it, and what they have not heard yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, literal_column
from sqlalchemy import Table as CoreTable
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table

Position = BigInteger().with_variant(Integer, "sqlite")


def _only(condition: str) -> dict[str, Any]:
    """Makes an index partial, on both databases."""
    return {f"{dialect}_where": sql(condition) for dialect in ("sqlite", "postgresql")}


class SubscriptionRow(Table):
    __tablename__ = "webhook_subscriptions"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(100))
    """A person, or `flow:NAME` of an API key."""
    event: Mapped[str] = mapped_column(String(40))
    url: Mapped[str] = mapped_column(Text)
    """Often with a signature in it, so it is never shown or logged: cards have its host."""
    filter: Mapped[dict[str, Any]]
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of address and filter: asking for the same twice makes one."""
    secret: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default="1")
    """One more when a person changed it, so that who delivers looks again at what there is to send."""
    failures: Mapped[int] = mapped_column(server_default="0")
    """In a row."""
    failing_since: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    """Not tried before then."""
    error: Mapped[str | None] = mapped_column(String(200))
    delivered_at: Mapped[datetime | None]
    """When something arrived last, give or take a minute."""
    ended_at: Mapped[datetime | None]
    ended: Mapped[str | None] = mapped_column(String(20))

    __table_args__ = (
        Index("ix_webhook_subscriptions_event", "event", **_only("state <> 'ended'")),
        Index("ix_webhook_subscriptions_owner", "owner_id", "id"),
        Index("ix_webhook_subscriptions_ended", "ended_at", **_only("ended_at IS NOT NULL")),
        Index(
            "uq_webhook_subscriptions_same",
            "owner_id",
            "event",
            "fingerprint",
            unique=True,
            **_only("state <> 'ended'"),
        ),
    )


class EventRow(Table):
    """One thing that happened, as its receivers get it: everybody the same bytes."""

    __tablename__ = "webhook_events"

    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    """Given by the database, so that of two events of one ticket the later has the higher one."""
    id: Mapped[str] = mapped_column(Id, unique=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """What makes hearing of a change twice one event."""
    type: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]
    """What filters look at."""
    people: Mapped[list[str]]
    """Whose it is: these may hear of it without a role."""
    body: Mapped[str] = mapped_column(Text)
    routed_at: Mapped[datetime | None]
    """When it was given to the subscriptions that want it."""

    __table_args__ = (
        Index("ix_webhook_events_unrouted", "position", **_only("routed_at IS NULL")),
        Index("ix_webhook_events_routed", "routed_at"),
    )


class DeliveryRow(Table):
    """Something a subscription has not got yet. What arrived has no row any more."""

    __tablename__ = "webhook_deliveries"

    id: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    """The order in which a subscription gets its events."""
    subscription_id: Mapped[str] = mapped_column(Id, ForeignKey("webhook_subscriptions.id"))
    position: Mapped[int] = mapped_column(Position, ForeignKey("webhook_events.position"))
    dead_at: Mapped[datetime | None]
    """When it was put aside: it is sent again only when somebody asks for it."""
    error: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        Index("ix_webhook_deliveries_waiting", "subscription_id", "id", **_only("dead_at IS NULL")),
        Index("ix_webhook_deliveries_dead", "subscription_id", "id", **_only("dead_at IS NOT NULL")),
        Index("ix_webhook_deliveries_dead_at", "dead_at", **_only("dead_at IS NOT NULL")),
        Index("ix_webhook_deliveries_event", "position"),
    )


subscriptions = cast("CoreTable", SubscriptionRow.__table__)
events = cast("CoreTable", EventRow.__table__)
deliveries = cast("CoreTable", DeliveryRow.__table__)

HAS_NOT_ENDED = subscriptions.c.state != literal_column("'ended'")
"""As the indexes have it, and no parameter: with that a database does not see that they will do."""
