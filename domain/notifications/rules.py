"""When a person is told: now, or at which moment. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from domain.notifications.policy import Kind, Mode, NotificationPolicy, Quiet, Settings
from domain.service_levels.calendar import WorkingTime, first_at

A_DAY = timedelta(days=1)
DAYS_AHEAD = 30
"""Nothing is held for longer: a city that is closed for a month still tells its people."""


def due_at(
    kind: Kind,
    settings: Settings,
    policy: NotificationPolicy,
    calendar: WorkingTime,
    told_at: datetime | None,
    now: datetime,
) -> datetime | None:
    """When to tell; None is now. `told_at` is when the person was last told something that may be bundled."""
    match settings.modes[kind]:
        case Mode.ALWAYS:
            return None
        case Mode.DAILY:
            moment = next_digest(settings.digest_at, calendar, now)
        case Mode.BUNDLED:
            moment = max(now, told_at + policy.apart) if told_at is not None else now
            moment = after_quiet(settings.quiet, calendar, moment)
        case Mode.AT_ONCE:
            moment = after_quiet(settings.quiet, calendar, now)
    return moment if moment > now else None


def next_digest(at: time, calendar: WorkingTime, now: datetime) -> datetime:
    """The first time it is `at` after `now`, on a day the city is open."""
    today = now.astimezone(calendar.zone).date()
    for ahead in range(DAYS_AHEAD):
        day = today + ahead * A_DAY
        moment = first_at(day, at, calendar.zone)
        if moment > now and calendar.opens_on(day):
            return moment
    return first_at(today + A_DAY, at, calendar.zone)


def after_quiet(quiet: Quiet | None, calendar: WorkingTime, moment: datetime) -> datetime:
    """The first moment from `moment` on that is not quiet."""
    if quiet is None:
        return moment
    for _ in range(DAYS_AHEAD):
        until = _quiet_until(quiet, calendar, moment)
        if until is None or until <= moment:
            return moment
        moment = until
    return moment


def _quiet_until(quiet: Quiet, calendar: WorkingTime, moment: datetime) -> datetime | None:
    """When the quiet that it is at this moment ends; None when it is not quiet."""
    zone = calendar.zone
    today = moment.astimezone(zone).date()
    if quiet.closed_days and not calendar.opens_on(today):
        return first_at(today + A_DAY, time(), zone)
    for day in (today - A_DAY, today):
        start, until = _night(quiet, day, calendar)
        if start <= moment < until:
            return until
    return None


def _night(quiet: Quiet, day: date, calendar: WorkingTime) -> tuple[datetime, datetime]:
    """The quiet that begins on this day; as long as the clock on the wall says, also when it changes that night."""
    ends_on = day if quiet.start < quiet.until else day + A_DAY
    return first_at(day, quiet.start, calendar.zone), first_at(ends_on, quiet.until, calendar.zone)
