"""Tickets in chat: the form, the steps that buttons take, and what a ticket's cards show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from hashlib import blake2b
from typing import TypeVar

from bot.sections import section_of
from bot.turn import NOTHING, Card, Feature, Handler, Reply, Turn
from cards import helpdesk as cards
from cards import helpdesk_form as forms
from cards.kit import INPUT_LIMIT
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.helpdesk import actions, reading
from domain.helpdesk.actions import ReportTicket, Say
from domain.helpdesk.notify import ANSWER, DESK, REPLY, REQUESTER
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.rules import Kind, Party, Step, possible, reopen_until
from domain.helpdesk.steps import parties
from domain.helpdesk.texts import check_text
from domain.helpdesk.ticket import Conversation, Event
from domain.intents.models import Intent
from domain.people.models import Person
from domain.people.names import names_of
from domain.tables import is_id, new_id
from domain.unit import Unit
from locales import translator

# --- reporting --------------------------------------------------------------------------------------------


def form_of(kind: Kind) -> Handler:
    """Answers an intent: the form of this kind, with what was typed."""

    async def form(turn: Turn) -> Reply:
        return Reply(forms.form(turn.t, _started(turn, kind)))

    return form


async def form(turn: Turn) -> Reply:
    """Answers a press: a new form, or the one that was open in another kind."""
    kind = _choice(Kind, turn.field("kind")) or Kind.INCIDENT
    return Reply(forms.form(turn.t, _started(turn, kind)))


async def submit(turn: Turn) -> Reply:
    """The receipt, or the form again with what is wrong at its place."""
    kind = _choice(Kind, turn.field("kind")) or Kind.INCIDENT
    urgency, impact = _choice(Urgency, turn.field("urgency")), _choice(Impact, turn.field("impact"))
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
        return Reply(forms.form(turn.t, replace(_started(turn, kind), problems=problems)))
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
        face = await _face(unit, turn.desk, turn.person, conversation, Party.REQUESTER)
        await turn.keep(unit, REQUESTER, ticket.id)
    return Reply(cards.requester(turn.t, face), view=REQUESTER, subject=ticket.id)


def _started(turn: Turn, kind: Kind) -> forms.TicketForm:
    """A form with what is known already. A typed message that is too long for the form is cut, and that is said."""
    typed = turn.text or turn.field("text")
    problems = {}
    if len(typed) > INPUT_LIMIT:
        problems["text"] = turn.t(
            "This was longer than fits here: check the end, please. At most {limit} characters.",
            limit=INPUT_LIMIT,
        )
    form_id = turn.field("form")
    return forms.TicketForm(
        form_id if is_id(form_id) else new_id(),
        kind,
        typed,
        turn.field("impact") or Impact.LOW.value,
        turn.field("urgency"),
        problems,
    )


# --- steps ------------------------------------------------------------------------------------------------


_SAY = {
    Step.ANSWER: actions.answer,
    Step.REPLY: actions.reply,
    Step.RESOLVE: actions.resolve,
    Step.REOPEN: actions.reopen,
}
_DO = {Step.ASSIGN: actions.assign_to_me, Step.CLOSE: actions.close}


def step_of(step: Step) -> Handler:
    """Answers a press: takes the step, and the pressed card shows what has become of the ticket."""

    async def press(turn: Turn) -> Reply:
        return await _take(turn, step, turn.field(step.value))

    return press


async def belongs(turn: Turn) -> Reply:
    """What was typed belongs to the ticket after all."""
    step = _choice(Step, turn.field("step")) or Step.REPLY
    return await _take(turn, step, turn.field("text"))


async def aside(turn: Turn) -> Reply:
    """What was typed is about something new."""
    async with turn.desk.units() as unit:
        await actions.set_answer_aside(unit, turn.actor, turn.field("id"))
    return Reply(retyped=turn.field("text"))


async def _take(turn: Turn, step: Step, typed: str) -> Reply:
    ticket_id, policy = turn.field("id"), turn.desk.organisation.helpdesk
    # Two presses on one card with one text are one step, whichever activities they come in.
    said = f"{step}\n{ticket_id}\n{turn.data.get('seen')}\n{typed}".encode("utf-8", "replace")
    key = "press:" + blake2b(said, digest_size=20).hexdigest()
    try:
        async with turn.desk.units() as unit:
            if step in _SAY:
                await _SAY[step](unit, turn.actor, Say(ticket_id, typed), policy, key=key)
            else:
                await _DO[step](unit, turn.actor, ticket_id, policy, key=key)
            view, subject, card = await _pressed_card(unit, turn)
            await turn.keep(unit, view, subject)
    except Conflict as conflict:
        async with turn.desk.units.read() as unit:
            ticket = await reading.access_ticket(unit, turn.actor, ticket_id)
            notice = turn.t.error(conflict)
            if step is Step.ASSIGN and ticket.assignee_id not in (None, turn.actor.id):
                names = await names_of(turn.desk.directory, [str(ticket.assignee_id)])
                notice = turn.t("{name} was first.", name=names[str(ticket.assignee_id)])
            view, subject, card = await _pressed_card(unit, turn, cards.Notice(notice, typed))
    return Reply(card, view=view, subject=subject)


async def _pressed_card(unit: Unit, turn: Turn, notice: cards.Notice | None = None) -> tuple[str, str, Card]:
    """The view and subject of the card that was pressed, and the card as things stand now."""
    view, subject = turn.field("view"), turn.field("message") or turn.field("id")
    if view not in FEATURE.views:
        view, subject = REQUESTER, turn.field("id")
    return view, subject, await _render(unit, turn.desk, turn.person, view, subject, notice)


async def open_ticket(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        ticket = await reading.access_ticket(unit, turn.actor, turn.field("id"))
        view = REQUESTER if ticket.requester_id == turn.actor.id else DESK
        card = await _render(unit, turn.desk, turn.person, view, ticket.id)
    return Reply(card, view=view, subject=ticket.id)


# --- a message that may belong to a ticket ----------------------------------------------------------------


PLAINLY_NEW = frozenset({Intent.MY_ITEMS, Intent.APPROVALS, Intent.SITE, Intent.HELP})
"""What nobody says to an agent. A question, thanks or something broken may well be meant for one."""


async def claims(turn: Turn) -> Reply:
    """When the desk answered this person last, ask whether the message is a reply to that."""
    if turn.guess is not None and turn.guess.sure and turn.guess.first in PLAINLY_NEW:
        return NOTHING
    if not await turn.desk.pending_answers.may_be(turn.person.id):
        return NOTHING
    async with turn.desk.units.read() as unit:
        ticket = await reading.pending_answer(unit, turn.actor)
        if ticket is None:
            return NOTHING
        face = await _face(
            unit,
            turn.desk,
            turn.person,
            await reading.access_conversation(unit, turn.actor, ticket.id),
            Party.REQUESTER,
        )
    return Reply(forms.belongs(turn.t, ticket, face.handler or face.desk, face.possible, turn.text))


# --- views ------------------------------------------------------------------------------------------------


def view_of(view: str) -> Callable[[Unit, Desk, Person, str], Awaitable[Card | None]]:
    async def show(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
        try:
            return await _render(unit, desk, person, view, subject)
        except NotFound:
            return None

    return show


async def _render(
    unit: Unit, desk: Desk, person: Person, view: str, subject: str, notice: cards.Notice | None = None
) -> Card:
    """A view for a person as it stands now. Raises `NotFound` when it is not this person's to see."""
    actor, t = person.as_actor(), translator(person.language)
    side = Party.DESK if view in (DESK, REPLY) else Party.REQUESTER
    if view in (ANSWER, REPLY):
        message, conversation = await reading.access_message(unit, actor, subject)
        face = await _face(unit, desk, person, conversation, side)
        return (cards.answer if view == ANSWER else cards.reply)(t, face, message, notice)
    conversation = await reading.access_conversation(unit, actor, subject)
    face = await _face(unit, desk, person, conversation, side)
    return (cards.requester if view == REQUESTER else cards.desk)(t, face, notice)


async def _face(
    unit: Unit, desk: Desk, person: Person, conversation: Conversation, side: Party
) -> cards.TicketFace:
    """A ticket with all its cards need. Raises `NotFound` when the person does not stand on this side of it."""
    ticket, actor, policy = conversation.ticket, person.as_actor(), desk.organisation.helpdesk
    if side not in parties(actor, ticket):
        raise NotFound("There is no such ticket.", field="id")
    mentioned = [ticket.requester_id, ticket.reporter_id, conversation.latest.by_id]
    mentioned += [ticket.assignee_id] if ticket.assignee_id else []
    mentioned += [message.author_id for message in conversation.messages]
    names = await names_of(desk.directory, mentioned)
    team = await desk.directory.team(ticket.team_id) if ticket.team_id else None
    section = await section_of(unit, desk, person, ticket)
    return cards.TicketFace(
        conversation=conversation,
        names={who: name.removeprefix("flow:") for who, name in names.items()},
        possible=possible(ticket.standing, frozenset({side}), unit.now, policy),
        team=team.name if team else "",
        desk=policy.name,
        response_hours=policy.response_hours[ticket.priority],
        reopen_until=reopen_until(ticket.standing, policy),
        section=section,
    )


E = TypeVar("E", Kind, Step, Impact, Urgency)


def _choice(options: type[E], value: str) -> E | None:
    try:
        return options(value)
    except ValueError:
        return None


FEATURE = Feature(
    name="helpdesk",
    verbs={
        "helpdesk.form": form,
        "helpdesk.submit": submit,
        "helpdesk.open": open_ticket,
        "helpdesk.belongs": belongs,
        "helpdesk.aside": aside,
        **{f"helpdesk.{step}": step_of(step) for step in Step},
    },
    intents={
        Intent.INCIDENT: form_of(Kind.INCIDENT),
        Intent.CHANGE: form_of(Kind.CHANGE),
    },
    views={view: view_of(view) for view in (DESK, REQUESTER, ANSWER, REPLY)},
    claims=claims,
)
