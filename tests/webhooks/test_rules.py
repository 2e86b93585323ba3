"""What an answer means, when it is tried again, and who hears what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.actor import Actor, Role
from domain.webhooks.rules import (
    LONGEST_WAIT,
    PAUSE_AFTER,
    EventType,
    Verdict,
    fits,
    gave_up,
    may_hear,
    next_try,
    verdict_of,
)

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [
        ((200, 202, 204), Verdict.DELIVERED),
        ((404, 410), Verdict.GONE),
        ((400, 405, 413, 415, 422), Verdict.REFUSED),
        ((None, 301, 401, 403, 408, 409, 425, 429, 500, 502, 503, 504), Verdict.LATER),
    ],
)
def test_what_a_status_means(statuses: tuple[int | None, ...], verdict: Verdict) -> None:
    assert {verdict_of(status) for status in statuses} == {verdict}


def test_waits_double_up_to_a_day() -> None:
    waits = [(next_try(NOW, failures, 1.0) - NOW).total_seconds() for failures in range(1, 25)]
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == LONGEST_WAIT.total_seconds()
    assert waits == sorted(waits)


def test_jitter_spreads_a_wait_over_its_upper_half() -> None:
    assert next_try(NOW, 3, 0.0) - NOW == timedelta(seconds=10)
    assert next_try(NOW, 3, 1.0) - NOW == timedelta(seconds=20)


@pytest.mark.parametrize(("after", "waits"), [(1.0, 5), (300.0, 300), (9e9, 86_400), (-1.0, 5)])
def test_a_receiver_can_ask_for_more_time_and_not_for_less(after: float, waits: float) -> None:
    assert timedelta(seconds=waits / 2) <= next_try(NOW, 1, 0.0, after) - NOW <= timedelta(seconds=waits)


def test_after_days_of_failing_it_gives_up() -> None:
    assert not gave_up(None, NOW)
    assert not gave_up(NOW - PAUSE_AFTER + timedelta(seconds=1), NOW)
    assert gave_up(NOW - PAUSE_AFTER, NOW)


def test_a_filter_wants_every_fact() -> None:
    facts = {"kind": "incident", "team": None}
    assert fits({}, facts)
    assert fits({"kind": "incident"}, facts)
    assert not fits({"kind": "incident", "team": "sport"}, facts)
    assert not fits({"scenario": "1"}, facts)


@pytest.mark.parametrize(
    ("owner", "event", "hears"),
    [
        (Actor("flow:a", "a"), EventType.TICKET_CREATED, True),
        (Actor("amina", "A"), EventType.TICKET_CREATED, True),
        (Actor("dirk", "D"), EventType.TICKET_CREATED, False),
        (Actor("bram", "B", frozenset({Role.AGENT})), EventType.TICKET_CREATED, True),
        (Actor("bram", "B", frozenset({Role.AGENT})), EventType.APPROVAL_ASKED, False),
        (Actor("els", "E", frozenset({Role.INFORMATION_MANAGER})), EventType.SITE_FAILED, True),
        (Actor("hanne", "H", frozenset({Role.TIP_AUTHOR})), EventType.QUESTION_UNANSWERED, True),
    ],
)
def test_who_hears_what_concerns_amina(owner: Actor, event: EventType, hears: bool) -> None:
    assert may_hear(owner, event, ["amina"]) is hears
