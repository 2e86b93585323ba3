"""What the courier reads and writes: new events, who gets them, and how each attempt went. Many at once, as a
statement for each delivery would cost more than the delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Row, bindparam, delete, exists, func, insert, select, update

from domain.actor import Actor
from domain.api_keys.models import ApiKeyRow
from domain.desk import Desk
from domain.unit import Unit
from domain.webhooks.actions import end_subscription, subscription_of
from domain.webhooks.models import HAS_NOT_ENDED, deliveries, events, subscriptions
from domain.webhooks.notify import tell_paused
from domain.webhooks.ports import Answer
from domain.webhooks.rules import (
    Ended,
    EventType,
    State,
    Trouble,
    Verdict,
    fits,
    gave_up,
    may_hear,
    next_try,
    verdict_of,
)
from domain.webhooks.subscription import Letter, Subscription

FLOW = "flow:"
"""Before the name of an API key, in the id of who owns what it makes."""
ERROR_LIMIT = 200
SEEN_TO_THE = timedelta(minutes=1)
"""`delivered_at` is not written for every delivery."""


@dataclass(frozen=True, slots=True)
class Routed:
    """A letter for a subscription. `dead`: it is paused, so the letter is kept until somebody sends it again."""

    subscription_id: str
    letter: Letter
    dead: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    letter: Letter
    answer: Answer


# Built once: these are run ten times a second.

_KEY_OPENS = exists().where(
    ApiKeyRow.name == func.substr(subscriptions.c.owner_id, len(FLOW) + 1), ApiKeyRow.revoked_at.is_(None)
)
_LISTENING = select(subscriptions, _KEY_OPENS.label("key_opens")).where(HAS_NOT_ENDED)
_NEW = (
    select(events)
    .where(events.c.routed_at.is_(None))
    .order_by(events.c.position)
    .limit(bindparam("limit", type_=Integer()))
)
_WAITING = (
    select(
        deliveries.c.id,
        events.c.id.label("event_id"),
        events.c.type,
        events.c.subject,
        events.c.at,
        events.c.body,
    )
    .join(events, events.c.position == deliveries.c.position)
    .where(deliveries.c.subscription_id == bindparam("subscription"), deliveries.c.dead_at.is_(None))
    .order_by(deliveries.c.id)
    .limit(bindparam("limit", type_=Integer()))
)


async def listening(unit: Unit, desk: Desk) -> tuple[dict[str, Subscription], dict[str, Actor | None]]:
    """Every subscription that has not ended, by id; and who owns them, as they are now: None for a key that was revoked
    and for who left."""
    known: dict[str, Subscription] = {}
    owners: dict[str, Actor | None] = {}
    for row in await unit.fetch(_LISTENING):
        known[row.id] = one = subscription_of(row)
        if one.owner_id in owners:
            continue
        if one.owner_id.startswith(FLOW):
            flow = Actor(one.owner_id, one.owner_id.removeprefix(FLOW))
            owners[one.owner_id] = flow if row.key_opens else None
        else:
            person = await desk.directory.person(one.owner_id)
            owners[one.owner_id] = person.as_actor() if person is not None and person.active else None
    return known, owners


async def with_something_waiting(unit: Unit) -> set[str]:
    waits = exists().where(deliveries.c.subscription_id == subscriptions.c.id, deliveries.c.dead_at.is_(None))
    active = select(subscriptions.c.id).where(subscriptions.c.state == State.ACTIVE.value, waits)
    return set((await unit.db.execute(active)).scalars())


async def new_events(unit: Unit, limit: int) -> Sequence[Row[Any]]:
    """What nobody was given yet, in order."""
    return await unit.fetch(_NEW, {"limit": limit})


async def waiting(unit: Unit, subscription_id: str, limit: int) -> list[Letter]:
    """The first letters that a subscription has not got, in order."""
    rows = await unit.fetch(_WAITING, {"subscription": subscription_id, "limit": limit})
    return [Letter(row.id, row.event_id, EventType(row.type), row.subject, row.at, row.body) for row in rows]


async def route(
    unit: Unit,
    new: Sequence[Row[Any]],
    known: Mapping[str, Subscription],
    owners: Mapping[str, Actor | None],
) -> list[Routed]:
    """Give each event to the subscriptions that want it and whose owner may know of it."""
    claimed = await unit.db.execute(
        update(events)
        .where(events.c.position.in_([row.position for row in new]), events.c.routed_at.is_(None))
        .values(routed_at=unit.now)
        .returning(events.c.position)
    )
    ours = set(claimed.scalars())
    wanting: dict[str, list[Subscription]] = {}
    for one in known.values():
        if one.state is not State.ENDED:
            wanting.setdefault(one.event.value, []).append(one)
    pairs = [
        (row, one)
        for row in new
        if row.position in ours
        for one in wanting.get(row.type, ())
        if fits(one.filter, row.facts) and one.created_at <= row.at
        if (owner := owners.get(one.owner_id)) is not None and may_hear(owner, one.event, row.people)
    ]
    if not pairs:
        return []
    rows = [
        {
            "subscription_id": one.id,
            "position": row.position,
            "dead_at": unit.now if one.state is State.PAUSED else None,
            "error": Trouble.PAUSED if one.state is State.PAUSED else None,
        }
        for row, one in pairs
    ]
    written = await unit.db.execute(
        insert(deliveries).returning(deliveries.c.id, sort_by_parameter_order=True), rows
    )
    return [
        Routed(one.id, _letter(delivery_id, row), dead=one.state is State.PAUSED)
        for delivery_id, (row, one) in zip(written.scalars(), pairs, strict=True)
    ]


async def settle(
    unit: Unit,
    desk: Desk,
    subscription: Subscription,
    attempts: Sequence[Attempt],
    jitter: float,
    arrived: list[int],
) -> Subscription:
    """Write down how attempts of one subscription went, in their order; only the last can be one to try again.

    The subscription as it is after them. What arrived is put in `arrived`, to be taken away with that of others.
    """
    before = len(arrived)
    refused: list[dict[str, Any]] = []
    after = subscription
    for attempt in attempts:
        error = attempt.answer.error[:ERROR_LIMIT]
        match verdict_of(attempt.answer.status):
            case Verdict.DELIVERED:
                arrived.append(attempt.letter.delivery_id)
                after = replace(after, failures=0, failing_since=None, next_at=None, error=None)
            case Verdict.REFUSED:
                refused.append({"letter": attempt.letter.delivery_id, "error": error})
                after = replace(after, failing_since=after.failing_since or unit.now, error=error)
            case Verdict.LATER:
                failures = after.failures + 1
                after = replace(
                    after,
                    failures=failures,
                    failing_since=after.failing_since or unit.now,
                    next_at=next_try(unit.now, failures, jitter, attempt.answer.after),
                    error=error,
                )
            case Verdict.GONE:
                await end_subscription(unit, subscription.id, Ended.GONE)
                return replace(after, state=State.ENDED, ended=Ended.GONE)
    seen_lately = after.delivered_at is not None and unit.now - after.delivered_at < SEEN_TO_THE
    if len(arrived) > before and not seen_lately:
        after = replace(after, delivered_at=unit.now)
    for one in refused:
        await unit.db.execute(
            update(deliveries)
            .where(deliveries.c.id == one["letter"])
            .values(dead_at=unit.now, error=one["error"])
        )
    if gave_up(after.failing_since, unit.now):
        after = replace(after, state=State.PAUSED, next_at=None)
    if after != subscription:
        await _write(unit, after)
    if after.state is State.PAUSED:
        await _put_aside(unit, after.id)
        await tell_paused(unit, desk, after)
    return after


async def take_away(unit: Unit, arrived: Sequence[int]) -> None:
    if arrived:
        await unit.db.execute(delete(deliveries).where(deliveries.c.id.in_(arrived)))


async def _write(unit: Unit, after: Subscription) -> None:
    await unit.db.execute(
        update(subscriptions)
        .where(subscriptions.c.id == after.id, subscriptions.c.state == State.ACTIVE.value)
        .values(
            state=after.state.value,
            failures=after.failures,
            failing_since=after.failing_since,
            next_at=after.next_at,
            error=after.error,
            delivered_at=after.delivered_at,
        )
    )


async def _put_aside(unit: Unit, subscription_id: str) -> None:
    waits = (deliveries.c.subscription_id == subscription_id, deliveries.c.dead_at.is_(None))
    await unit.db.execute(update(deliveries).where(*waits).values(dead_at=unit.now, error=Trouble.PAUSED))


def _letter(delivery_id: int, row: Row[Any]) -> Letter:
    return Letter(delivery_id, row.id, EventType(row.type), row.subject, row.at, row.body)


def earliest(known: Sequence[Subscription], now: datetime) -> datetime | None:
    """When the first of these can be tried."""
    return min((one.next_at or now for one in known), default=None)
