"""`tip van de week`: tips that come by themselves, on a day and at an hour of one's own choice."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.tips.questions import closest
from bot.turn import NOTHING, Card, Feature, Reply, Turn
from cards.tips import series as cards
from cards.tips.answers import Suggested
from cards.tips.series import SeriesForm
from domain.actor import Role
from domain.authoring.writing import check_author
from domain.desk import Desk
from domain.errors import Invalid, NotFound
from domain.people.models import Person
from domain.tip_series import actions, week
from domain.tip_series.rules import week_of
from domain.tip_series.sending import DONE_VIEW, TIP_VIEW, WEEK_VIEW
from domain.tip_series.series import WEEK
from domain.tips.finding import tip_for
from domain.unit import Unit
from locales import translator

FOUND = 5
_COMMAND = re.compile(
    r"\s*(?:(?:de )?tip van de week|tips? (?:per|elke|iedere) week|tips?(?:reeks(?:en)?|abonnement(?:en)?)"
    r"|abonne(?:ren|er me) op tips|(?:the )?tip of the week|tip series|subscribe to tips"
    r"|(?:le |l.)?(?:conseil|astuce) de la semaine|séries? de conseils|s.abonner aux conseils)\s*[.!?]?\s*",
    re.IGNORECASE,
)


async def claims(turn: Turn) -> Reply:
    if _COMMAND.fullmatch(turn.text[:100]) is None:
        return NOTHING
    if not turn.place.personal:
        return await this_week(turn)
    return await show_list(turn)


async def show_list(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        found = await actions.list_series(unit, turn.desk, turn.actor)
    return Reply(cards.overview(turn.t, found, author=turn.actor.has(Role.TIP_AUTHOR)))


async def form(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        series = await actions.access_series(unit, turn.desk, turn.actor, turn.field("series"))
    return Reply(cards.form(turn.t, series, cards.started(series)))


async def subscribe(turn: Turn) -> Reply:
    """What holds from now on, or the form again with what is wrong at its place."""
    given = SeriesForm(turn.field("weekday"), turn.field("at"))
    async with turn.desk.units() as unit:
        series = await actions.access_series(unit, turn.desk, turn.actor, turn.field("series"))
        try:
            series = await actions.subscribe(unit, turn.desk, turn.actor, series.id, given.weekday, given.at)
        except Invalid as problem:
            wrong = turn.t.problems(problem, "at")
            return Reply(cards.form(turn.t, series, SeriesForm(given.weekday, given.at, wrong)))
    return Reply(cards.subscribed(turn.t, series))


async def stop(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        before = await actions.unsubscribe(unit, turn.desk, turn.actor, turn.field("series"))
    return Reply(cards.stopped(turn.t, before))


async def this_week(turn: Turn) -> Reply:
    """For who does not want to wait."""
    async with turn.desk.units() as unit:
        now = week_of(turn.desk.organisation.day(unit.now))
        await week.week_tip(unit, turn.desk, now)
        card = await show_week(unit, turn.desk, turn.person, now)
    if card is None:
        raise NotFound("There is no tip this week.")
    return Reply(card)


async def plan(turn: Turn) -> Reply:
    """The coming weeks, with the tips that fit what was typed."""
    check_author(turn.actor)
    typed = turn.field("text")[: cards.QUESTION_LIMIT]
    found: Sequence[Suggested] = ()
    problem = ""
    if typed:
        found = await closest(turn.desk, turn.person, typed, FOUND)
        problem = "" if found else turn.t("I find no tip with these words.")
    async with turn.desk.units.read() as unit:
        planned = await week.planned_weeks(unit, turn.desk)
    return Reply(cards.plan(turn.t, planned, found, typed=typed, problem=problem))


async def plan_tip(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        await week.plan_week_tip(unit, turn.desk, turn.actor, turn.field("tip"), turn.key)
        planned = await week.planned_weeks(unit, turn.desk)
    return Reply(cards.plan(turn.t, planned))


async def unplan(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        await week.unplan_week(unit, turn.desk, turn.actor, turn.field("week"))
        planned = await week.planned_weeks(unit, turn.desk)
    return Reply(cards.plan(turn.t, planned))


async def show_week(unit: Unit, desk: Desk, person: Person, which: str) -> Card | None:
    tip_id = await week.tip_of(unit, which)
    return await _sent(unit, person, tip_id, WEEK) if tip_id else None


async def show_tip(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    return await _sent(unit, person, _of(subject))


async def show_done(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    try:
        series = await actions.access_series(unit, desk, person.as_actor(), _of(subject))
    except NotFound:
        return None
    return cards.done(translator(person.language), series)


def _of(subject: str) -> str:
    """The tip or theme, without the day it was sent on."""
    return subject.rpartition("/")[2]


async def _sent(unit: Unit, person: Person, tip_id: str, series_id: str | None = None) -> Card | None:
    try:
        tip = await tip_for(unit, person.as_actor(), tip_id)
    except NotFound:
        return None
    return cards.sent(translator(tip.language), tip, series_id or tip.theme)


FEATURE = Feature(
    name="tip_series",
    verbs={
        "tip_series.list": show_list,
        "tip_series.form": form,
        "tip_series.subscribe": subscribe,
        "tip_series.stop": stop,
        "tip_series.this_week": this_week,
        "tip_series.plan": plan,
        "tip_series.plan_tip": plan_tip,
        "tip_series.unplan": unplan,
    },
    views={WEEK_VIEW: show_week, TIP_VIEW: show_tip, DONE_VIEW: show_done},
    claims=claims,
)
