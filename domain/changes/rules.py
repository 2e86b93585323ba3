"""How risky a change is, what its window collides with, and where it goes from here. No database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from domain.changes.policy import ChangeType, Freeze, Questionnaire, Risk
from domain.errors import Conflict, Invalid, InvalidForm

LONGEST_WINDOW = timedelta(days=14)
TEXT_LIMIT = 4000


class ChangeState(StrEnum):
    ASKED = "asked"
    PLANNED = "planned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    IMPLEMENTED = "implemented"
    REVIEWED = "reviewed"

    @property
    def ahead(self) -> bool:
        return self in (ChangeState.ASKED, ChangeState.PLANNED)


class Result(StrEnum):
    SUCCESS = "success"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"


class ChangeStep(StrEnum):
    """What the desk does with a change once it stands."""

    RESULT = "result"
    REVIEW = "review"


MOVES: Mapping[ChangeStep, tuple[ChangeState, ChangeState]] = {
    ChangeStep.RESULT: (ChangeState.PLANNED, ChangeState.IMPLEMENTED),
    ChangeStep.REVIEW: (ChangeState.IMPLEMENTED, ChangeState.REVIEWED),
}


def check_step(step: ChangeStep, state: ChangeState) -> ChangeState:
    """The state after the step. Raises `Conflict` when it is not possible now."""
    before, after = MOVES[step]
    if state is not before:
        raise Conflict("That is not possible (any more): the change has moved on.")
    return after


def risk_of(answers: Mapping[str, str], questionnaire: Questionnaire) -> Risk:
    """Raises `InvalidForm` with every question that is not answered; fields are `risk_` and the question's id."""
    unanswered = [
        Invalid("Choose what fits best.", field=f"risk_{question.id}")
        for question in questionnaire.questions
        if answers.get(question.id) not in question.points
    ]
    if unanswered:
        raise InvalidForm(unanswered)
    points = sum(question.points[answers[question.id]] for question in questionnaire.questions)
    if points >= questionnaire.high_from:
        return Risk.HIGH
    return Risk.MEDIUM if points >= questionnaire.medium_from else Risk.LOW


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when it happens; aware, in UTC."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Window) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def days(self, zone: tzinfo) -> Iterable[date]:
        """Every day on which a part of it lies, in the city's time."""
        day = self.starts_at.astimezone(zone).date()
        last = (self.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
        while day <= last:
            yield day
            day += timedelta(days=1)


def check_window(window: Window, type: ChangeType, now: datetime) -> None:  # noqa: A002
    """An emergency may be written down afterwards; anything else is planned ahead."""
    if window.ends_at <= window.starts_at:
        raise Invalid("The end comes after the start.", field="end")
    if window.ends_at - window.starts_at > LONGEST_WINDOW:
        raise Invalid("A change lasts {days} days at most.", field="end", days=LONGEST_WINDOW.days)
    if window.starts_at < now and type is not ChangeType.EMERGENCY:
        raise Invalid("This moment is in the past.", field="start")


class ClashKind(StrEnum):
    SAME_SYSTEM = "same_system"
    SAME_TIME = "same_time"
    CLOSED = "closed"
    FREEZE = "freeze"


@dataclass(frozen=True, slots=True)
class Clash:
    """`name` is the other change's number and title, the closing day's, or the freeze's; `day` the first day it is
    about."""

    kind: ClashKind
    name: str
    day: date


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another change that is ahead."""

    number: str
    title: str
    systems: frozenset[str]
    window: Window


def clashes(
    window: Window,
    systems: frozenset[str],
    neighbours: Sequence[Neighbour],
    closed: Callable[[date], str | None],
    freezes: Sequence[Freeze],
    zone: tzinfo,
) -> tuple[Clash, ...]:
    """What speaks against this window: a warning, not a refusal. The most serious first."""
    found: list[Clash] = []
    for other in neighbours:
        if window.overlaps(other.window):
            kind = ClashKind.SAME_SYSTEM if systems & other.systems else ClashKind.SAME_TIME
            day = max(window.starts_at, other.window.starts_at).astimezone(zone).date()
            found.append(Clash(kind, f"{other.number} · {other.title}", day))
    named: dict[tuple[ClashKind, str], date] = {}
    for day in window.days(zone):
        for freeze in freezes:
            if freeze.first <= day <= freeze.last:
                named.setdefault((ClashKind.FREEZE, freeze.name), day)
        name = closed(day)
        if name is not None:
            named.setdefault((ClashKind.CLOSED, name), day)
    found += [Clash(kind, name, day) for (kind, name), day in named.items()]
    order = (ClashKind.SAME_SYSTEM, ClashKind.FREEZE, ClashKind.SAME_TIME, ClashKind.CLOSED)
    return tuple(sorted(found, key=lambda clash: (order.index(clash.kind), clash.day, clash.name)))
