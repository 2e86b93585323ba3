"""`rapport`: how the desk is doing, for the desk, who leads it and the information managers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.turn import NOTHING, Feature, Reply, Turn, own_chat_only
from cards import reports as cards
from cards.reports import PeriodForm
from domain.errors import Invalid, NotFound
from domain.reports import actions
from domain.reports.actions import check_reader
from domain.reports.links import subject_of
from domain.reports.names import names_for
from domain.reports.rules import Period, Span, days_between, period_of

_COMMAND = re.compile(
    r"(?:rapport(?:age|en|s)?|reports?|statistie(?:k|ken))\b(.*)", re.IGNORECASE | re.DOTALL
)
_PERIOD = re.compile(
    r"(?:[\s\d:/.,!?-]|van|over|voor|de|het|deze|dit|vorige?|verleden|week|maand|kwartaal|tot|en|met|helpdesk"
    r"|of|for|the|this|last|month|quarter|from|to|until|du|des?|la|le|ce|cette|mois|semaine|trimestre|derni(?:er|ère)"
    r"|passée?|au|et)*",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b|\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
_WORDS: tuple[tuple[re.Pattern[str], Span], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), span)
    for pattern, span in (
        (
            r"(vorig|verled|last|derni|pass).*(kwartaal|quarter|trimestre)|(kwartaal|quarter|trimestre).*(derni|pass)",
            Span.LAST_QUARTER,
        ),
        (r"kwartaal|quarter|trimestre", Span.THIS_QUARTER),
        (r"(vorig|verled|last|derni|pass).*(week|semaine)|semaine.*(derni|pass)", Span.LAST_WEEK),
        (r"week|semaine", Span.THIS_WEEK),
        (r"(vorig|verled|last|derni|pass).*(maand|month|mois)|mois.*(derni|pass)", Span.LAST_MONTH),
    )
)


async def claims(turn: Turn) -> Reply:
    """A message that starts with the command, from somebody reports are for. From others only when it says no more
    than that: a report that does not print is theirs to report."""
    command = _COMMAND.match(turn.text) if len(turn.text) <= 100 else None
    if command is None:
        return NOTHING
    try:
        check_reader(turn.actor, turn.desk.organisation.helpdesk)
    except NotFound:
        if not only_a_period(command.group(1)):
            return NOTHING
        return Reply(
            text=turn.t(
                "This report is for the helpdesk and the information managers. Do you need figures? Ask one of them."
            )
        )
    return await _show(turn, typed_period(command.group(1)))


async def show(turn: Turn) -> Reply:
    """The report of the period that was chosen on a card."""
    return await _show(turn, chosen_period(turn))


def only_a_period(words: str) -> bool:
    """Whether nothing but a period follows the command."""
    return _PERIOD.fullmatch(words) is not None


def typed_period(words: str) -> PeriodForm:
    """The period that somebody typed; this month when they named none."""
    days = [_iso(found) for found in _DAY.finditer(words)]
    if len(days) >= 2:
        return PeriodForm(Span.DATES.value, days[0], days[1])
    span = next((span for pattern, span in _WORDS if pattern.search(words)), Span.THIS_MONTH)
    return PeriodForm(span.value)


def chosen_period(turn: Turn) -> PeriodForm:
    return PeriodForm(turn.field("span"), turn.field("first"), turn.field("last"))


def period_in(turn: Turn, given: PeriodForm, today: date) -> tuple[Period, PeriodForm | None]:
    """What was asked for; for days that cannot be this month, and the form that says what is wrong with them."""
    try:
        span = Span(given.span)
    except ValueError:
        span = Span.THIS_MONTH
    try:
        return days_between(given.first, given.last) if span is Span.DATES else period_of(span, today), None
    except Invalid as problem:
        return period_of(Span.THIS_MONTH, today), replace(given, problems=turn.t.problems(problem, "first"))


@own_chat_only
async def _show(turn: Turn, given: PeriodForm) -> Reply:
    desk = turn.desk
    policy, zone = desk.organisation.helpdesk, ZoneInfo(desk.organisation.time_zone)
    async with desk.units.read() as unit:
        period, form = period_in(turn, given, unit.now.astimezone(zone).date())
        made = await actions.make_report(unit, turn.actor, period, policy, zone)
    names = await names_for(desk)
    links = {
        name: desk.links.link("report", subject_of(name, period), turn.person.id, made.made_at)
        for name in ("xlsx", "csv", *cards.charts(turn.t, made, names))
    }
    return Reply(cards.report(turn.t, made, names, links, form))


def _iso(found: re.Match[str]) -> str:
    """A day as people here write it, or as ISO does, as ISO."""
    year, month, day, d, m, y = found.groups()
    return f"{int(year or y):04}-{int(month or m):02}-{int(day or d):02}"


FEATURE = Feature(name="reports", verbs={"reports.show": show}, claims=claims)
