"""`calendar.yaml`: when the city is open, which public holidays it keeps, and on which other days it is closed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from adapters.organisation.files import Shape, read, wrong
from domain.service_levels.calendar import DAY_END, ClosedDays, Hours, WorkingTime

CALENDAR = "calendar.yaml"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


def _span(text: str) -> str:
    try:
        _hours(text)
    except ValueError:
        raise ValueError("Not opening hours, such as 08:30-12:00") from None
    return text


def _hours(text: str) -> Hours:
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    opens_at, opens_past, closes_at, closes_past = (int(part) for part in found.groups())
    closes = DAY_END if (closes_at, closes_past) == (24, 0) else time(closes_at, closes_past)
    hours = Hours(time(opens_at, opens_past), closes)
    if hours.closes <= hours.opens:
        raise ValueError(text)
    return hours


Span = Annotated[str, AfterValidator(_span)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Yearly = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class Week(Shape):
    monday: list[Span] = Field(default=[])
    tuesday: list[Span] = Field(default=[])
    wednesday: list[Span] = Field(default=[])
    thursday: list[Span] = Field(default=[])
    friday: list[Span] = Field(default=[])
    saturday: list[Span] = Field(default=[])
    sunday: list[Span] = Field(default=[])


class ClosingDay(Shape):
    """One day, the same day every year, or all days from one to another."""

    name: Name
    day: date | None = None
    every_year: Yearly | None = None
    first: date | None = None
    last: date | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> ClosingDay:
        ranged = self.first is not None and self.last is not None
        if (self.first is None) != (self.last is None):
            raise ValueError("A range has a first and a last day")
        if (self.day is not None) + (self.every_year is not None) + ranged != 1:
            raise ValueError("Give a day, or every_year, or first and last")
        if self.first and self.last and not self.first <= self.last <= self.first + timedelta(days=366):
            raise ValueError("The last day comes after the first, at most a year later")
        return self

    def days(self, year: int) -> list[date]:
        if self.day is not None:
            return [self.day] if self.day.year == year else []
        if self.every_year is not None:
            month, day = (int(part) for part in self.every_year.split("-"))
            try:
                return [date(year, month, day)]
            except ValueError:  # 29 February
                return []
        if self.first is None or self.last is None:
            return []
        length = (self.last - self.first).days + 1
        days = (self.first + timedelta(days=offset) for offset in range(length))
        return [day for day in days if day.year == year]


class CalendarFile(Shape):
    public_holidays: Literal["BE", "NL"]
    opening_hours: Week
    closing_days: list[ClosingDay] = Field(default=[])


def load_calendar(folder: Path, time_zone: str, language: str) -> WorkingTime:
    """The city's working time; public holidays are called what they are called in `language`."""
    path = folder / CALENDAR
    file = read(path, CalendarFile)
    hours = {number: _day(path, name, file.opening_hours) for number, name in enumerate(WEEKDAYS)}
    if not any(hours.values()):
        raise wrong(path, ("opening_hours",), "The city is never open")
    closed = closed_days(file.public_holidays, language, file.closing_days)
    return WorkingTime(hours, ZoneInfo(time_zone), closed)


def _day(path: Path, name: str, week: Week) -> tuple[Hours, ...]:
    spans = tuple(_hours(text) for text in getattr(week, name))
    for index, (earlier, later) in enumerate(pairwise(spans), start=1):
        if later.opens < earlier.closes:
            raise wrong(path, ("opening_hours", name, index), "These hours come before the ones above end")
    return spans


def closed_days(country: str, language: str, own: Sequence[ClosingDay] = ()) -> ClosedDays:
    """The public holidays of a country and the city's own closing days, year by year.

    Loading the holidays takes a quarter of a second, so it happens when a year is asked for.
    """

    def of_year(year: int) -> Mapping[date, str]:
        import holidays

        spoken = language if language in holidays.country_holidays(country).supported_languages else "en_US"
        public = holidays.country_holidays(country, years=year, language=spoken)
        return dict(public) | {day: closing.name for closing in own for day in closing.days(year)}

    return of_year
