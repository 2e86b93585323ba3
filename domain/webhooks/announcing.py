"""Writing down that something happened, in the transaction of whoever saw it, when somebody wants to hear of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import select

from domain.tables import new_id
from domain.unit import Unit
from domain.webhooks.models import EventRow, subscriptions
from domain.webhooks.rules import EventType, State
from domain.webhooks.waking import wake


@dataclass(frozen=True, slots=True)
class Happened:
    """`key` tells a repeat: the same key is one event. `facts` are what filters look at, `people` whose it is,
    `changed` the names of the fields of the object that changed, and `objects` what the body holds besides."""

    type: EventType
    key: str
    subject: str
    at: datetime
    objects: Mapping[str, Any]
    facts: Mapping[str, str | None] = field(default_factory=dict)
    people: Collection[str] = ()
    changed: Collection[str] = ()


async def wanted(unit: Unit, types: Iterable[EventType]) -> frozenset[EventType]:
    """Which of these somebody subscribed to."""
    listening = select(subscriptions.c.event).where(
        subscriptions.c.event.in_([one.value for one in types]), subscriptions.c.state != State.ENDED.value
    )
    found = await unit.db.execute(listening.distinct())
    return frozenset(EventType(event) for event in found.scalars())


async def announce(unit: Unit, happened: Iterable[Happened]) -> int:
    """Write events down, and wake who delivers. How many were new."""
    new = 0
    for one in happened:
        event_id = new_id()
        body = {
            "eventId": event_id,
            "event": one.type.value,
            "time": one.at,
            "changed": sorted(one.changed),
            **one.objects,
        }
        row = {
            "id": event_id,
            "key": one.key,
            "type": one.type.value,
            "subject": one.subject,
            "at": one.at,
            "facts": dict(one.facts),
            "people": sorted(one.people),
            "body": orjson.dumps(body, option=orjson.OPT_UTC_Z).decode(),
        }
        new += await unit.insert_new(EventRow, row)
    if new:
        await wake(unit)
    return new


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
