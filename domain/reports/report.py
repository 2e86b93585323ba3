"""What a report says, as plain figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.helpdesk.policy import Priority
from domain.reports.rules import Period


@dataclass(frozen=True, slots=True)
class Times:
    """Working time in seconds: half of the tickets took `median` at most, nine of ten `p90`; None when there are none.
    Of the `judged` ones a promise was made, and for `met` of those it was kept."""

    count: int
    median: int | None
    p90: int | None
    met: int
    judged: int

    @property
    def share(self) -> float | None:
        """The part of the promises that was kept, from 0 to 1."""
        return self.met / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Step:
    """A point of the line: what came in and what was solved from this day until the next step."""

    first: date
    created: int
    solved: int


@dataclass(frozen=True, slots=True)
class Report:
    """`by_…` count the tickets that came in during the period, the most frequent first; a category or team of None is
    not known. `backlog` counts what is open now by its age: younger than a day, a week, a month, a quarter, older."""

    period: Period
    made_at: datetime
    created: int
    by_kind: Mapping[str, int]
    by_category: Mapping[str | None, int]
    by_team: Mapping[str | None, int]
    response: Times
    solution: Times
    by_priority: Mapping[Priority, Times]
    reopened: int
    backlog: tuple[int, int, int, int, int]
    ratings: Mapping[int, int]
    deflected: Mapping[str, int]
    steps: tuple[Step, ...]

    @property
    def reopen_rate(self) -> float | None:
        """Of what was solved in the period, the part that has been opened again."""
        return self.reopened / self.solution.count if self.solution.count else None

    @property
    def rating(self) -> float | None:
        given = sum(self.ratings.values())
        return sum(score * n for score, n in self.ratings.items()) / given if given else None

    @property
    def deflection(self) -> float | None:
        """Of everything people began to report, the part that needed no ticket."""
        helped = sum(self.deflected.values())
        return helped / (helped + self.created) if helped + self.created else None


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket in an export. Nothing of who asked: a report is about the desk."""

    number: str
    title: str
    kind: str
    category: str | None
    team_id: str | None
    priority: Priority
    state: str
    created_at: datetime
    responded_at: datetime | None
    solved_at: datetime | None
    response_seconds: int | None
    solution_seconds: int | None
    response_met: bool | None
    solution_met: bool | None
    reopened: int
    score: int | None
