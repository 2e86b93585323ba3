"""The parts of a report that are files: made when somebody opens their link, of the figures of that moment."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from adapters.reports.pictures import draw
from adapters.reports.sheets import CSV, XLSX, write_csv, write_xlsx
from adapters.reports.tips import tips_csv
from cards.reports import charts
from domain.desk import Desk
from domain.errors import NotFound
from domain.people.models import Person
from domain.reports.actions import export_tickets, make_report
from domain.reports.links import part_of
from domain.reports.names import names_for
from domain.tips.report import FILE
from locales import translator


@dataclass(frozen=True, slots=True)
class MadeFile:
    name: str
    content_type: str
    content: bytes


async def report_file(desk: Desk, person: Person, subject: str) -> MadeFile:
    """The Excel file, the CSV or a chart's picture. Raises `NotFound` when it is not for this person (any more)."""
    part, period = part_of(subject)
    actor, t = person.as_actor(), translator(person.language)
    policy, zone = desk.organisation.helpdesk, ZoneInfo(desk.organisation.time_zone)
    if part == FILE:
        name = f"wijzer-{t('report')}-tips-{period.first}-{period.last}.csv"
        return MadeFile(name, CSV, await tips_csv(desk, person, period))
    names = await names_for(desk)
    async with desk.units.read() as unit:
        made = await make_report(unit, actor, period, policy, zone)
        lines = []
        if part in ("xlsx", "csv"):
            lines = [line async for line in export_tickets(unit, actor, period, policy, zone)]
    name = f"wijzer-{t('report')}-{period.first}-{period.last}"
    if part == "xlsx":
        content = await asyncio.to_thread(write_xlsx, t, made, lines, names, zone)
        return MadeFile(f"{name}.xlsx", XLSX, content)
    if part == "csv":
        return MadeFile(f"{name}.csv", CSV, await asyncio.to_thread(write_csv, t, lines, names, zone))
    chart = charts(t, made, names).get(part)
    if chart is None:
        raise NotFound("There is nothing here.")
    return MadeFile(f"{name}-{part}.png", "image/png", await asyncio.to_thread(draw, chart))
