"""Why a ticket is due then: the lines of the computation add up to it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.helpdesk.rules import State
from domain.service_levels.explain import Closed, Line, Ran, StoodStill, explain
from domain.service_levels.policy import Measure
from domain.service_levels.rules import Clock, clock_of
from tests.service_levels.test_calendar import HOUR, MINUTE, local, office
from tests.service_levels.test_clocks import life, lives, resolution


def lines(clock: Clock, now: str = "2026-12-31T12:00") -> list[Line]:
    return list(explain(clock, office, local(now)).lines)


def test_days_in_a_row_are_one_line_and_a_weekend_is_one() -> None:
    clock = resolution(("19T09:00", State.NEW), hours=20)
    assert lines(clock) == [
        Ran(local("2026-11-19T09:00"), local("2026-11-20T17:00"), 2, 14.5 * HOUR, 14.5 * HOUR),
        Closed(date(2026, 11, 21), date(2026, 11, 22), None),
        Ran(local("2026-11-23T08:30"), local("2026-11-23T15:00"), 1, 5.5 * HOUR, 20 * HOUR),
    ]


def test_a_holiday_is_called_by_its_name() -> None:
    clock = clock_of(Measure.RESOLUTION, life([]), 30 * 24 * HOUR)
    named = [line for line in lines(clock) if isinstance(line, Closed) and line.name]
    assert named[:2] == [
        Closed(date(2026, 12, 25), date(2026, 12, 25), "Kerstmis"),
        Closed(date(2027, 1, 1), date(2027, 1, 1), "Nieuwjaar"),
    ]


def test_waiting_is_a_line_with_its_reason() -> None:
    clock = resolution(
        ("23T09:00", State.NEW),
        ("23T10:00", State.WAITING_SUPPLIER),
        ("24T10:00", State.IN_PROGRESS),
        hours=2,
    )
    assert lines(clock) == [
        Ran(local("2026-11-23T09:00"), local("2026-11-23T10:00"), 1, HOUR, HOUR),
        StoodStill(local("2026-11-23T10:00"), local("2026-11-24T10:00"), State.WAITING_SUPPLIER),
        Ran(local("2026-11-24T10:00"), local("2026-11-24T11:00"), 1, HOUR, 2 * HOUR),
    ]


def test_what_still_waits_has_no_end_and_no_due_time() -> None:
    clock = resolution(("23T09:00", State.NEW), ("23T10:00", State.WAITING_REQUESTER))
    told = explain(clock, office, local("2026-12-01T10:00"))
    assert told.lines[-1] == StoodStill(local("2026-11-23T10:00"), None, State.WAITING_REQUESTER)
    assert (told.due_at, told.used, told.left) == (None, HOUR, 7 * HOUR)


def test_reported_outside_opening_hours_it_begins_when_the_city_opens() -> None:
    [only] = lines(resolution(("21T15:00", State.NEW), hours=1))
    assert only == Ran(local("2026-11-23T08:30"), local("2026-11-23T09:30"), 1, HOUR, HOUR)


@settings(deadline=None)
@given(lives, st.integers(1, 4000), st.sampled_from(list(Measure)), st.integers(0, 20_000))
@example([(1, State.WAITING_APPROVAL), (1, State.NEW)], 1, Measure.RESPONSE, 0)
def test_the_lines_add_up(steps: list[tuple[int, State]], target: int, measure: Measure, later: int) -> None:
    changes = life(steps)
    clock = clock_of(measure, changes, target * MINUTE)
    now = changes[-1].at + later * MINUTE
    told = explain(clock, office, now)
    ran = [line for line in told.lines if isinstance(line, Ran)]
    total = timedelta()
    for line in ran:
        total += line.length
        assert line.total == total
        assert line.length == office.between(line.start, line.end)
    if told.due_at is not None:
        assert total == target * MINUTE
        last = told.lines[-1]
        if isinstance(last, StoodStill) and last.end is not None:  # nothing was left: late once it went on
            assert told.due_at == office.add(last.end, timedelta())
        else:
            assert ran[-1].end == told.due_at
    else:
        assert total == clock.used(office, now)
    starts = [line.start for line in told.lines if not isinstance(line, Closed)]
    assert starts == sorted(starts)
