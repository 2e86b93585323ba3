"""Reporting in chat: the one question that tells the kinds apart, what may help first, the form and the receipt."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from bot.digicoaches import questions as digicoaches
from bot.helpdesk.faces import face_of
from bot.tips import feedback as tip_feedback
from bot.tips import questions as tips
from bot.turn import NOTHING, Card, Feature, Handler, Reply, Turn
from cards.helpdesk import form as forms
from cards.helpdesk import requester as cards
from cards.helpdesk.form import FirstHelp
from cards.kit import INPUT_LIMIT, too_long
from domain.actor import Role
from domain.errors import Invalid
from domain.helpdesk import actions, reading
from domain.helpdesk.actions import ReportTicket
from domain.helpdesk.deflections import Helped, count_deflection
from domain.helpdesk.majors import follow
from domain.helpdesk.notify import REQUESTER
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.rules import Kind
from domain.helpdesk.texts import check_text
from domain.helpdesk.ticket import Conversation, Event
from domain.helpdesk.urgency import urgency_in
from domain.intents.models import Intent
from domain.tables import is_id, new_id
from domain.tips.rules import Secret, redact
from domain.unit import Unit

TIPS = 2
"""Tips offered above a form: what comes nearest, and not a list to work through."""
COMMANDS = frozenset(
    {
        "melding",
        "/melding",
        "melding maken",
        "nieuwe melding",
        "ik wil iets melden",
        "iets melden",
        "new ticket",
        "report something",
        "nouveau ticket",
        "signaler quelque chose",
    }
)


async def claims(turn: Turn) -> Reply:
    """Who only says that they want to report something is asked the one question that matters."""
    return await which(turn) if turn.text.strip().rstrip(".!").lower() in COMMANDS else NOTHING


async def which(turn: Turn) -> Reply:
    typed = turn.field("text")
    return Reply(forms.which_kind(turn.t, typed))


def form_of(kind: Kind) -> Handler:
    """Answers an intent: the form of this kind, with what was typed."""

    async def form(turn: Turn) -> Reply:
        return Reply(await _form(turn, kind))

    return form


async def form(turn: Turn) -> Reply:
    """Answers a press: a new form, or the one that was open in another kind."""
    kind = choice(Kind, turn.field("kind")) or Kind.INCIDENT
    return Reply(await _form(turn, kind, await tip_feedback.taken_along(turn)))


async def _form(turn: Turn, kind: Kind, besides: str = "") -> Card:
    """`besides` is said below what was typed, for the desk to know."""
    values = started(turn, kind)
    if not values.urgency:
        values = replace(values, urgency=urgency_in(values.text) or "")
    first = await _first_help(turn, values.text)
    if besides:
        values = replace(values, text=f"{values.text}\n\n{besides}")
    return forms.form(turn.t, values, first)


async def _first_help(turn: Turn, typed: str) -> FirstHelp:
    """What may be quicker than a ticket: a major incident that is known, a tip, the colleague's digicoach."""
    if not typed.strip():
        return forms.NO_HELP
    desk = turn.desk
    major = await desk.majors.matching(typed, desk.organisation.helpdesk)
    found = await tips.closest(desk, turn.person, typed, TIPS)
    colleagues = (
        coach.id
        for coach in await desk.directory.with_role(Role.DIGICOACH)
        if coach.team_id == turn.person.team_id and coach.id != turn.person.id
    )
    return FirstHelp(
        major,
        [(tip.id, tip.title) for tip in found],
        next(colleagues, None),
    )


async def submit(turn: Turn) -> Reply:
    """The receipt, or the form again with what is wrong at its place."""
    kind = choice(Kind, turn.field("kind")) or Kind.INCIDENT
    urgency, impact = choice(Urgency, turn.field("urgency")), choice(Impact, turn.field("impact"))
    problems = {}
    try:
        text = check_text(turn.field("text"), "text")
    except Invalid as problem:
        problems["text"] = turn.t.error(problem)
    if urgency is None:
        problems["urgency"] = turn.t("Choose what fits best.")
    if impact is None:
        problems["impact"] = turn.t("Choose what fits best.")
    if problems or urgency is None or impact is None:
        return Reply(forms.form(turn.t, replace(started(turn, kind), problems=problems)))
    form_id = turn.field("form")
    async with turn.desk.units() as unit:
        ticket = await actions.report_ticket(
            unit,
            turn.actor,
            ReportTicket(kind, text, impact, urgency),
            turn.desk.organisation.helpdesk,
            key=f"form:{form_id}" if is_id(form_id) else turn.key,
        )
        if ticket.version == 1:  # nothing can have been said yet
            event = Event(actions.REPORT, ticket.state, ticket.reporter_id, ticket.created_at)
            conversation = Conversation(ticket, event, (), 0)
        else:
            conversation = await reading.access_conversation(unit, turn.actor, ticket.id)
        face = await face_of(unit, turn.desk, turn.person, conversation)
        await turn.keep(unit, REQUESTER, ticket.id)
    return Reply(cards.requester(turn.t, face), view=REQUESTER, subject=ticket.id)


def started(turn: Turn, kind: Kind) -> forms.TicketForm:
    """A form with what is known already. A typed message that is too long for the form is cut, and that is said."""
    typed = turn.text or turn.field("text")
    problems = {}
    if len(typed) > INPUT_LIMIT:
        problems["text"] = too_long(turn.t)
    form_id = turn.field("form")
    return forms.TicketForm(
        form_id if is_id(form_id) else new_id(),
        kind,
        typed,
        turn.field("impact") or Impact.LOW.value,
        turn.field("urgency"),
        problems,
        Secret.PASSWORD in redact(typed).found,
    )


# --- no ticket after all ----------------------------------------------------------------------------------


async def take_tip(turn: Turn) -> Reply:
    """A tip instead of the form: counted, and shown as a tip that was asked for."""
    async with turn.desk.units() as unit:
        await _count(unit, turn, Helped.TIP, turn.field("id"))
    return await tips.show(turn)


async def take_digicoach(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        await _count(unit, turn, Helped.DIGICOACH, turn.field("coach"))
    return await digicoaches.ask(turn)


async def follow_major(turn: Turn) -> Reply:
    """It is known: the person hears how it goes, and needs no ticket."""
    async with turn.desk.units() as unit:
        major = await follow(unit, turn.actor, turn.field("major"))
        await _count(unit, turn, Helped.MAJOR, major.ticket_id)
    return Reply(forms.following(turn.t, major))


async def _count(unit: Unit, turn: Turn, helped: Helped, subject: str) -> None:
    form_id, kind = turn.field("form"), choice(Kind, turn.field("kind")) or Kind.INCIDENT
    if is_id(form_id):
        await count_deflection(unit, turn.actor, form_id, kind, helped, subject)


E = TypeVar("E", Kind, Impact, Urgency)


def choice(options: type[E], value: str) -> E | None:
    try:
        return options(value)
    except ValueError:
        return None


FEATURE = Feature(
    name="helpdesk_report",
    verbs={
        "helpdesk.which": which,
        "helpdesk.form": form,
        "helpdesk.submit": submit,
        "helpdesk.tip": take_tip,
        "helpdesk.digicoach": take_digicoach,
        "helpdesk.follow": follow_major,
    },
    intents={
        Intent.INCIDENT: form_of(Kind.INCIDENT),
    },
    claims=claims,
)
