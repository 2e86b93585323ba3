"""Writing down that something happened, in the transaction of whoever saw it, when somebody wants to hear of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Select, exists, select
from sqlalchemy.sql.dml import ReturningInsert

from domain.tables import new_id
from domain.unit import Unit, dialect_insert
from domain.webhooks.models import HAS_NOT_ENDED, EventRow, subscriptions
from domain.webhooks.rules import EventType
from domain.webhooks.waking import LOOKED_AFTER, wake


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
    asked = tuple(types)
    (found,) = await unit.fetch(_listened_to(asked))
    return frozenset(one for one, listened in zip(asked, found, strict=True) if listened)


# Built once: every change of a ticket asks, and every event is written.


@cache
def _listened_to(types: tuple[EventType, ...]) -> Select[*tuple[Any, ...]]:
    """A row of as many booleans."""
    event = subscriptions.c.event
    return select(*(exists().where(event == one.value, HAS_NOT_ENDED).label(one.name) for one in types))


@cache
def _written(dialect: str) -> ReturningInsert[Any]:
    """Unless it is there already; tells whether somebody will deliver it anyway, at the moment `when`."""
    return dialect_insert(dialect, EventRow).on_conflict_do_nothing().returning(LOOKED_AFTER)


async def announce(unit: Unit, happened: Iterable[Happened]) -> int:
    """Write events down, and wake who delivers. How many were new."""
    told: list[bool] = []
    statement = _written(unit.db.dialect.name)
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
            "when": unit.now,
        }
        looked_after = await unit.insert_returning(statement, row)
        if looked_after is not None:
            told.append(bool(looked_after))
    if not all(told):
        await wake(unit)
    return len(told)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
