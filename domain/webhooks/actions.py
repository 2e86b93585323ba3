"""Subscribing, and what owners and administrators do with a subscription."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from domain.actor import Actor, Role
from domain.errors import Conflict, Forbidden, Invalid, NotFound
from domain.tables import is_id, new_id
from domain.unit import Unit
from domain.webhooks.addresses import Addresses
from domain.webhooks.models import SubscriptionRow, deliveries, events, subscriptions
from domain.webhooks.rules import FILTERS, MOST_PER_OWNER, VALUE_LIMIT, Ended, EventType, State
from domain.webhooks.subscription import DeadLetter, Subscription
from domain.webhooks.waking import wake

SECRET_BYTES = 32
PAGE = 10


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`filter` has the facts an event must have, such as `{"kind": "incident"}`; empty: all of them."""

    event: EventType
    url: str
    filter: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SubscriptionPage:
    """`dead` counts the dead letters of each, up to a hundred."""

    subscriptions: tuple[Subscription, ...]
    dead: Mapping[str, int]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class DeadLetterPage:
    letters: tuple[DeadLetter, ...]
    next_cursor: str | None


async def subscribe(unit: Unit, actor: Actor, command: Subscribe, addresses: Addresses) -> Subscription:
    """A new subscription; the one that is there when the same actor asks for the same again.

    Raises `Invalid` (field `url` or that of the filter), and `Conflict` when the actor has too many.
    """
    addresses.check(command.url)
    known = FILTERS[command.event.about]
    wanted = {name: value for name, value in command.filter.items() if value}
    for name, value in wanted.items():
        if name not in known:
            raise Invalid("Events of this kind have no such filter.", field=name)
        if len(value) > VALUE_LIMIT:
            raise Invalid("At most {limit} characters, please.", field=name, limit=VALUE_LIMIT)
    mine = (subscriptions.c.owner_id == actor.id, subscriptions.c.state != State.ENDED.value)
    fingerprint = hashlib.sha256(json.dumps([command.url, sorted(wanted.items())]).encode()).hexdigest()
    row = {
        "id": new_id(),
        "owner_id": actor.id,
        "event": command.event.value,
        "url": command.url,
        "filter": wanted,
        "fingerprint": fingerprint,
        "secret": "whsec_" + b64encode(secrets.token_bytes(SECRET_BYTES)).decode(),
        "state": State.ACTIVE.value,
        "created_at": unit.now,
        "version": 1,
        "failures": 0,
    }
    if await unit.insert_new(SubscriptionRow, row):
        count = select(func.count()).select_from(subscriptions).where(*mine)
        if (await unit.db.execute(count)).scalar_one() > MOST_PER_OWNER:
            raise Conflict("You have {most} subscriptions: end one first.", most=MOST_PER_OWNER)
    same = (subscriptions.c.event == command.event.value, subscriptions.c.fingerprint == fingerprint)
    return subscription_of((await unit.db.execute(select(subscriptions).where(*mine, *same))).one())


async def unsubscribe(unit: Unit, actor: Actor, subscription_id: str) -> Subscription:
    """It hears of nothing more, and what it had not got is dropped. Doing so twice changes nothing."""
    found = await access_subscription(unit, actor, subscription_id)
    await end_subscription(unit, found.id, Ended.UNSUBSCRIBED)
    return await load_subscription(unit, found.id)


async def end_subscription(unit: Unit, subscription_id: str, why: Ended) -> bool:
    """For a caller that has access. False when it had ended before."""
    changed = await unit.db.execute(
        update(subscriptions)
        .where(subscriptions.c.id == subscription_id, subscriptions.c.state != State.ENDED.value)
        .values(
            state=State.ENDED.value,
            ended=why.value,
            ended_at=unit.now,
            next_at=None,
            version=subscriptions.c.version + 1,
        )
    )
    if changed.rowcount == 1:
        await unit.db.execute(delete(deliveries).where(deliveries.c.subscription_id == subscription_id))
    return bool(changed.rowcount == 1)


async def resume(unit: Unit, actor: Actor, subscription_id: str) -> Subscription:
    """Try again now: one that was paused, or that waits between two attempts."""
    found = await access_subscription(unit, actor, subscription_id)
    if found.state is State.ENDED:
        raise Conflict("This subscription has ended: make a new one.")
    await unit.db.execute(
        update(subscriptions)
        .where(subscriptions.c.id == found.id, subscriptions.c.state != State.ENDED.value)
        .values(
            state=State.ACTIVE.value,
            failures=0,
            failing_since=None,
            next_at=None,
            version=subscriptions.c.version + 1,
        )
    )
    await wake(unit)
    return await load_subscription(unit, found.id)


async def resend(
    unit: Unit, actor: Actor, subscription_id: str, delivery_ids: Sequence[int] | None = None
) -> int:
    """Send dead letters again, the oldest first, after what waits already: these, or at most a thousand of all. How
    many. For administrators; what is being sent again already is left alone."""
    check_admin(actor)
    found = await access_subscription(unit, actor, subscription_id)
    if found.state is not State.ACTIVE:
        raise Conflict("This subscription does not run: resume it first.")
    chosen = [deliveries.c.subscription_id == found.id, deliveries.c.dead_at.is_not(None)]
    if delivery_ids is not None:
        chosen.append(deliveries.c.id.in_(list(delivery_ids)[:1000]))
    rows = await unit.db.execute(
        select(deliveries.c.id, deliveries.c.position).where(*chosen).order_by(deliveries.c.id).limit(1000)
    )
    dead = {row.id: row.position for row in rows}
    if not dead:
        return 0
    gone = await unit.db.execute(
        delete(deliveries).where(deliveries.c.id.in_(list(dead))).returning(deliveries.c.id)
    )
    again = [
        {"subscription_id": found.id, "position": dead[delivery_id]} for delivery_id in sorted(gone.scalars())
    ]
    if again:
        await unit.db.execute(insert(deliveries), again)
        await unit.db.execute(
            update(subscriptions)
            .where(subscriptions.c.id == found.id)
            .values(version=subscriptions.c.version + 1)
        )
        await wake(unit)
    return len(again)


async def list_subscriptions(
    unit: Unit, actor: Actor, *, limit: int = PAGE, cursor: str | None = None
) -> SubscriptionPage:
    """The newest first: all of them for an administrator, their own for others."""
    limit = max(1, min(limit, 50))
    statement = select(subscriptions).order_by(subscriptions.c.id.desc()).limit(limit + 1)
    if not actor.has(Role.ADMIN):
        statement = statement.where(subscriptions.c.owner_id == actor.id)
    if cursor is not None:
        if not is_id(cursor):
            raise Invalid("This list cannot be continued from here.", field="cursor")
        statement = statement.where(subscriptions.c.id < cursor)
    rows = (await unit.db.execute(statement)).all()
    page = tuple(subscription_of(row) for row in rows[:limit])
    dead = {one.id: await count_dead(unit, one.id) for one in page}
    return SubscriptionPage(page, dead, page[-1].id if len(rows) > limit else None)


async def count_dead(unit: Unit, subscription_id: str, most: int = 100) -> int:
    some = (
        select(deliveries.c.id)
        .where(deliveries.c.subscription_id == subscription_id, deliveries.c.dead_at.is_not(None))
        .limit(most)
        .subquery()
    )
    count: int = (await unit.db.execute(select(func.count()).select_from(some))).scalar_one()
    return count


async def list_dead(
    unit: Unit, actor: Actor, subscription_id: str, *, limit: int = 5, cursor: str | None = None
) -> DeadLetterPage:
    """The oldest first: in the order in which they would be sent again."""
    found = await access_subscription(unit, actor, subscription_id)
    statement = (
        select(deliveries.c.id, deliveries.c.dead_at, deliveries.c.error, events.c.type, events.c.at)
        .join(events, events.c.position == deliveries.c.position)
        .where(deliveries.c.subscription_id == found.id, deliveries.c.dead_at.is_not(None))
        .order_by(deliveries.c.id)
        .limit(limit + 1)
    )
    if cursor is not None:
        if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
            raise Invalid("This list cannot be continued from here.", field="cursor")
        statement = statement.where(deliveries.c.id > int(cursor))
    rows = (await unit.db.execute(statement)).all()
    letters = tuple(
        DeadLetter(row.id, EventType(row.type), row.at, row.dead_at, row.error or "") for row in rows[:limit]
    )
    return DeadLetterPage(letters, str(letters[-1].delivery_id) if len(rows) > limit else None)


async def access_subscription(unit: Unit, actor: Actor, subscription_id: str) -> Subscription:
    """For its owner and for administrators; `NotFound` for anybody else."""
    if is_id(subscription_id):
        statement = select(subscriptions).where(subscriptions.c.id == subscription_id)
        row = (await unit.db.execute(statement)).one_or_none()
        if row is not None and (row.owner_id == actor.id or actor.has(Role.ADMIN)):
            return subscription_of(row)
    raise NotFound("There is no such subscription.", field="id")


def check_admin(actor: Actor) -> None:
    if not actor.has(Role.ADMIN):
        raise Forbidden("Only an administrator can do this.")


async def load_subscription(unit: Unit, subscription_id: str) -> Subscription:
    """For a caller that has access already, such as a job."""
    statement = select(subscriptions).where(subscriptions.c.id == subscription_id)
    return subscription_of((await unit.db.execute(statement)).one())


def subscription_of(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        owner_id=row.owner_id,
        event=EventType(row.event),
        url=row.url,
        filter=row.filter,
        secret=row.secret,
        state=State(row.state),
        created_at=row.created_at,
        version=row.version,
        failures=row.failures,
        failing_since=row.failing_since,
        next_at=row.next_at,
        error=row.error,
        delivered_at=row.delivered_at,
        ended=Ended(row.ended) if row.ended else None,
    )
