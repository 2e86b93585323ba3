"""`helpdesk.yaml`: the desk's name and number, and how impact and urgency make a priority."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from adapters.organisation.files import Shape, read
from domain.helpdesk.policy import HelpdeskPolicy, Impact, Priority, Urgency

Hours = Annotated[int, Field(gt=0, le=1000)]
Word = Literal["critical", "high", "normal", "low"]


class Urgencies(Shape):
    """A row of the matrix. Named fields, so that a cell that is missing is named too."""

    high: Word
    medium: Word
    low: Word


class Matrix(Shape):
    high: Urgencies
    medium: Urgencies
    low: Urgencies


class ResponseHours(Shape):
    critical: Hours
    high: Hours
    normal: Hours
    low: Hours


class HelpdeskFile(Shape):
    name: str = Field(min_length=1, max_length=100)
    phone: str = Field(min_length=1, max_length=30)
    priority: Matrix
    response_hours: ResponseHours
    reopen_days: int = Field(ge=0, le=365)


def load_helpdesk(folder: Path) -> HelpdeskPolicy:
    file = read(folder / "helpdesk.yaml", HelpdeskFile)
    return HelpdeskPolicy(
        name=file.name,
        phone=file.phone,
        matrix={
            impact: {
                urgency: _priority(getattr(getattr(file.priority, impact), urgency)) for urgency in Urgency
            }
            for impact in Impact
        },
        response_hours={
            priority: getattr(file.response_hours, priority.name.lower()) for priority in Priority
        },
        reopen_days=file.reopen_days,
    )


def _priority(word: Word) -> Priority:
    return Priority[word.upper()]
