"""`rapport tips`: what was asked, answered, handed over and spared, for tip authors and who reads the desk's report."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from bot.reports import chosen_period, only_a_period, period_in, typed_period
from bot.turn import NOTHING, Feature, Reply, Turn, own_chat_only
from cards.reports import PeriodForm
from cards.tips import reports as cards
from domain.actor import Role
from domain.errors import NotFound
from domain.reports.links import subject_of
from domain.reports.names import names_for
from domain.tips.report import FILE, check_tip_reader, make_tip_report, theme_names

_COMMAND = re.compile(
    r"\s*(?:rapport(?:age)? (?:van de |over )?tips|tips?rapport|report (?:of the |on )?tips|tips? report"
    r"|rapport (?:des |sur les )?conseils)\b(.*)",
    re.IGNORECASE | re.DOTALL,
)


async def claims(turn: Turn) -> Reply:
    command = _COMMAND.match(turn.text) if len(turn.text) <= 100 else None
    if command is None:
        return NOTHING
    try:
        check_tip_reader(turn.actor, turn.desk.organisation.helpdesk)
    except NotFound:
        if not only_a_period(command.group(1)):
            return NOTHING
        return Reply(
            text=turn.t(
                "This report is for tip authors, the helpdesk and the information managers. "
                "Do you need figures? Ask one of them."
            )
        )
    return await _show(turn, typed_period(command.group(1)))


async def show(turn: Turn) -> Reply:
    """The report of the period that was chosen on a card."""
    return await _show(turn, chosen_period(turn))


@own_chat_only
async def _show(turn: Turn, given: PeriodForm) -> Reply:
    desk = turn.desk
    policy, zone = desk.organisation.helpdesk, ZoneInfo(desk.organisation.time_zone)
    async with desk.units.read() as unit:
        period, form = period_in(turn, given, unit.now.astimezone(zone).date())
        made = await make_tip_report(unit, turn.actor, period, policy, zone)
        themes = await theme_names(unit, turn.t.language)
    teams = (await names_for(desk)).teams
    csv = desk.links.link("report", subject_of(FILE, period), turn.person.id, made.made_at)
    author = turn.actor.has(Role.TIP_AUTHOR)
    return Reply(cards.report(turn.t, made, themes, teams, csv, form, author=author))


FEATURE = Feature(name="tip_reports", verbs={"tip_reports.show": show}, claims=claims)
