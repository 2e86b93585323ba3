from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cards import reports
from cards.kit import Card
from cards.reports import PeriodForm
from domain.helpdesk.policy import Priority
from domain.reports.names import Names
from domain.reports.report import Report, Step, Times
from domain.reports.rules import Period, Span
from locales import Translator

FIRST = date(2026, 10, 1)
NAMES = Names(
    {"hardware": "Toestellen", "account": "Account en wachtwoord", "software": "Programma's"},
    {"digitaal": "Digitale Transformatie", "sport": "Sport", "bibliotheek": "Bibliotheek en vrije tijd"},
)
REPORT = Report(
    period=Period(Span.LAST_MONTH, FIRST, date(2026, 10, 31)),
    made_at=datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
    created=412,
    by_kind={"incident": 240, "request": 150, "change": 22},
    by_category={"hardware": 180, "account": 120, "software": 72, None: 40},
    by_team={"bibliotheek": 160, "digitaal": 130, "sport": 82, None: 40},
    response=Times(405, 2_700, 19_800, 380, 402),
    solution=Times(398, 25_200, 93_600, 350, 396),
    by_priority={
        Priority.CRITICAL: Times(4, None, None, 4, 4),
        Priority.HIGH: Times(60, None, None, 48, 60),
        Priority.NORMAL: Times(334, None, None, 298, 332),
    },
    reopened=17,
    backlog=(6, 21, 14, 5, 2),
    ratings={5: 61, 4: 30, 3: 9, 2: 4, 1: 2},
    deflected={"tip": 96, "digicoach": 31, "major": 12},
    steps=tuple(
        Step(
            FIRST + timedelta(days=n),
            0 if n % 7 in (2, 3) else 15 + n * 7 % 9,
            0 if n % 7 in (2, 3) else 14 + n * 5 % 9,
        )
        for n in range(31)
    ),
)
NONE = Times(0, None, None, 0, 0)
NOTHING = replace(
    REPORT,
    period=replace(REPORT.period, span=Span.DATES),
    created=0,
    by_kind={},
    by_category={},
    by_team={},
    response=NONE,
    solution=NONE,
    by_priority={},
    reopened=0,
    backlog=(0, 0, 0, 0, 0),
    ratings={},
    deflected={},
    steps=tuple(replace(step, created=0, solved=0) for step in REPORT.steps),
)
ADDRESS = "https://wijzer.vlaskerke.example/api/files/"
LINKS = {name: f"{ADDRESS}{name}" for name in ("xlsx", "csv", "line", "categories", "teams", "backlog")}


def samples(t: Translator) -> dict[str, Card]:
    wrong = PeriodForm("dates", "2026-11-02", "2026-11-01", {"last": t("This day is before the first one.")})
    return {
        "report": reports.report(t, REPORT, NAMES, LINKS),
        "report_empty": reports.report(t, NOTHING, NAMES, LINKS),
        "report_wrong_days": reports.report(t, NOTHING, NAMES, LINKS, wrong),
    }
