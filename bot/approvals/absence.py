"""`ik ben afwezig van … tot …, … vervangt mij`: kept after a look at the form, and ended with a press."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.turn import NOTHING, Card, Feature, Reply, Turn, own_chat_only
from cards.approvals import absence as cards
from cards.approvals.absence import AbsenceForm
from domain.approvals.absences import (
    DEPUTY_VIEW,
    Absence,
    absence_of,
    end_absence,
    set_absence,
    today,
)
from domain.approvals.days import read_away
from domain.desk import Desk
from domain.digicoaches.register import coach_of
from domain.errors import Invalid
from domain.people.colleagues import find_colleague
from domain.people.models import Person
from domain.people.names import names_of
from domain.unit import Unit
from locales import translator

_AWAY = re.compile(
    r"(?:(?:ik ben|ik zal|ben ik|i am|i'm|je suis|je serai)\b.{0,60})?"
    r"\b(?:afwezig(?:heid)?|absente?|absence|away|out of office)\b(?!\w)",
    re.IGNORECASE,
)
_ABOUT_SOMETHING_ELSE = re.compile(
    r"\?|\b(?:hoe|waar|outlook|automatisch|how|comment|répondeur)\b", re.IGNORECASE
)
_BACK = re.compile(
    r"\s*(?:ik ben (?:weer )?terug|i am back|i'm back|je suis (?:de )?retour)\s*[.!]?\s*", re.IGNORECASE
)


async def claims(turn: Turn) -> Reply:
    """What somebody types about being away, and not about a message in Outlook that says so."""
    if _BACK.fullmatch(turn.text):
        async with turn.desk.units.read() as unit:
            away = await absence_of(unit, turn.desk, turn.person.id)
        return await end(turn) if away else NOTHING
    if _AWAY.match(turn.text.strip()) is None or _ABOUT_SOMETHING_ELSE.search(turn.text):
        return NOTHING
    async with turn.desk.units.read() as unit:
        read = read_away(turn.text, today(unit, turn.desk))
        away = await absence_of(unit, turn.desk, turn.person.id)
    if read.first_day is None and not read.deputy and away is not None:
        return await _kept(turn, away)
    return await _form(
        turn,
        AbsenceForm(
            first_day=read.first_day.isoformat() if read.first_day else "",
            last_day=read.last_day.isoformat() if read.last_day else "",
            deputy=read.deputy,
        ),
    )


async def form(turn: Turn) -> Reply:
    """Filled in with what was kept before."""
    async with turn.desk.units.read() as unit:
        away = await absence_of(unit, turn.desk, turn.person.id)
    if away is None:
        return await _form(turn, AbsenceForm())
    names = await names_of(turn.desk.directory, [away.deputy_id])
    values = AbsenceForm(away.first_day.isoformat(), away.last_day.isoformat(), names[away.deputy_id])
    return await _form(turn, values)


async def save(turn: Turn) -> Reply:
    """What was kept, or the form again with what is wrong at its place."""
    problems: dict[str, str] = {}
    days: dict[str, date] = {}
    for name in ("first_day", "last_day"):
        try:
            days[name] = date.fromisoformat(turn.field(name))
        except ValueError:
            problems[name] = turn.t("Choose a day.")
    try:
        colleague = await find_colleague(turn.desk.directory, turn.field("deputy"), "deputy")
        if not problems:
            async with turn.desk.units() as unit:
                wanted = Absence(turn.person.id, colleague.id, days["first_day"], days["last_day"])
                kept = await set_absence(unit, turn.desk, turn.actor, wanted)
            return await _kept(turn, kept)
    except Invalid as error:
        problems |= turn.t.problems(error, "deputy")
    typed = AbsenceForm(turn.field("first_day"), turn.field("last_day"), turn.field("deputy"), problems)
    return await _form(turn, typed)


async def end(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        await end_absence(unit, turn.desk, turn.actor)
    return Reply(cards.ended(turn.t))


async def tell_deputy(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    """`subject` is who is away; None when they are no longer, or have somebody else."""
    away = await absence_of(unit, desk, subject)
    if away is None or away.deputy_id != person.id:
        return None
    names = await names_of(desk.directory, [subject])
    return cards.deputy(translator(person.language), names[subject], away.first_day, away.last_day)


@own_chat_only
async def _form(turn: Turn, values: AbsenceForm) -> Reply:
    async with turn.desk.units.read() as unit:
        values = replace(values, is_digicoach=await _is_digicoach(unit, turn))
        return Reply(cards.form(turn.t, values, earliest=today(unit, turn.desk)))


@own_chat_only
async def _kept(turn: Turn, away: Absence) -> Reply:
    names = await names_of(turn.desk.directory, [away.deputy_id])
    async with turn.desk.units.read() as unit:
        is_digicoach = await _is_digicoach(unit, turn)
    deputy = names[away.deputy_id]
    return Reply(cards.kept(turn.t, away.first_day, away.last_day, deputy, is_digicoach=is_digicoach))


async def _is_digicoach(unit: Unit, turn: Turn) -> bool:
    return await coach_of(unit, turn.desk, turn.person.id) is not None


FEATURE = Feature(
    name="absence",
    verbs={"absence.form": form, "absence.save": save, "absence.end": end},
    views={DEPUTY_VIEW: tell_deputy},
    claims=claims,
)
