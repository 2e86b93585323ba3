"""`beslissingen exporteren`: the decision log of a period as a file, for information managers and administrators."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.turn import NOTHING, Feature, Reply, Turn, own_chat_only
from cards.approvals import decision_log as cards
from cards.approvals.decision_log import ExportForm
from domain.approvals.absences import today
from domain.approvals.decision_log import LINK, FileType, check_export, may_export
from domain.errors import Forbidden, Invalid

_ASKED = re.compile(
    r"\s*(?:exporteer (?:de )?beslissingen|beslissingen ?(?:exporteren|log|logboek)|beslissingslogboek"
    r"|export (?:the )?decisions|decision log|journal des décisions|exporter les décisions)\s*[.!]?\s*",
    re.IGNORECASE,
)


async def claims(turn: Turn) -> Reply:
    if _ASKED.fullmatch(turn.text) is None or not may_export(turn.actor):
        return NOTHING
    return await form(turn)


@own_chat_only
async def form(turn: Turn) -> Reply:
    """For last month; another period can be chosen."""
    if not may_export(turn.actor):
        raise Forbidden("The decision log is for information managers.")
    async with turn.desk.units.read() as unit:
        last = today(unit, turn.desk).replace(day=1) - timedelta(days=1)
    return Reply(cards.form(turn.t, ExportForm(last.replace(day=1).isoformat(), last.isoformat())))


async def export(turn: Turn) -> Reply:
    """The link, or the form again with what is wrong at its place."""
    given = ExportForm(turn.field("first_day"), turn.field("last_day"), turn.field("file_type"))
    problems: dict[str, str] = {}
    days: list[date] = []
    for name, value in (("first_day", given.first_day), ("last_day", given.last_day)):
        try:
            days.append(date.fromisoformat(value))
        except ValueError:
            problems[name] = turn.t("Choose a day.")
    file_type = FileType.JSON if given.file_type == FileType.JSON else FileType.CSV
    if not problems:
        try:
            made = check_export(turn.actor, days[0], days[1], file_type)
        except Invalid as error:
            problems |= turn.t.problems(error, "last_day")
        else:
            async with turn.desk.units.read() as unit:
                now = unit.now
            url = turn.desk.links.link(LINK, made.subject, turn.person.id, now)
            return Reply(cards.ready(turn.t, made.name, url))
    again = ExportForm(given.first_day, given.last_day, file_type.value, problems)
    return Reply(cards.form(turn.t, again))


FEATURE = Feature(
    name="decision_log",
    verbs={"decisions.form": form, "decisions.export": export},
    claims=claims,
)
