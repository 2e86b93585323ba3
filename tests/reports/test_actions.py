"""A report's figures, counted by the database and once more by hand."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.errors import NotFound
from domain.helpdesk.policy import HelpdeskPolicy, Priority
from domain.organisation import Organisation
from domain.reports import actions
from domain.reports.actions import export_tickets, make_report
from domain.reports.report import Report
from domain.reports.rules import Period, Span, period_of
from tests.conftest import Clock
from tests.reports.conftest import Fill, Row

ZONE = ZoneInfo("Europe/Brussels")


@pytest.fixture
def policy(organisation: Organisation) -> HelpdeskPolicy:
    return organisation.helpdesk


async def made(units: DatabaseUnits, actor: Actor, period: Period, policy: HelpdeskPolicy) -> Report:
    async with units.read() as unit:
        return await make_report(unit, actor, period, policy, ZONE)


def nearest_rank(values: list[int], share: float) -> int:
    return sorted(values)[math.ceil(share * len(values)) - 1]


@pytest.mark.parametrize("span", [Span.LAST_WEEK, Span.LAST_MONTH, Span.THIS_QUARTER])
async def test_it_equals_counting_by_hand(
    units: DatabaseUnits, fill: Fill, clock: Clock, bram: Actor, policy: HelpdeskPolicy, span: Span
) -> None:
    rows = await fill(400)
    period = period_of(span, clock.now.astimezone(ZONE).date())
    start, end = period.bounds(ZONE)
    report = await made(units, bram, period, policy)

    def within(name: str) -> list[Row]:
        return [row for row in rows if row[name] and start <= row[name] < end]

    created, solved, responded = within("created_at"), within("solved_at"), within("responded_at")
    assert report.created == len(created)
    assert report.by_kind == Counter(row["kind"] for row in created)
    assert report.by_category == Counter(row["category"] for row in created)
    assert report.by_team == Counter(row["team_id"] for row in created)
    assert list(report.by_team.values()) == sorted(report.by_team.values(), reverse=True)
    for times, these, seconds, met in (
        (report.response, responded, "response_seconds", "response_met"),
        (report.solution, solved, "solution_seconds", "solution_met"),
    ):
        durations = [row[seconds] for row in these]
        assert times.count == len(these)
        assert times.median == nearest_rank(durations, 0.5)
        assert times.p90 == nearest_rank(durations, 0.9)
        assert times.judged == sum(row[met] is not None for row in these)
        assert times.met == sum(row[met] is True for row in these)
    assert report.reopened == sum(row["reopened"] > 0 for row in solved)
    assert {p: times.count for p, times in report.by_priority.items()} == Counter(
        Priority(row["priority"]) for row in solved
    )
    assert report.ratings == Counter(row["score"] for row in solved if "score" in row)
    assert sum(step.created for step in report.steps) == len(created)
    assert sum(step.solved for step in report.steps) == len(solved)
    for step, after in zip(report.steps, [*report.steps[1:], None], strict=True):
        until = after.first if after else period.last + timedelta(days=1)
        days = [row["created_at"].astimezone(ZONE).date() for row in created]
        assert step.created == sum(step.first <= day < until for day in days)


async def test_the_backlog_is_what_is_open_now_by_its_age(
    units: DatabaseUnits, fill: Fill, clock: Clock, bram: Actor, policy: HelpdeskPolicy
) -> None:
    rows = await fill(300)
    report = await made(units, bram, period_of(Span.THIS_WEEK, clock.now.date()), policy)
    ages = [clock.now - row["created_at"] for row in rows if row["ended_at"] is None]
    bounds = [timedelta(0), *actions.AGES, timedelta.max]
    assert report.backlog == tuple(sum(low <= age < high for age in ages) for low, high in pairwise(bounds))
    assert sum(report.backlog) == len(ages)


async def test_deflection_is_the_part_that_needed_no_ticket(
    units: DatabaseUnits, fill: Fill, clock: Clock, bram: Actor, policy: HelpdeskPolicy
) -> None:
    await fill(40)
    report = await made(units, bram, period_of(Span.THIS_MONTH, clock.now.date()), policy)
    assert report.deflected == {"tip": 2, "digicoach": 1}
    assert report.deflection == 3 / (3 + report.created)


async def test_a_period_without_tickets_has_no_shares(
    units: DatabaseUnits, bram: Actor, policy: HelpdeskPolicy
) -> None:
    empty = await made(units, bram, Period(Span.DATES, date(2020, 1, 1), date(2020, 1, 1)), policy)
    assert (empty.created, empty.response.median, empty.solution.p90) == (0, None, None)
    assert (empty.reopen_rate, empty.rating, empty.deflection, empty.response.share) == (None,) * 4


async def test_reports_are_for_the_desk_and_information_managers(
    units: DatabaseUnits,
    clock: Clock,
    policy: HelpdeskPolicy,
    bram: Actor,
    els: Actor,
    amina: Actor,
    dirk: Actor,
) -> None:
    period = period_of(Span.THIS_WEEK, clock.now.date())
    for reader in (bram, els):
        await made(units, reader, period, policy)
    for outsider in (amina, dirk):
        with pytest.raises(NotFound):
            await made(units, outsider, period, policy)


async def test_an_export_has_every_ticket_of_the_period_once_and_in_order(
    units: DatabaseUnits, fill: Fill, clock: Clock, bram: Actor, policy: HelpdeskPolicy, monkeypatch: Any
) -> None:
    monkeypatch.setattr(actions, "PAGE", 7)
    rows = await fill(120)
    period = period_of(Span.THIS_QUARTER, clock.now.date())
    start, end = period.bounds(ZONE)
    async with units.read() as unit:
        lines = [line async for line in export_tickets(unit, bram, period, policy, ZONE)]
    inside = [row for row in rows if start <= row["created_at"] < end]
    assert [line.created_at for line in lines] == sorted(row["created_at"] for row in inside)
    assert len({line.number for line in lines}) == len(inside)


async def test_an_export_is_not_for_outsiders(
    units: DatabaseUnits, clock: Clock, amina: Actor, policy: HelpdeskPolicy
) -> None:
    async with units.read() as unit:
        with pytest.raises(NotFound):
            await anext(
                export_tickets(unit, amina, period_of(Span.THIS_WEEK, clock.now.date()), policy, ZONE)
            )
