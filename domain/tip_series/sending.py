"""Sends each subscriber the next tip when it is their hour: run by a timer."""

from __future__ import annotations

from datetime import time
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, or_, select, update

from domain.actor import Role
from domain.chats.actions import show
from domain.desk import Desk
from domain.people.models import Person
from domain.tip_series.models import SubscriptionRow
from domain.tip_series.rules import A_DAY, A_WEEK, next_sending, week_of
from domain.tip_series.series import WEEK
from domain.tip_series.week import week_tip
from domain.tips.models import TipRow
from domain.tips.reading import visible
from domain.tips.tip import Audience
from domain.unit import Unit

WEEK_VIEW = "series.week"
"""View of the tip of a week; the subject is the week."""
TIP_VIEW = "series.tip"
"""View of a tip of a theme; the subject is the day it was sent on and the tip."""
DONE_VIEW = "series.done"
"""View that a series is over; the subject is that day and the theme."""
BITE = 100


async def sweep_series(desk: Desk) -> int:
    """Send what is due. How many subscriptions. Of two sweeps at once, one sends."""
    swept, page = 0, BITE
    while page == BITE:
        async with desk.units() as unit:
            due = (
                select(SubscriptionRow)
                .where(SubscriptionRow.next_at <= unit.now)
                .order_by(SubscriptionRow.next_at, SubscriptionRow.person_id, SubscriptionRow.series_id)
                .limit(BITE)
            )
            rows = (await unit.db.execute(due)).all()
            for row in rows:
                await _send(unit, desk, row)
        page = len(rows)
        swept += page
    return swept


async def _send(unit: Unit, desk: Desk, row: Row[Any]) -> None:
    person = await desk.directory.person(row.person_id)
    mine = (SubscriptionRow.person_id == row.person_id, SubscriptionRow.series_id == row.series_id)
    if person is None or not person.active:
        await unit.db.execute(delete(SubscriptionRow).where(*mine))
        return
    calendar = desk.organisation.calendar
    again = next_sending(row.weekday, time.fromisoformat(row.time_of_day), unit.now, calendar)
    claimed = await unit.db.execute(
        update(SubscriptionRow).where(*mine, SubscriptionRow.next_at == row.next_at).values(next_at=again)
    )
    if claimed.rowcount != 1:
        return
    sent_on = desk.organisation.day(row.next_at)
    if row.series_id == WEEK:
        today = desk.organisation.day(unit.now)
        # Waited over a weekend for the city to open: it is still the tip of the week before.
        waited = sent_on.weekday() < row.weekday
        week = week_of(today - A_WEEK * A_DAY if waited else today)
        if await week_tip(unit, desk, week) is not None:
            await show(unit, WEEK_VIEW, week, person.id)
        return
    # With the day, as who stops and starts again gets the same tips once more: new messages, not changes of old ones.
    tip_id = await _next_of(unit, desk, person, row)
    if tip_id is None:
        await unit.db.execute(delete(SubscriptionRow).where(*mine))
        await show(unit, DONE_VIEW, f"{sent_on}/{row.series_id}", person.id)
        return
    await unit.db.execute(update(SubscriptionRow).where(*mine).values(last_tip_id=tip_id))
    await show(unit, TIP_VIEW, f"{sent_on}/{tip_id}", person.id)


async def _next_of(unit: Unit, desk: Desk, person: Person, row: Row[Any]) -> str | None:
    """The tip of this theme after the last one, of those that are for this person: in their own language; in the city's
    as long as the theme has none in theirs."""
    for language in dict.fromkeys((person.language, desk.organisation.language)):
        theirs = (
            select(TipRow.id)
            .where(
                TipRow.theme == row.series_id,
                TipRow.language == language,
                _for(person),
                *visible(unit.today),
            )
            .order_by(TipRow.id)
            .limit(1)
        )
        following = theirs.where(TipRow.id > row.last_tip_id) if row.last_tip_id is not None else theirs
        found: str | None = (await unit.db.execute(following)).scalar_one_or_none()
        if found is not None or (await unit.db.execute(theirs)).scalar_one_or_none() is not None:
            return found
    return None


def _for(person: Person) -> ColumnElement[bool]:
    """What is written for this person, the tips of their own team among it."""
    audiences = [
        Audience.EVERYONE,
        *([Audience.FRONTLINE] if person.frontline else []),
        *([Audience.TEAM_OWNERS] if Role.TEAM_OWNER in person.roles else []),
        *([Audience.SUPERVISORS] if Role.SUPERVISOR in person.roles else []),
    ]
    own = and_(TipRow.audience == Audience.TEAM, TipRow.team_id == person.team_id)
    return or_(TipRow.audience.in_(audiences), own)
