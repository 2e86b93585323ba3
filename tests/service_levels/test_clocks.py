"""The clocks of a ticket, against a counter that walks through its life minute by minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.helpdesk.rules import State
from domain.service_levels.calendar import WorkingTime
from domain.service_levels.policy import Measure
from domain.service_levels.rules import UNTOUCHED, Change, Clock, Level, clock_of, level_at
from tests.service_levels.test_calendar import HOUR, MINUTE, always, local, office

START = local("2026-11-19T15:00")  # a Thursday
RESOLUTION, RESPONSE = Measure.RESOLUTION, Measure.RESPONSE
STOPPED = [state for state in State if state.waiting or not state.open]


def history(*lines: tuple[str, State]) -> list[Change]:
    return [Change(local(f"2026-11-{at}"), state) for at, state in lines]


def resolution(*lines: tuple[str, State], hours: float = 8) -> Clock:
    return clock_of(RESOLUTION, history(*lines), hours * HOUR)


def level(clock: Clock, at: str) -> Level:
    return level_at(local(at), clock.at_risk_at(office, 75), clock.due_at(office))


class MinuteByMinute:
    """What both clocks stand at after each minute, by looking at the state a ticket is in that minute."""

    def __init__(self, calendar: WorkingTime, changes: Sequence[Change], minutes: int) -> None:
        self.used = {measure: [timedelta()] for measure in Measure}
        reacted = False
        for number in range(minutes):
            moment = changes[0].at + number * MINUTE
            state = [change.state for change in changes if change.at <= moment][-1]
            been = {change.state for change in changes if change.at <= moment}
            reacted = reacted or bool(been - UNTOUCHED)
            counts = calendar.is_open(moment) and state.open and not state.waiting
            for measure, on in ((RESPONSE, counts and not reacted), (RESOLUTION, counts)):
                self.used[measure].append(self.used[measure][-1] + (MINUTE if on else timedelta()))


lives = st.lists(st.tuples(st.integers(0, 2000), st.sampled_from(list(State))), max_size=8)


def life(steps: list[tuple[int, State]]) -> list[Change]:
    changes, at = [Change(START, State.NEW)], START
    for wait, state in steps:
        at += wait * MINUTE
        changes.append(Change(at, state))
    return changes


@settings(deadline=None, max_examples=80)
@given(lives, st.sampled_from([office, always]), st.sampled_from(list(Measure)), st.integers(1, 4000))
def test_any_life_equals_the_minutes_counted(
    steps: list[tuple[int, State]], calendar: WorkingTime, measure: Measure, target: int
) -> None:
    changes = life(steps)
    total = int((changes[-1].at - START) / MINUTE) + 300
    counted = MinuteByMinute(calendar, changes, total).used[measure]
    clock = clock_of(measure, changes, target * MINUTE)
    for number in range(0, total, 97):
        assert clock.used(calendar, START + number * MINUTE) == counted[number]
    assert clock.used(calendar, START + total * MINUTE) == counted[total]
    due = clock.due_at(calendar)
    # Running on, it is due in the minute in which the counter gets there; done in time or waiting, it never does.
    if due is None or due > START + total * MINUTE:
        assert counted[total] <= target * MINUTE
    else:
        assert counted[int((due - START) / MINUTE)] == target * MINUTE


@settings(deadline=None)
@given(lives, st.integers(0, 8), st.sampled_from(list(Measure)))
def test_a_clock_never_runs_backwards(steps: list[tuple[int, State]], kept: int, measure: Measure) -> None:
    changes = life(steps)
    before = clock_of(measure, changes[: kept + 1], 8 * HOUR)
    after = clock_of(measure, changes, 8 * HOUR)
    now = changes[min(kept, len(changes) - 1)].at
    later = [now + hours * HOUR for hours in (0, 1, 5, 30, 200)]
    readings = [after.used(office, moment) for moment in later]
    assert readings == sorted(readings)
    assert before.used(office, now) == after.used(office, now)  # what comes later changes nothing before it


@settings(deadline=None)
@given(lives, st.sampled_from([state for state in State if state.waiting]), st.integers(0, 50_000))
def test_time_spent_waiting_never_counts(steps: list[tuple[int, State]], state: State, wait: int) -> None:
    changes = life(steps)
    paused = [*changes, Change(changes[-1].at, state)]
    resumed = [*paused, Change(changes[-1].at + wait * MINUTE, State.IN_PROGRESS)]
    clock = clock_of(RESOLUTION, resumed, 8 * HOUR)
    assert clock.used(office, resumed[-1].at) == clock_of(RESOLUTION, paused, HOUR).used(
        office, paused[-1].at
    )


@settings(deadline=None)
@given(lives, st.integers(1, 4000), st.integers(1, 4000), st.sampled_from(list(Measure)))
def test_another_target_keeps_what_was_used_and_what_was_paused(
    steps: list[tuple[int, State]], first: int, second: int, measure: Measure
) -> None:
    changes = life(steps)
    one, other = (clock_of(measure, changes, target * MINUTE) for target in sorted((first, second)))
    assert one.runs == other.runs
    assert one.used(office, changes[-1].at) == other.used(office, changes[-1].at)
    due, later = one.due_at(office), other.due_at(office)
    if due and later:
        assert due <= later
        assert other.used(office, later) - other.used(office, due) == abs(first - second) * MINUTE
    else:
        assert later is None  # the longer one cannot be passed first


def test_waiting_stops_the_clock_and_going_on_continues_it() -> None:
    clock = resolution(
        ("23T09:00", State.NEW),
        ("23T10:00", State.IN_PROGRESS),
        ("23T11:00", State.WAITING_REQUESTER),
        ("25T09:00", State.IN_PROGRESS),
    )
    assert clock.used(office, local("2026-11-25T10:00")) == 3 * HOUR
    # Two hours on Monday leave six: from nine on Wednesday, with an hour for lunch.
    assert clock.due_at(office) == local("2026-11-25T16:00")


def test_a_clock_that_stands_still_is_due_at_no_time() -> None:
    clock = resolution(("23T09:00", State.NEW), ("23T10:00", State.WAITING_SUPPLIER))
    assert clock.due_at(office) is None
    assert level(clock, "2027-06-01T09:00") is Level.CALM


def test_opening_a_ticket_again_continues_its_clock() -> None:
    clock = resolution(
        ("23T09:00", State.NEW), ("23T11:00", State.RESOLVED), ("26T09:00", State.IN_PROGRESS), hours=4
    )
    assert clock.done_at is None
    assert clock.due_at(office) == local("2026-11-26T11:00")


def test_what_was_done_in_time_stays_in_time() -> None:
    clock = resolution(("23T09:00", State.NEW), ("23T11:00", State.RESOLVED), ("25T09:00", State.CLOSED))
    assert clock.done_at == local("2026-11-23T11:00")
    assert clock.due_at(office) is None


def test_done_at_the_very_moment_it_is_due_is_in_time() -> None:
    for end, late in (("23T11:00", False), ("23T11:01", True)):
        clock = resolution(("23T09:00", State.NEW), (end, State.RESOLVED), hours=2)
        assert (clock.due_at(office) is not None) is late


def test_a_late_ticket_stays_late_when_it_is_opened_again() -> None:
    clock = resolution(
        ("23T09:00", State.NEW), ("23T16:00", State.RESOLVED), ("25T09:00", State.IN_PROGRESS), hours=2
    )
    assert clock.due_at(office) == local("2026-11-23T11:00")


def test_the_first_reaction_counts_whatever_comes_after_it() -> None:
    clock = clock_of(
        RESPONSE,
        history(
            ("23T09:00", State.NEW),
            ("23T09:30", State.ASSIGNED),
            ("23T10:00", State.IN_PROGRESS),
            ("23T11:00", State.NEW),  # moved to another group
            ("23T16:00", State.IN_PROGRESS),
        ),
        2 * HOUR,
    )
    assert clock.done_at == local("2026-11-23T10:00")
    assert clock.used(office, local("2026-11-27T10:00")) == HOUR


def test_two_workers_whose_clocks_differ_do_not_turn_time_back() -> None:
    clock = resolution(
        ("23T09:00", State.NEW), ("23T10:00", State.WAITING_SUPPLIER), ("23T09:59", State.IN_PROGRESS)
    )
    assert clock.used(office, local("2026-11-23T11:00")) == 2 * HOUR


def test_it_is_at_risk_at_three_quarters_and_breached_at_the_end() -> None:
    clock = resolution(("23T13:00", State.NEW), hours=4)
    levels = [level(clock, f"2026-11-23T{at}") for at in ("15:59", "16:00", "17:00")]
    assert levels == [Level.CALM, Level.AT_RISK, Level.BREACHED]


def test_a_promise_of_nothing_is_never_late() -> None:
    clock = clock_of(RESOLUTION, history(("23T09:00", State.NEW)), None)
    assert clock.due_at(office) is None
    assert level(clock, "2027-11-23T09:00") is Level.CALM


@pytest.mark.parametrize("state", STOPPED)
def test_the_clock_stands_still_in_every_state_in_which_the_desk_is_not_to_move(state: State) -> None:
    clock = resolution(("23T09:00", State.NEW), ("23T10:00", state))
    assert not clock.running
    assert clock.used(office, local("2026-12-23T10:00")) == HOUR
