"""Backoff, and what is kept of an error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.jobs import rules

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
ATTEMPTS = st.integers(1, 10_000)
JITTER = st.floats(0, 1, exclude_max=True)


@given(ATTEMPTS, JITTER)
def test_a_wait_is_at_least_a_second_and_at_most_an_hour(attempts: int, jitter: float) -> None:
    assert timedelta(seconds=1) <= rules.backoff(attempts, jitter) <= timedelta(hours=1)


@given(ATTEMPTS, JITTER)
def test_a_later_attempt_never_waits_less(attempts: int, jitter: float) -> None:
    assert rules.backoff(attempts, jitter) <= rules.backoff(attempts + 1, jitter)


@given(ATTEMPTS, JITTER, JITTER)
def test_jitter_spreads_over_the_upper_half(attempts: int, one: float, other: float) -> None:
    assert rules.backoff(attempts, one) >= rules.backoff(attempts, other) / 2


@given(ATTEMPTS, JITTER, st.none() | st.floats(0, 86_400))
def test_an_attempt_lies_ahead_until_they_are_used_up(
    attempts: int, jitter: float, after: float | None
) -> None:
    due = rules.next_attempt(NOW, attempts, jitter, after)
    assert (due is None) == (attempts >= rules.MAX_ATTEMPTS)
    if due is not None:
        assert due >= NOW + timedelta(seconds=max(1.0, after or 0.0))


@given(st.floats(allow_nan=False))
def test_whatever_is_asked_a_day_is_the_longest(after: float) -> None:
    due = rules.next_attempt(NOW, 1, 0.5, after)
    assert due is not None
    assert NOW < due <= NOW + timedelta(days=1, seconds=2)


def test_all_attempts_together_last_a_working_day() -> None:
    waits = [rules.backoff(attempts, 0.5) for attempts in range(1, rules.MAX_ATTEMPTS)]
    assert timedelta(hours=6) < sum(waits, timedelta()) < timedelta(hours=12)


def test_a_handler_ends_before_its_lease_does() -> None:
    assert rules.TIME_LIMIT < rules.LEASE


@pytest.mark.parametrize(
    ("message", "secret"),
    [
        ("401 for Authorization: Bearer eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl", "eyJ"),
        ("DefaultEndpointsProtocol=https;AccountName=city;AccountKey=abc123+/==;", "abc123"),
        ("could not connect to postgresql://wijzer:hunter2@db.example/wijzer", "hunter2"),
        ("GET https://city.blob.example/x?sv=1&sig=0aB%2F failed", "0aB"),
        ("client_secret=s3cr3t was refused", "s3cr3t"),
        ('{"password": "geheim"} is not valid', "geheim"),
        ("the key was Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4", "Zm9v"),
    ],
)
def test_a_kept_error_has_no_secret(message: str, secret: str) -> None:
    text = rules.error_text(RuntimeError(message))
    assert secret not in text
    assert text.startswith("RuntimeError: ")


def test_a_kept_error_is_one_line_of_bounded_length() -> None:
    text = rules.error_text(ValueError("first\nsecond\x1b[31m\r\n" + "word " * 500))
    assert text.startswith("ValueError: first second [31m word")
    assert len(text) == 500


def test_what_is_no_secret_stays_readable() -> None:
    error = RuntimeError("no person amina in view ticket.desk of 0192f3a4-5b6c-7d8e-9f00-112233445566")
    assert rules.error_text(error) == f"RuntimeError: {error}"
