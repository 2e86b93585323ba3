"""When somebody has to look at a site that stands, who steps in for an owner who left, and what can be asked."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.actor import Actor, Role
from domain.errors import Invalid
from domain.people.models import Team
from domain.sites.policy import LifeCycle
from domain.sites.site import ChangeKind, Site, StandingState

OWNERS = 2
"""How many people own a site: when one leaves, the other is there."""
REASON_LIMIT = 500


class Reminder(StrEnum):
    """What is due for a site, the mildest first in each of its two lines."""

    REVIEW = "review"
    REVIEW_AGAIN = "review_again"
    REVIEW_TAKEN_OVER = "review_taken_over"
    """Nobody answered: the information manager looks."""
    ENDS_SOON = "ends_soon"
    ENDED = "ended"

    @property
    def about_end(self) -> bool:
        return self in (Reminder.ENDS_SOON, Reminder.ENDED)


def months_later(day: date, months: int) -> date:
    """The same day of the month, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is, or was, due on a day."""

    reminder: Reminder
    day: date


def due(
    review_on: date, end_date: date | None, looked_on: date, today: date, policy: LifeCycle
) -> tuple[Due, ...]:
    """What became due after `looked_on`, today included: of the review and of the end, the last each. However long
    nobody looked, nobody is reminded twice of one thing."""
    latest: dict[bool, Due] = {}
    for one in so_far(review_on, end_date, today, policy):
        if one.day > looked_on:
            latest[one.reminder.about_end] = one
    return tuple(latest[about_end] for about_end in (False, True) if about_end in latest)


def so_far(review_on: date, end_date: date | None, today: date, policy: LifeCycle) -> tuple[Due, ...]:
    """Everything that was due by today, of the review that is open and of the end."""
    return tuple(one for one in _agenda(review_on, end_date, today, policy) if one.day <= today)


def next_look(review_on: date, end_date: date | None, today: date, policy: LifeCycle) -> date:
    """The first day after today on which something is due."""
    return min(one.day for one in _agenda(review_on, end_date, today, policy) if one.day > today)


def _agenda(review_on: date, end_date: date | None, today: date, policy: LifeCycle) -> Iterator[Due]:
    """Every day on which something is due, each of the two lines in order, until after today."""
    yield Due(Reminder.REVIEW, review_on)
    yield Due(Reminder.REVIEW_AGAIN, review_on + timedelta(policy.remind_after))
    rounds = max(1, (today - review_on).days // policy.escalate_after + 1)
    for index in range(1, rounds + 1):
        yield Due(Reminder.REVIEW_TAKEN_OVER, review_on + timedelta(policy.escalate_after * index))
    if end_date is not None:
        for days in policy.warn_before:
            yield Due(Reminder.ENDS_SOON, end_date - timedelta(days))
        yield Due(Reminder.ENDED, end_date + timedelta(1))


def next_owners(
    owner_ids: Sequence[str], gone: Collection[str], team_owner_ids: Sequence[str]
) -> tuple[str, ...]:
    """Who owns a site once the people in `gone` have left: the owners who stay, else an owner of its team. Empty when
    there is nobody: then a person has to look."""
    staying = tuple(owner for owner in owner_ids if owner not in gone)
    if staying:
        return staying
    return tuple(owner for owner in team_owner_ids if owner not in gone)[:1]


def may_see(site: Site, actor: Actor, team: Team | None) -> bool:
    mine = actor.id in site.owner_ids or actor.id in site.member_ids
    return mine or may_change(site, actor, team)


def may_change(site: Site, actor: Actor, team: Team | None) -> bool:
    """Its owners, the owners of its team, and who governs sites."""
    owns_team = team is not None and actor.id in team.owner_ids
    return governs(actor) or owns_team or actor.id in site.owner_ids


def governs(actor: Actor) -> bool:
    return actor.has(Role.INFORMATION_MANAGER) or actor.has(Role.ADMIN)


def possible(site: Site) -> tuple[ChangeKind, ...]:
    """What can be asked of a site now: one thing at a time."""
    if site.change is not None:
        return ()
    if site.state is StandingState.ARCHIVED:
        return (ChangeKind.RESTORE,)
    kinds = (ChangeKind.EXTEND, ChangeKind.RENAME, ChangeKind.OWNER, ChangeKind.ARCHIVE)
    return kinds if site.end_date else kinds[1:]


def longest_end(today: date, policy: LifeCycle) -> date:
    return months_later(today, 12 * policy.longest_years)


def read_date(typed: str) -> date | None:
    """A day as a card sends it, `2027-03-31`."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day.isoformat() == typed else None  # Python reads other ways of writing a day too


def later_problem(typed: str, end_date: date | None) -> Invalid | None:
    """A later end, not an earlier one: for that there is the archive."""
    day = read_date(typed)
    if day is None or end_date is None or day > end_date:
        return None
    return Invalid("Choose a day after the end it has now.", field="end_date")


def end_date_problem(typed: str, today: date, policy: LifeCycle, *, required: bool = False) -> Invalid | None:
    if not typed and not required:
        return None
    day = read_date(typed)
    if day is None:
        return Invalid("Choose a day.", field="end_date")
    if day <= today:
        return Invalid("Choose a day after today.", field="end_date")
    if day > longest_end(today, policy):
        return Invalid("At most {years} years from now.", field="end_date", years=policy.longest_years)
    return None


def owners_problem(owner_ids: Sequence[str]) -> Invalid | None:
    """Two people answer for a site, so that it never stands alone."""
    if not owner_ids:
        return Invalid("Choose who answers for the site.", field="owner")
    if len(set(owner_ids)) < OWNERS:
        return Invalid("Name a second owner, somebody else than the first.", field="second_owner")
    return None


def change_reason_problem(reason: str) -> Invalid | None:
    if len(reason) > REASON_LIMIT:
        return Invalid("At most {limit} characters.", field="reason", limit=REASON_LIMIT)
    if sum(map(str.isalnum, reason)) < 3:
        return Invalid("Say why: who approves it reads that.", field="reason")
    return None
