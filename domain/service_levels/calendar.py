"""Working time: when the city is open, and sums with it. Pure; every moment is aware, every answer is in UTC.

A day's opening hours are wall-clock times. A stretch of open time lasts as long as it really lasts: open around the
clock, the night in which the clock goes forward has 23 hours and the one in which it goes back has 25. A time of day
that comes twice that night counts the first time; one that is skipped is the moment the clock jumps.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

NO_TIME = timedelta()
DAY_END = time.max
"""As a closing time: midnight at the end of the day."""
YEARS_AHEAD = 30
"""A sum that goes on for longer finds no end: the calendar is hardly ever open."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Open from `opens` until `closes`, as the clock on the wall shows."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time without a break in which the city is open, on one day."""

    day: date
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


ClosedDays = Callable[[int], Mapping[date, str]]
"""Year → the days of it on which the city is closed, and what each is called."""


def never_closed(year: int) -> Mapping[date, str]:
    return {}


class WorkingTime:
    """Sums with the time in which a city is open.

    `hours` by day of the week (Monday is 0) are in order and do not overlap; a day that is missing is closed.
    A sum costs a look into one sorted list per calendar year it touches, however long it goes on.
    """

    def __init__(
        self,
        hours: Mapping[int, Sequence[Hours]],
        zone: tzinfo,
        closed_days: ClosedDays = never_closed,
    ) -> None:
        self.zone = zone
        self._hours = {weekday: tuple(spans) for weekday, spans in hours.items() if spans}
        self._closed_days = closed_days
        self._years: dict[int, _Year] = {}

    def prepare(self, *years: int) -> None:
        """Have these years at hand. The first one is slow: call it where waiting does no harm, such as a thread."""
        for year in years:
            self._year(year)

    def is_open(self, moment: datetime) -> bool:
        year = self._year(moment.astimezone(self.zone).year)
        index = bisect_right(year.starts, moment) - 1
        return index >= 0 and moment < year.stretches[index].end

    def closed(self, day: date) -> str | None:
        """What a closed day is called; None for a day with its usual hours, a weekend among them."""
        return self._year(day.year).closed.get(day)

    def has_hours(self, day: date) -> bool:
        """Whether the city is open on this day of the week, apart from holidays."""
        return day.weekday() in self._hours

    def opens_on(self, day: date) -> bool:
        return self.has_hours(day) and self.closed(day) is None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How long the city is open from `start` to `end`; nothing when `end` comes first."""
        if end <= start:
            return NO_TIME
        first, last = start.astimezone(self.zone).year, end.astimezone(self.zone).year
        whole_years = sum((self._year(year).total for year in range(first, last)), NO_TIME)
        return whole_years + self._year(last).until(end) - self._year(first).until(start)

    def add(self, moment: datetime, working: timedelta) -> datetime:
        """The first moment at which the city has been open for `working` since `moment`.

        So what is due after the last hour of a day is due when that day closes. Raises `ValueError` for a
        negative time, and when there is not so much working time within `YEARS_AHEAD`.
        """
        if working <= NO_TIME:
            if working < NO_TIME:
                raise ValueError("working time cannot be added backwards")
            return moment.astimezone(UTC)
        first = moment.astimezone(self.zone).year
        wanted = self._year(first).until(moment) + working
        for number in range(first, first + YEARS_AHEAD):
            year = self._year(number)
            if wanted <= year.total:
                return year.at(wanted)
            wanted -= year.total
        raise ValueError(f"no {working} of working time after {moment}")

    def add_days(self, moment: datetime, days: int) -> datetime:
        """The `days`-th working day after `moment`, at the same time of day: at opening when that is too early, at
        closing when it is too late. Raises `ValueError` as `add` does."""
        if days <= 0:
            if days < 0:
                raise ValueError("working days cannot be added backwards")
            return moment.astimezone(UTC)
        local = moment.astimezone(self.zone)
        for number in range(local.year, local.year + YEARS_AHEAD):
            year = self._year(number)
            after = bisect_right(year.days, local.date()) if number == local.year else 0
            if after + days <= len(year.days):
                day = year.days[after + days - 1]
                spans = self._hours[day.weekday()]
                within = min(max(local.time(), spans[0].opens), spans[-1].closes)
                return first_at(day, within, self.zone)
            days -= len(year.days) - after
        raise ValueError(f"no {days} working days after {moment}")

    def stretches(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """The open time from `start` to `end`, day by day."""
        first, last = start.astimezone(self.zone).year, end.astimezone(self.zone).year
        for number in range(first, last + 1):
            year = self._year(number)
            for stretch in year.stretches[max(bisect_right(year.starts, start) - 1, 0) :]:
                if stretch.start >= end:
                    return
                begins, ends = max(stretch.start, start), min(stretch.end, end)
                if begins < ends:
                    yield Stretch(stretch.day, begins, ends)

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            closed = self._closed_days(number)
            year = self._years[number] = _Year(number, self._hours, closed, self.zone)
        return year


class _Year:
    """The stretches of a year, and how much open time there is before each."""

    __slots__ = ("before", "closed", "days", "starts", "stretches", "total")

    def __init__(
        self, number: int, hours: Mapping[int, Sequence[Hours]], closed: Mapping[date, str], zone: tzinfo
    ) -> None:
        self.closed = closed
        first, after = date(number, 1, 1).toordinal(), date(number + 1, 1, 1).toordinal()
        dates = (date.fromordinal(ordinal) for ordinal in range(first, after))
        self.days = [day for day in dates if day.weekday() in hours and day not in closed]
        every = (
            Stretch(day, first_at(day, span.opens, zone), first_at(day, span.closes, zone))
            for day in self.days
            for span in hours[day.weekday()]
        )
        self.stretches = [stretch for stretch in every if stretch.end > stretch.start]
        self.starts = [stretch.start for stretch in self.stretches]
        self.before: list[timedelta] = []
        self.total = NO_TIME
        for stretch in self.stretches:
            self.before.append(self.total)
            self.total += stretch.length

    def until(self, moment: datetime) -> timedelta:
        """Open time from the start of the year to a moment in it."""
        index = bisect_right(self.starts, moment) - 1
        if index < 0:
            return NO_TIME
        stretch = self.stretches[index]
        return self.before[index] + min(moment, stretch.end) - stretch.start

    def at(self, working: timedelta) -> datetime:
        """The first moment with so much open time before it; `working` is more than none and at most `total`."""
        index = bisect_left(self.before, working) - 1
        return self.stretches[index].start + (working - self.before[index])


def first_at(day: date, wall: time, zone: tzinfo) -> datetime:
    """The first moment of the day at which a clock on the wall shows `wall` or later, in UTC."""
    if wall == DAY_END:
        day, wall = date.fromordinal(day.toordinal() + 1), time()
    local = datetime.combine(day, wall, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    # Skipped: the clock jumps between these two, which are as far apart as it jumps.
    early, late = local.replace(fold=1).astimezone(UTC), moment
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < local.replace(tzinfo=None):
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
