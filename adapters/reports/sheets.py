"""Reports as files: an Excel workbook with everything, and the tickets as CSV. Blocking.

What people typed stands in both. A cell that starts as a formula does would be one in Excel, so that none is written as
such: the workbook says of every text that it is text, and CSV gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cards.helpdesk.words import KIND_NAMES, PRIORITY_WORDS, STATE_WORDS
from cards.reports import AGE_NAMES, DEFLECTED_BY, category_name, headlines, period_words, team_name
from domain.helpdesk.rules import Kind, State
from domain.reports.names import Names
from domain.reports.report import Report, TicketLine
from locales import N_, Translator

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell starts with that a spreadsheet would calculate."""
CELL = 32_000
"""Characters that fit in a cell of Excel."""

Cell = str | int | float | bool | datetime | None
COLUMNS: Sequence[tuple[str, int, Callable[[Translator, Names, TicketLine], Cell]]] = (
    (N_("Number"), 16, lambda t, names, line: line.number),
    (N_("Title"), 60, lambda t, names, line: line.title),
    (N_("Kind"), 12, lambda t, names, line: t(KIND_NAMES[Kind(line.kind)])),
    (N_("Category"), 20, lambda t, names, line: category_name(t, names, line.category)),
    (N_("Team"), 24, lambda t, names, line: team_name(t, names, line.team_id)),
    (N_("Priority"), 12, lambda t, names, line: t(PRIORITY_WORDS[line.priority])),
    (N_("State"), 16, lambda t, names, line: t(STATE_WORDS[State(line.state)])),
    (N_("Reported on"), 18, lambda t, names, line: line.created_at),
    (N_("First answer on"), 18, lambda t, names, line: line.responded_at),
    (N_("Solved on"), 18, lambda t, names, line: line.solved_at),
    (N_("Hours to the first answer"), 14, lambda t, names, line: _hours(line.response_seconds)),
    (N_("Hours to the solution"), 14, lambda t, names, line: _hours(line.solution_seconds)),
    (N_("First answer in time"), 14, lambda t, names, line: _yes_or_no(t, line.response_met)),
    (N_("Solution in time"), 14, lambda t, names, line: _yes_or_no(t, line.solution_met)),
    (N_("Times opened again"), 12, lambda t, names, line: line.reopened),
    (N_("Rating"), 10, lambda t, names, line: line.score),
)


def write_xlsx(
    t: Translator, made: Report, lines: Sequence[TicketLine], names: Names, zone: ZoneInfo
) -> bytes:
    """Three sheets: what counts, the counts behind it, and the tickets."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        overview = book.add_worksheet(t("Overview"))
        overview.set_column(0, 0, 24)
        overview.set_column(1, 1, 70)
        overview.write_string(0, 0, period_words(t, made.period), bold)
        for row, (label, value) in enumerate(headlines(t, made), 2):
            overview.write_string(row, 0, label, bold)
            overview.write_string(row, 1, value)
        counts = book.add_worksheet(t("Counts"))
        counts.set_column(0, 1, 28)
        for row, (what, name, count) in enumerate(_counts(t, made, names)):
            counts.write_string(row, 0, what)
            counts.write_string(row, 1, name[:CELL])
            counts.write_number(row, 2, count)
        sheet = book.add_worksheet(t("Tickets (all)"))
        sheet.freeze_panes(1, 1)
        for column, (title, width, _) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, t(title), bold)
        for row, line in enumerate(lines, 1):
            for column, (_, _, cell) in enumerate(COLUMNS):
                content = cell(t, names, line)
                if isinstance(content, datetime):
                    sheet.write_datetime(row, column, content.astimezone(zone), moment)
                elif isinstance(content, str):
                    sheet.write_string(row, column, content[:CELL])
                elif content is not None:
                    sheet.write_number(row, column, content)
        sheet.autofilter(0, 0, max(1, len(lines)), len(COLUMNS) - 1)
    return out.getvalue()


def write_csv(t: Translator, lines: Sequence[TicketLine], names: Names, zone: ZoneInfo) -> bytes:
    """With semicolons and a byte order mark, as Excel in Dutch and French opens it without asking."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if t.language != "en" else ",")
    writer.writerow([t(title) for title, _, _ in COLUMNS])
    for line in lines:
        writer.writerow([_plain(t, cell(t, names, line), zone) for _, _, cell in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _counts(t: Translator, made: Report, names: Names) -> list[tuple[str, str, int]]:
    rows = [(t("Kind"), t(KIND_NAMES[Kind(kind)]), count) for kind, count in made.by_kind.items()]
    rows += [(t("Category"), category_name(t, names, key), count) for key, count in made.by_category.items()]
    rows += [(t("Team"), team_name(t, names, key), count) for key, count in made.by_team.items()]
    rows += [(t("Open now, by age"), t(age), n) for age, n in zip(AGE_NAMES, made.backlog, strict=True)]
    rows += [(t("Rating"), str(score), count) for score, count in sorted(made.ratings.items())]
    rows += [(t("Not needed"), t(DEFLECTED_BY.get(how, how)), n) for how, n in made.deflected.items()]
    rows += [(t("Reported from"), step.first.isoformat(), step.created) for step in made.steps]
    rows += [(t("Solved from"), step.first.isoformat(), step.solved) for step in made.steps]
    return rows


def _plain(t: Translator, value: Cell, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return str(value) if t.language == "en" else str(value).replace(".", ",")
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def _hours(seconds: int | None) -> float | None:
    return None if seconds is None else round(seconds / 3600, 2)


def _yes_or_no(t: Translator, met: bool | None) -> str | None:
    return None if met is None else t("yes") if met else t("no")
