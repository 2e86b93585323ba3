"""Subscribing to tips that come by themselves, at an hour of one's own choice."""

from __future__ import annotations

from datetime import time
from typing import Any

from sqlalchemy import Row, delete, exists, select

from domain.actor import Actor
from domain.authoring.rules import slug_of
from domain.desk import Desk
from domain.errors import Invalid, NotFound
from domain.tip_series.models import SubscriptionRow
from domain.tip_series.rules import next_sending
from domain.tip_series.series import WEEK, Series, Subscription
from domain.tips.models import TipRow, TipThemeRow
from domain.tips.tip import TipState
from domain.unit import Unit, dialect_insert

CLOCK = "%H:%M"
WORKING_DAYS = frozenset("01234")
"""In a weekend nobody is at work to try a tip."""


async def list_series(unit: Unit, desk: Desk, actor: Actor) -> tuple[Series, ...]:
    """The tip of the week and every theme that has a tip, with what the actor is subscribed to."""
    mine = await unit.db.execute(select(SubscriptionRow).where(SubscriptionRow.person_id == actor.id))
    subscribed = {row.series_id: _subscription(row) for row in mine}
    themes = await _themes(unit, desk, actor.language)
    found = [Series(WEEK, ""), *(Series(theme, name) for theme, name in themes.items())]
    return tuple(Series(one.id, one.name, subscribed.get(one.id)) for one in found)


async def access_series(unit: Unit, desk: Desk, actor: Actor, series_id: str) -> Series:
    """Raises `NotFound` for what is no series (any more)."""
    for series in await list_series(unit, desk, actor):
        if series.id == series_id:
            return series
    raise NotFound("This series of tips is not there (any more).")


async def subscribe(unit: Unit, desk: Desk, actor: Actor, series_id: str, weekday: str, at: str) -> Series:
    """From now on a tip of it every week; subscribing again changes the day and the time, and goes on where it was.

    Raises `NotFound` for an unknown series, and `Invalid` with the field `weekday` or `at`.
    """
    await access_series(unit, desk, actor, series_id)
    if weekday not in WORKING_DAYS:
        raise Invalid("Choose a day of the week.", field="weekday")
    try:
        hour = time.fromisoformat(at)
    except ValueError:
        raise Invalid("Choose a time, such as 09:00.", field="at") from None
    moment = {
        "weekday": int(weekday),
        "time_of_day": hour.strftime(CLOCK),
        "next_at": next_sending(int(weekday), hour, unit.now, desk.organisation.calendar),
    }
    row = {
        "person_id": actor.id,
        "series_id": series_id,
        "last_tip_id": None,
        "since": unit.now,
        **moment,
    }
    await unit.db.execute(
        dialect_insert(unit.db.dialect.name, SubscriptionRow)
        .values(row)
        .on_conflict_do_update(index_elements=["person_id", "series_id"], set_=moment)
    )
    return await access_series(unit, desk, actor, series_id)


async def unsubscribe(unit: Unit, desk: Desk, actor: Actor, series_id: str) -> Series:
    """No tips of it any more. What it was is told, so that it can be undone; nothing happens to who had none."""
    series = await access_series(unit, desk, actor, series_id)
    await unit.db.execute(
        delete(SubscriptionRow).where(
            SubscriptionRow.person_id == actor.id, SubscriptionRow.series_id == series_id
        )
    )
    return series


async def _themes(unit: Unit, desk: Desk, language: str) -> dict[str, str]:
    """Id and name of each theme with a tip, in this language or else in the city's."""
    has_tips = exists().where(TipRow.theme == TipThemeRow.id, TipRow.state == TipState.PUBLISHED)
    rows = await unit.db.execute(
        select(TipThemeRow).where(has_tips, TipThemeRow.language.in_([language, desk.organisation.language]))
    )
    names: dict[str, str] = {}
    for row in rows:
        if row.language == language or row.id not in names:
            names[row.id] = row.name
    return dict(sorted(names.items(), key=lambda theme: slug_of(theme[1])))


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(row.series_id, row.weekday, time.fromisoformat(row.time_of_day), row.next_at)
