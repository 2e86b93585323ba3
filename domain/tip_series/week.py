"""The tip of the week: an author's choice, or else what is asked most and has not been one for a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select

from domain.actor import Actor
from domain.authoring.writing import check_author
from domain.desk import Desk
from domain.errors import Conflict
from domain.tip_series.models import WeekTipRow
from domain.tip_series.rules import week_of, weeks_from
from domain.tip_series.series import PlannedWeek
from domain.tips.models import TipRow
from domain.tips.reading import get_tip, visible
from domain.tips.sharing import most_asked
from domain.tips.tip import Audience
from domain.unit import Unit

AHEAD = 8
"""Weeks that can be planned."""
NOT_AGAIN = timedelta(days=365)
CANDIDATES = 50


async def week_tip(unit: Unit, desk: Desk, week: str) -> str | None:
    """The id of the tip of this week, chosen now if nobody did; None when there is nothing to choose from. Workers that
    choose at the same moment choose one."""
    found = await tip_of(unit, week)
    if found is None:
        chosen = await _most_asked(unit, desk) or await _any_other(unit, desk)
        if chosen is None:
            return None
        await unit.insert_new(WeekTipRow, {"week": week, "tip_id": chosen, "chosen_by": None, "at": unit.now})
        found = await tip_of(unit, week)
    return found


async def tip_of(unit: Unit, week: str) -> str | None:
    """The tip of a week, when it has one already."""
    known = select(WeekTipRow.tip_id).where(WeekTipRow.week == week)
    found: str | None = (await unit.db.execute(known)).scalar_one_or_none()
    return found


async def plan_week_tip(unit: Unit, desk: Desk, actor: Actor, tip_id: str, key: str) -> PlannedWeek:
    """This tip comes in the first of the coming weeks that has none yet; doing it again with the same key too.

    Raises `Forbidden` for who is no author, `NotFound` for an unknown tip, `Conflict` when all weeks are planned and
    for a tip that not everybody may see.
    """
    check_author(actor)
    tip = (await get_tip(unit, tip_id)).tip
    if tip.audience is Audience.TEAM:
        raise Conflict("This tip is for one team only.")
    first = await unit.done_before(actor.id, key)
    if first is not None:
        return PlannedWeek(first, tip.id, tip.title)
    coming = weeks_from(desk.organisation.day(unit.now) + timedelta(days=7), AHEAD)
    taken = {one.week for one in await planned_weeks(unit, desk)}
    free = next((week for week in coming if week not in taken), None)
    if free is None:
        raise Conflict("The coming {count} weeks are planned already.", count=AHEAD)
    await unit.once(actor.id, key, tip_id, free)
    row = {"week": free, "tip_id": tip.id, "chosen_by": actor.id, "at": unit.now}
    if not await unit.insert_new(WeekTipRow, row):
        raise Conflict("Somebody planned this week just now. Try again, please.")
    return PlannedWeek(free, tip.id, tip.title)


async def unplan_week(unit: Unit, desk: Desk, actor: Actor, week: str) -> None:
    """The week gets a tip by itself. Of a week that has begun nothing is changed."""
    check_author(actor)
    await unit.db.execute(
        delete(WeekTipRow).where(
            WeekTipRow.week == week, WeekTipRow.week > week_of(desk.organisation.day(unit.now))
        )
    )


async def planned_weeks(unit: Unit, desk: Desk) -> Sequence[PlannedWeek]:
    """The coming weeks that have a tip, the next one first."""
    this = week_of(desk.organisation.day(unit.now))
    rows = await unit.db.execute(
        select(WeekTipRow.week, WeekTipRow.tip_id, TipRow.title)
        .join(TipRow, TipRow.id == WeekTipRow.tip_id)
        .where(WeekTipRow.week > this)
        .order_by(WeekTipRow.week)
        .limit(AHEAD)
    )
    return [PlannedWeek(row.week, row.tip_id, row.title) for row in rows]


async def _most_asked(unit: Unit, desk: Desk) -> str | None:
    ranked = await most_asked(unit, CANDIDATES)
    fitting = select(TipRow.id).where(TipRow.id.in_(ranked), *_fits(unit, desk))
    fit = set((await unit.db.execute(fitting)).scalars())
    return next((tip_id for tip_id in ranked if tip_id in fit), None)


async def _any_other(unit: Unit, desk: Desk) -> str | None:
    """The first that fits; when all were one lately, the one that was so longest ago."""
    fitting = select(TipRow.id).where(*_fits(unit, desk)).order_by(TipRow.id).limit(1)
    found = (await unit.db.execute(fitting)).scalar_one_or_none()
    if found is None:
        oldest = (
            select(WeekTipRow.tip_id)
            .join(TipRow, TipRow.id == WeekTipRow.tip_id)
            .where(*visible(unit.today))
            .order_by(WeekTipRow.week)
            .limit(1)
        )
        found = (await unit.db.execute(oldest)).scalar_one_or_none()
    return found


def _fits(unit: Unit, desk: Desk) -> tuple[ColumnElement[bool], ...]:
    lately = select(WeekTipRow.tip_id).where(WeekTipRow.at > unit.now - NOT_AGAIN)
    return (
        *visible(unit.today),
        TipRow.language == desk.organisation.language,
        TipRow.audience == Audience.EVERYONE,
        TipRow.id.not_in(lately),
    )
