"""What a digicoach does besides answering: their list, help on the floor, how they work; and the thanks they get."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from bot.digicoaches.questions import registered
from bot.turn import NOTHING, Card, Feature, Reply, Turn, own_chat_only
from cards.digicoaches import work as cards
from cards.digicoaches.parts import STATES
from cards.digicoaches.work import ProfileForm, Work
from domain.desk import Desk
from domain.digicoaches.choosing import loads_of
from domain.digicoaches.coach import IDLE, Coach
from domain.digicoaches.help import NONE, figures_by_coach, figures_of_all, note_on_the_floor
from domain.digicoaches.policy import Hours
from domain.digicoaches.reading import questions_for
from domain.digicoaches.register import (
    WELCOME_VIEW,
    access_coach,
    coach_of,
    save_profile,
    service_of,
    services_for,
)
from domain.digicoaches.rules import thanked_for, year_of
from domain.digicoaches.services import THANKS_VIEW
from domain.errors import Invalid
from domain.people.models import Person
from domain.people.names import names_of
from domain.tables import is_id, new_id
from domain.unit import Unit
from locales import translator

PAGE = 6
ASKED = 120
"""Characters of a question in the list."""
WORK = frozenset(
    {
        "digicoachvragen",
        "mijn digicoachvragen",
        "mijn vragen als digicoach",
        "ik ben digicoach",
        "my digicoach questions",
        "i am a digicoach",
        "mes questions de digicoach",
        "je suis digicoach",
    }
)
FLOOR = frozenset({"hulp noteren", "hulp op de vloer", "note help", "noter une aide"})


async def claims(turn: Turn) -> Reply:
    """A digicoach's own words."""
    typed = turn.text.strip().rstrip(".!").lower()
    if typed not in WORK and typed not in FLOOR:
        return NOTHING
    async with turn.desk.units.read() as unit:
        if await coach_of(unit, turn.desk, turn.actor.id) is None:
            return Reply(
                text=turn.t(
                    "You are not on my list of digicoaches. The contact person of your service can put you on it."
                )
            )
    return await (work(turn) if typed in WORK else floor(turn))


@own_chat_only
async def work(turn: Turn) -> Reply:
    return Reply(await _work(turn, None))


async def more(turn: Turn) -> Reply:
    return Reply(await _work(turn, turn.field("cursor") or None))


async def _work(turn: Turn, cursor: str | None) -> Card:
    desk, t = turn.desk, turn.t
    async with desk.units.read() as unit:
        coach = await access_coach(unit, desk, turn.actor)
        page = await questions_for(unit, turn.actor.id, limit=PAGE, cursor=cursor)
        load = (await loads_of(unit, desk, [turn.actor.id])).get(turn.actor.id, IDLE)
        start, end = year_of(desk.organisation.day(unit.now), desk.organisation.calendar.zone)
        year = (await figures_by_coach(unit, start, end, [turn.actor.id])).get(turn.actor.id, NONE)
    names = await names_of(desk.directory, [one.asker_id for one in page.questions])
    lines = [
        (one.id, " ".join(one.text.split())[:ASKED], f"{names[one.asker_id]} · {t(STATES[one.state])}")
        for one in page.questions
    ]
    team = await desk.directory.team(coach.service_id)
    contact = bool(await services_for(desk, turn.actor))
    face = Work(coach, team.name if team else "", load.this_week, year, lines, page.cursor)
    return cards.work(t, face, contact=contact)


# --- help on the floor ------------------------------------------------------------------------------------


@own_chat_only
async def floor(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        await access_coach(unit, turn.desk, turn.actor)
    return Reply(cards.floor(turn.t, new_id()))


async def note_floor(turn: Turn) -> Reply:
    minutes, outcome = registered(turn)
    form_id = turn.field("form")
    key = f"floor:{form_id}" if is_id(form_id) else turn.key
    async with turn.desk.units() as unit:
        await note_on_the_floor(unit, turn.desk, turn.actor, minutes, outcome, key=key)
        load = (await loads_of(unit, turn.desk, [turn.actor.id])).get(turn.actor.id, IDLE)
    return Reply(cards.noted(turn.t, load.this_week))


# --- how they work ----------------------------------------------------------------------------------------


async def profile(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        coach = await access_coach(unit, turn.desk, turn.actor)
    return Reply(await _profile(turn, coach, ProfileForm.of(coach)))


async def save(turn: Turn) -> Reply:
    """What was kept, or the form again with what is wrong at its place."""
    async with turn.desk.units.read() as unit:
        coach = await access_coach(unit, turn.desk, turn.actor)
    typed = ProfileForm(
        languages=turn.field("languages"),
        places=turn.field("places"),
        days=turn.field("days"),
        start=turn.field("start"),
        until=turn.field("until"),
        per_week=_number(turn),
        pause_until=turn.field("pause_until"),
    )
    try:
        wanted = _read(coach, typed)
        async with turn.desk.units() as unit:
            kept = await save_profile(unit, turn.desk, turn.actor, wanted)
    except Invalid as error:
        return Reply(
            await _profile(turn, coach, replace(typed, problems=turn.t.problems(error, "languages")))
        )
    return Reply(cards.kept(turn.t, kept))


async def _profile(turn: Turn, coach: Coach, form: ProfileForm) -> Card:
    service = await service_of(turn.desk, coach.service_id)
    return cards.profile(turn.t, form, service.places if service else ())


def _read(coach: Coach, typed: ProfileForm) -> Coach:
    """What was typed as values. Raises `Invalid` for what is none, with its field."""
    days = _several(typed.days)
    if not all(day.isdecimal() and len(day) == 1 for day in days):
        raise Invalid("Choose a day at least.", field="days")
    if not typed.per_week.isdecimal() or len(typed.per_week) > 4:
        raise Invalid("Type a number.", field="per_week")
    try:
        pause = date.fromisoformat(typed.pause_until) if typed.pause_until else None
    except ValueError:
        raise Invalid("Choose a day.", field="pause_until") from None
    return Coach(
        person_id=coach.person_id,
        service_id=coach.service_id,
        languages=frozenset(_several(typed.languages)),
        places=tuple(_several(typed.places)),
        hours=Hours(
            frozenset(int(day) for day in days), _time(typed.start, "start"), _time(typed.until, "until")
        ),
        per_week=int(typed.per_week),
        pause_until=pause,
        wants_news=coach.wants_news,
    )


def _time(value: str, field: str) -> time:
    try:
        return time.fromisoformat(value).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Invalid("Choose a time.", field=field) from None


def _several(value: str) -> list[str]:
    return [one.strip() for one in value.split(",") if one.strip()]


def _number(turn: Turn) -> str:
    """A number box sends a number."""
    value = turn.data.get("per_week")
    return str(int(value)) if isinstance(value, int | float) else turn.field("per_week")


# --- what they are shown ----------------------------------------------------------------------------------


async def show_welcome(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    """`subject` is the service; None for who is no digicoach of it (any more)."""
    coach, team = await coach_of(unit, desk, person.id), await desk.directory.team(subject)
    if coach is None or team is None or coach.service_id != team.id:
        return None
    return cards.welcome(translator(person.language), team.name, coach)


async def show_thanks(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    """`subject` is the year of the thanks."""
    organisation = desk.organisation
    start, end = thanked_for(int(subject), organisation.digicoaches.thanks_on, organisation.calendar.zone)
    mine = (await figures_by_coach(unit, start, end, [person.id])).get(person.id)
    if mine is None:
        return None
    everybody = await figures_of_all(unit, start, end)
    return cards.thanks(translator(person.language), person.first_name, mine, everybody)


FEATURE = Feature(
    name="digicoach_work",
    verbs={
        "digicoaches.work": work,
        "digicoaches.more": more,
        "digicoaches.floor": floor,
        "digicoaches.note_floor": note_floor,
        "digicoaches.profile": profile,
        "digicoaches.save": save,
    },
    views={WELCOME_VIEW: show_welcome, THANKS_VIEW: show_thanks},
    claims=claims,
)
