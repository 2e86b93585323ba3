"""The figures of the tips as a file: a line for each theme and team."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple
from zoneinfo import ZoneInfo

from adapters.reports.sheets import FORMULA
from cards.tips.reports import columns, team_name, theme_name
from domain.desk import Desk
from domain.people.models import Person
from domain.reports.names import names_for
from domain.reports.rules import Period
from domain.tips.report import make_tip_report, theme_names
from locales import translator


async def tips_csv(desk: Desk, person: Person, period: Period) -> bytes:
    """As the other files of reports. Raises `NotFound` when it is not for this person (any more)."""
    t, zone = translator(person.language), ZoneInfo(desk.organisation.time_zone)
    async with desk.units.read() as unit:
        made = await make_tip_report(unit, person.as_actor(), period, desk.organisation.helpdesk, zone)
        themes = await theme_names(unit, t.language)
    teams = (await names_for(desk)).teams
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if t.language != "en" else ",")
    writer.writerow([t("Counted by"), t("Name"), *columns(t)])
    for key, counts in made.by_theme.items():
        writer.writerow([t("Theme"), _text(theme_name(t, themes, key)), *astuple(counts)])
    for key, counts in made.by_team.items():
        writer.writerow([t("Team"), _text(team_name(t, teams, key)), *astuple(counts)])
    return out.getvalue().encode("utf-8-sig")


def _text(value: str) -> str:
    """Never a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value
