"""Reading when somebody is away, and who replaces them, from what they typed. What is not there is left open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january janvier janv",
            "februari feb february février fevrier févr",
            "maart mrt march mar mars",
            "april apr avril avr",
            "mei may mai",
            "juni jun june juin",
            "juli jul july juillet juil",
            "augustus aug august août aout",
            "september sep sept septembre",
            "oktober okt october oct octobre",
            "november nov novembre",
            "december dec décembre decembre déc",
        ),
        1,
    )
    for name in names.split()
}
_NEAR = {
    "vandaag": 0,
    "today": 0,
    "aujourd'hui": 0,
    "morgen": 1,
    "tomorrow": 1,
    "demain": 1,
    "overmorgen": 2,
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = re.compile(
    rf"(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
    rf"|(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})(?:[/.-](?P<year>\d{{4}}|\d{{2}}))?(?!\d)"
    rf"|(?P<named>\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?P<name>{_MONTH})\b\.?(?:\s+(?P<full>\d{{4}}))?"
    rf"|(?P<bare>\d{{1,2}})(?=\s*(?:t/m|tot|tem|to|until|au|-|–)\s)"
    rf"|\b(?P<near>{'|'.join(_NEAR)})\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\b(?:tot|t/m|tem|until|till|jusqu'au|jusqu’au)\b", re.IGNORECASE)
_NAME = r"(?P<name>[^\s@,;]+@[^\s@,;]+\w|[^\W\d_](?:[^\W\d_]|[ .'’-]){0,80}?)"
_AND = re.compile(r"\b(?:en|and|et)\s", re.IGNORECASE)
_DEPUTIES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:^|[,;.]|\ben\b|\band\b|\bet\b)\s*{_NAME}\s+(?:vervangt|neemt|replaces|takes over|me remplace)\b",
        rf"\b(?:vervanger is|vervangen door|replaced by|deputy is|remplacée? par)\s+{_NAME}\s*(?:[,;.!]|$)",
    )
)


@dataclass(frozen=True, slots=True)
class Away:
    """`deputy` is a name or address as typed, empty when none was."""

    first_day: date | None = None
    last_day: date | None = None
    deputy: str = ""


def read_away(text: str, today: date) -> Away:
    """Days without a year are the next ones that come. One day after a word such as `tot` is the last; the first is
    today then."""
    found = list(_days(text, today))
    named = next((match["name"] for pattern in _DEPUTIES if (match := pattern.search(text))), "")
    deputy = _AND.split(named)[-1].strip()
    if not found:
        return Away(deputy=deputy)
    (first, start), *others = found
    if others:
        last = others[0][0]
        while last < first and last.year < first.year + 1:
            last = _next_year(last)
        return Away(first, last, deputy)
    if _UNTIL.search(text[:start]):
        return Away(today, first, deputy)
    return Away(first, first, deputy)


def _days(text: str, today: date) -> Iterator[tuple[date, int]]:
    """The days in a text, in its order, and where each starts."""
    bare: list[tuple[int, int]] = []
    for match in _DAY.finditer(text):
        if match["bare"]:
            bare.append((int(match["bare"]), match.start()))
            continue
        day = _day(match, today)
        if day is None:
            continue
        for number, start in bare:  # `van 24 tot 28 december`: the month of the second is that of the first
            if 1 <= number <= day.day:
                yield day.replace(day=number), start
        bare.clear()
        yield day, match.start()


def _day(match: re.Match[str], today: date) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        if match["near"]:
            return today + timedelta(days=_NEAR[match["near"].lower()])
        if match["name"]:
            number, month, year = int(match["named"]), _MONTHS[match["name"].lower()], match["full"]
        else:
            number, month, year = int(match["day"]), int(match["month"]), match["year"]
        if year:
            return date(int(year) if len(year) == 4 else 2000 + int(year), month, number)
        day = date(today.year, month, number)
        return day if day >= today else _next_year(day)
    except ValueError:
        return None


def _next_year(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)
