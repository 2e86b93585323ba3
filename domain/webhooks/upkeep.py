"""What time does for webhooks: wake the courier when nobody did, and forget what was delivered."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, exists, or_, select

from domain.desk import Desk
from domain.webhooks.models import deliveries, events, subscriptions
from domain.webhooks.rules import KEPT, State
from domain.webhooks.waking import wake

DELIVERED_KEPT = timedelta(days=1)
"""An event that everybody got is there for a day, so that hearing of it twice is noticed."""
PAGE = 1000


async def sweep_webhooks(desk: Desk) -> int:
    """When something waits that can be delivered now, there is a courier. 1 when there is."""
    async with desk.units.read() as unit:
        unrouted = exists().where(events.c.routed_at.is_(None))
        waits = exists().where(
            deliveries.c.subscription_id == subscriptions.c.id, deliveries.c.dead_at.is_(None)
        )
        due = or_(subscriptions.c.next_at.is_(None), subscriptions.c.next_at <= unit.now)
        stuck = exists().where(subscriptions.c.state == State.ACTIVE.value, due, waits)
        found = (await unit.db.execute(select(or_(unrouted, stuck)))).scalar_one()
    if found:
        async with desk.units() as unit:
            await wake(unit)
    return int(found)


async def forget_webhooks(desk: Desk) -> int:
    """Delete what everybody got, dead letters of a month ago, and subscriptions that ended then; a page per
    transaction. How many rows."""
    gone = 0
    while True:
        async with desk.units() as unit:
            old = unit.now - KEPT
            letters = select(deliveries.c.id).where(deliveries.c.dead_at < old).limit(PAGE)
            ended = select(subscriptions.c.id).where(subscriptions.c.ended_at < old).limit(PAGE)
            heard = (
                select(events.c.position)
                .where(
                    events.c.routed_at < unit.now - DELIVERED_KEPT,
                    ~exists().where(deliveries.c.position == events.c.position),
                )
                .limit(PAGE)
            )
            rows = [
                await unit.db.execute(delete(deliveries).where(deliveries.c.id.in_(letters))),
                await unit.db.execute(delete(subscriptions).where(subscriptions.c.id.in_(ended))),
                await unit.db.execute(delete(events).where(events.c.position.in_(heard))),
            ]
        gone += sum(row.rowcount for row in rows)
        if max(row.rowcount for row in rows) < PAGE:
            return gone
