"""An agent registers a call: `/melding voor Dirk: zijn scherm flikkert`, one look, one press."""

from __future__ import annotations

import re

from bot.helpdesk.faces import render
from bot.helpdesk.report import choice
from bot.turn import NOTHING, Feature, Reply, Turn
from cards.helpdesk import phone as cards
from cards.helpdesk.phone import Call
from domain.errors import Invalid
from domain.helpdesk import actions
from domain.helpdesk.actions import ReportTicket, Say
from domain.helpdesk.notify import DESK
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.rules import Kind
from domain.helpdesk.texts import check_text
from domain.helpdesk.urgency import urgency_in
from domain.people.colleagues import find_colleague
from domain.people.models import Person
from domain.tables import is_id, new_id

_FOR = re.compile(
    r"\s*/?(?:melding|storing|ticket|report|signalement)\s+(?:voor|for|pour)\b\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
MOST_WORDS = 4
"""Words that a name has at most, when nothing parts it from what follows."""


async def claims(turn: Turn) -> Reply:
    """Answers `/melding voor …`, of agents. Of all others it is a message as any other."""
    found = _FOR.fullmatch(turn.text) if turn.actor.is_agent else None
    if found is None:
        return NOTHING
    person, text = await _parted(turn, found["rest"])
    urgency = urgency_in(text) or Urgency.MEDIUM
    return Reply(cards.call(turn.t, Call(new_id(), person, text, urgency=urgency)))


async def open_form(turn: Turn) -> Reply:
    return Reply(cards.call(turn.t, Call(new_id())))


async def _parted(turn: Turn, rest: str) -> tuple[str, str]:
    """Who and what: before and after a colon or comma; or else the longest beginning that names one colleague."""
    who, *what = re.split(r"[:,\n]", rest, maxsplit=1)
    if what:
        person = await _only(turn, who)
        return (person.name if person else who.strip()), what[0].strip()
    words = rest.split()
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        person = await _only(turn, " ".join(words[:count]))
        if person is not None:
            return person.name, " ".join(words[count:])
    return "", rest.strip()


async def _only(turn: Turn, typed: str) -> Person | None:
    try:
        return await find_colleague(turn.desk.directory, typed)
    except Invalid:
        return None


async def register(turn: Turn) -> Reply:
    """The desk's card of the new ticket; or the form again, with what is wrong at its place."""
    values = _typed(turn)
    problems: dict[str, str] = {}
    person: Person | None = None
    try:
        person = await find_colleague(turn.desk.directory, turn.field("person"), "person")
    except Invalid as problem:
        problems["person"] = turn.t.error(problem)
    for name in ("text", "solution") if values.next == "solved" else ("text",):
        try:
            check_text(turn.field(name), name)
        except Invalid as problem:
            problems[name] = turn.t.error(problem)
    if problems or person is None:
        return Reply(cards.call(turn.t, _typed(turn, problems)))
    policy, actor = turn.desk.organisation.helpdesk, turn.actor
    async with turn.desk.units() as unit:
        ticket = await actions.report_ticket(
            unit,
            actor,
            ReportTicket(
                values.kind,
                turn.field("text"),
                choice(Impact, values.impact) or Impact.LOW,
                choice(Urgency, values.urgency) or Urgency.MEDIUM,
            ),
            policy,
            key=f"form:{values.form_id}",
            on_behalf_of=person,
        )
        if values.next == "mine":
            await actions.assign_to_me(unit, actor, ticket.id, policy, key=f"form:{values.form_id}:mine")
        elif values.next == "solved":
            said = Say(ticket.id, turn.field("solution"))
            await actions.resolve(unit, actor, said, policy, key=f"form:{values.form_id}:solved")
        card = await render(unit, turn.desk, turn.person, DESK, ticket.id)
        await turn.keep(unit, DESK, ticket.id)
    return Reply(card, view=DESK, subject=ticket.id)


def _typed(turn: Turn, problems: dict[str, str] | None = None) -> Call:
    form_id, next_ = turn.field("form"), turn.field("next")
    return Call(
        form_id if is_id(form_id) else new_id(),
        turn.field("person"),
        turn.field("text"),
        choice(Kind, turn.field("kind")) or Kind.INCIDENT,
        turn.field("urgency"),
        turn.field("impact"),
        next_ if next_ in cards.NEXT else "queue",
        turn.field("solution"),
        problems or {},
    )


FEATURE = Feature(
    name="helpdesk_phone",
    verbs={"helpdesk.call": open_form, "helpdesk.register": register},
    claims=claims,
)
