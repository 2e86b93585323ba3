"""How the tips are doing: counted over the questions of a period, by theme and by team."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, select

from domain.actor import Actor, Role
from domain.helpdesk.deflections import Helped
from domain.helpdesk.models import deflections, tickets
from domain.helpdesk.policy import HelpdeskPolicy
from domain.reports.actions import check_reader
from domain.reports.rules import Period
from domain.tips.cluster import ClusterState
from domain.tips.feedback_models import ClusterRow, SolutionRow
from domain.tips.models import QuestionRow, RatingRow, TipRow, TipThemeRow
from domain.unit import Unit

FILE = "tips"
"""The part of a report that is the file with these figures."""
WORST = 5


@dataclass(frozen=True, slots=True)
class TipCounts:
    """`asked` questions; for `answered` of those the person ended up with a tip, which `helped` or did not.

    `handed_over` went on to the helpdesk, a digicoach or the authors. `deflected` are tickets that were begun and
    left for a tip, `solved` those that an agent resolved with one.
    """

    asked: int = 0
    answered: int = 0
    helped: int = 0
    not_helped: int = 0
    handed_over: int = 0
    deflected: int = 0
    solved: int = 0

    def plus(self, other: TipCounts) -> TipCounts:
        return TipCounts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


NOTHING = TipCounts()


@dataclass(frozen=True, slots=True)
class BadTip:
    """A tip that did not help, as the ratings of the period say."""

    id: str
    title: str
    helped: int
    not_helped: int


@dataclass(frozen=True, slots=True)
class TipReport:
    """By theme and by team, the most asked first; a theme of None is that of questions without a tip. `waiting` are the
    clusters that wait for a tip now."""

    period: Period
    made_at: datetime
    total: TipCounts
    by_theme: Mapping[str | None, TipCounts]
    by_team: Mapping[str | None, TipCounts]
    worst: tuple[BadTip, ...]
    waiting: int


def check_tip_reader(actor: Actor, policy: HelpdeskPolicy) -> None:
    """For tip authors and for who may read the desk's report. Raises `NotFound` for all others."""
    if not actor.has(Role.TIP_AUTHOR):
        check_reader(actor, policy)


async def make_tip_report(
    unit: Unit, actor: Actor, period: Period, policy: HelpdeskPolicy, zone: ZoneInfo
) -> TipReport:
    """The figures of a period. Raises `NotFound` when they are not for this actor."""
    check_tip_reader(actor, policy)
    start, end = period.bounds(zone)
    cells = await _cells(unit, start, end)
    waiting = select(func.count()).where(ClusterRow.state == ClusterState.OPEN)
    return TipReport(
        period,
        unit.now,
        sum_of(cells, lambda theme, team: None).get(None, NOTHING),
        sum_of(cells, lambda theme, team: theme),
        sum_of(cells, lambda theme, team: team),
        await _worst(unit, start, end),
        int((await unit.db.execute(waiting)).scalar_one()),
    )


async def theme_names(unit: Unit, language: str) -> dict[str, str]:
    """What themes are called, in this language or else in any."""
    rows = await unit.db.execute(select(TipThemeRow.id, TipThemeRow.language, TipThemeRow.name))
    names: dict[str, str] = {}
    for row in rows:
        if row.language == language or row.id not in names:
            names[row.id] = row.name
    return names


Cells = dict[tuple[str | None, str | None], TipCounts]
"""By theme and team."""


def sum_of(cells: Cells, by: Callable[[str | None, str | None], str | None]) -> dict[str | None, TipCounts]:
    """Cells added up, the most asked first."""
    sums: dict[str | None, TipCounts] = {}
    for (theme, team), counts in cells.items():
        key = by(theme, team)
        sums[key] = sums.get(key, NOTHING).plus(counts)

    def rank(one: tuple[str | None, TipCounts]) -> tuple[int, int, bool, str]:
        key, counts = one
        return (-counts.asked, -counts.deflected, key is None, str(key))

    return dict(sorted(sums.items(), key=rank))


async def _cells(unit: Unit, start: datetime, end: datetime) -> Cells:
    cells: Cells = {}
    for rows in (
        await _questions(unit, start, end),
        await _deflected(unit, start, end),
        await _solved(unit, start, end),
    ):
        for theme, team, counts in rows:
            cells[theme, team] = cells.get((theme, team), NOTHING).plus(counts)
    return cells


Counted = list[tuple[str | None, str | None, TipCounts]]


async def _questions(unit: Unit, start: datetime, end: datetime) -> Counted:
    """Counted per tip first, over the index alone: only then is looked up of which theme each tip is."""
    per_tip = (
        select(
            QuestionRow.team_id,
            QuestionRow.tip_id,
            func.count().label("asked"),
            func.count(QuestionRow.tip_id).label("answered"),
            _count_if(QuestionRow.helped.is_(True)).label("helped"),
            _count_if(QuestionRow.helped.is_(False)).label("not_helped"),
            func.count(QuestionRow.handed_to).label("handed_over"),
        )
        .where(QuestionRow.at >= start, QuestionRow.at < end)
        .group_by(QuestionRow.team_id, QuestionRow.tip_id)
        .subquery()
    )
    names = ("asked", "answered", "helped", "not_helped", "handed_over")
    rows = await unit.db.execute(
        select(TipRow.theme, per_tip.c.team_id, *(func.sum(per_tip.c[name]) for name in names))
        .select_from(per_tip)
        .join(TipRow, TipRow.id == per_tip.c.tip_id, isouter=True)
        .group_by(TipRow.theme, per_tip.c.team_id)
    )
    return [(theme, team, TipCounts(*map(int, counts))) for theme, team, *counts in rows]


async def _deflected(unit: Unit, start: datetime, end: datetime) -> Counted:
    rows = await unit.db.execute(
        select(TipRow.theme, deflections.c.team_id, func.count())
        .select_from(deflections)
        .join(TipRow, TipRow.id == deflections.c.subject, isouter=True)
        .where(deflections.c.at >= start, deflections.c.at < end, deflections.c.by == Helped.TIP.value)
        .group_by(TipRow.theme, deflections.c.team_id)
    )
    return [(theme, team, TipCounts(deflected=count)) for theme, team, count in rows]


async def _solved(unit: Unit, start: datetime, end: datetime) -> Counted:
    """What was opened again was not solved."""
    rows = await unit.db.execute(
        select(TipRow.theme, SolutionRow.team_id, func.count())
        .join(tickets, (tickets.c.id == SolutionRow.ticket_id) & tickets.c.resolved_at.is_not(None))
        .join(TipRow, TipRow.id == SolutionRow.tip_id, isouter=True)
        .where(SolutionRow.at >= start, SolutionRow.at < end)
        .group_by(TipRow.theme, SolutionRow.team_id)
    )
    return [(theme, team, TipCounts(solved=count)) for theme, team, count in rows]


async def _worst(unit: Unit, start: datetime, end: datetime) -> tuple[BadTip, ...]:
    """Those that failed most often."""
    rated = (
        select(
            RatingRow.tip_id,
            _count_if(RatingRow.helped.is_(True)).label("helped"),
            _count_if(RatingRow.helped.is_(False)).label("not_helped"),
        )
        .where(RatingRow.at >= start, RatingRow.at < end)
        .group_by(RatingRow.tip_id)
        .subquery()
    )
    rows = await unit.db.execute(
        select(rated.c.tip_id, TipRow.title, rated.c.helped, rated.c.not_helped)
        .join(TipRow, TipRow.id == rated.c.tip_id)
        .where(rated.c.not_helped > 0)
        .order_by(rated.c.not_helped.desc(), rated.c.helped, rated.c.tip_id)
        .limit(WORST)
    )
    return tuple(BadTip(row.tip_id, row.title, int(row.helped), int(row.not_helped)) for row in rows)


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))
