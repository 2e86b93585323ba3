"""Tickets in chat: the steps that buttons take, messages that may belong to a ticket, and the views of a ticket."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence

from bot.helpdesk import desk_channel
from bot.helpdesk.desk_menu import press_key
from bot.helpdesk.faces import VIEWS, face_of, render
from bot.turn import NOTHING, Card, Feature, Handler, Reply, Turn
from cards.helpdesk import form as forms
from cards.helpdesk import own as own_cards
from cards.helpdesk import requester as cards
from domain.desk import Desk
from domain.errors import Conflict, NotFound
from domain.helpdesk import actions, reading, relations
from domain.helpdesk.actions import Say
from domain.helpdesk.closing import CLOSES_SOON
from domain.helpdesk.notify import ANSWER, DESK, REQUESTER, WATCHER
from domain.helpdesk.rules import State, Step
from domain.helpdesk.ticket import Ticket
from domain.intents.models import Intent
from domain.people.colleagues import find_colleague
from domain.people.models import Person
from domain.people.names import names_of
from domain.unit import Unit

# --- steps ------------------------------------------------------------------------------------------------


_SAY = {
    Step.ANSWER: actions.answer,
    Step.REPLY: actions.reply,
    Step.ASK: actions.ask,
    Step.AWAIT_SUPPLIER: actions.await_supplier,
    Step.RESOLVE: actions.resolve,
    Step.REJECT: actions.reject,
    Step.WITHDRAW: actions.withdraw,
    Step.REOPEN: actions.reopen,
}
_OF_REQUESTER = (Step.REPLY, Step.CLOSE, Step.REOPEN)
_DO = {Step.ASSIGN: actions.assign_to_me, Step.CLOSE: actions.close}


def step_of(step: Step) -> Handler:
    """Answers a press: takes the step, and the pressed card shows what has become of the ticket. `box` names the input
    with the text, when two buttons share one."""

    async def press(turn: Turn) -> Reply:
        return await _take(turn, step, turn.field(turn.field("box") or step.value))

    return press


async def belongs(turn: Turn) -> Reply:
    """What was typed belongs to the ticket after all."""
    wanted = turn.field("step")
    step = Step(wanted) if wanted in _OF_REQUESTER else Step.REPLY
    return await _take(turn, step, turn.field("text"))


async def aside(turn: Turn) -> Reply:
    """What was typed is about something new."""
    async with turn.desk.units() as unit:
        await actions.set_answer_aside(unit, turn.actor, turn.field("id"))
    return Reply(retyped=turn.field("text"))


async def _take(turn: Turn, step: Step, typed: str) -> Reply:
    ticket_id, policy = turn.field("id"), turn.desk.organisation.helpdesk
    key = press_key(turn, step, typed)
    try:
        async with turn.desk.units() as unit:
            if step in _SAY:
                await _SAY[step](unit, turn.actor, Say(ticket_id, typed), policy, key=key)
            else:
                await _DO[step](unit, turn.actor, ticket_id, policy, key=key)
            view, subject, card = await _pressed_card(unit, turn, closes=step is Step.CLOSE)
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


async def _pressed_card(
    unit: Unit, turn: Turn, notice: cards.Notice | None = None, *, closes: bool = False
) -> tuple[str, str, Card]:
    """The view and subject of the card that was pressed, and the card as things stand now. Who `closes` their ticket
    gets the receipt, which asks how it was."""
    view, subject = turn.field("view"), turn.field("message") or turn.field("id")
    if view == desk_channel.VIEW and turn.actor.is_agent:
        return view, subject, await desk_channel.render(unit, turn.desk, subject, notice)
    if view not in VIEWS or (closes and view in (ANSWER, CLOSES_SOON)):
        view, subject = REQUESTER, turn.field("id")
    if view == REQUESTER:
        ticket = await reading.access_ticket(unit, turn.actor, subject)
        subject = ticket.merged_into_id or subject  # what was said there landed here
    return view, subject, await render(unit, turn.desk, turn.person, view, subject, notice)


async def open_ticket(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        ticket = await reading.access_ticket(unit, turn.actor, turn.field("id"))
        view = _view_for(turn, ticket)
        card = await render(unit, turn.desk, turn.person, view, ticket.id)
    return Reply(card, view=view, subject=ticket.id)


def _view_for(turn: Turn, ticket: Ticket) -> str:
    """An agent's own ticket is shown from where it was opened: the desk's side for what says so."""
    if ticket.requester_id == turn.actor.id and not (turn.field("desk") and turn.actor.is_agent):
        return REQUESTER
    return DESK if turn.actor.is_agent else WATCHER


# --- what else a requester can do -------------------------------------------------------------------------


async def more(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        return Reply(await _own(unit, turn))


async def watch(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        colleague = await find_colleague(turn.desk.directory, turn.field("colleague"))
        await relations.watch(
            unit,
            turn.actor,
            turn.field("id"),
            colleague,
            turn.desk.organisation.helpdesk,
            key=press_key(turn, "watch", colleague.id),
        )
        return Reply(await _own(unit, turn))


async def unwatch(turn: Turn) -> Reply:
    person_id = turn.field("person")
    async with turn.desk.units() as unit:
        await relations.unwatch(
            unit,
            turn.actor,
            turn.field("id"),
            person_id,
            turn.desk.organisation.helpdesk,
            key=press_key(turn, "unwatch", person_id),
        )
        return Reply(await _own(unit, turn))


async def stop_watching(turn: Turn) -> Reply:
    """Who follows a ticket does so no longer."""
    policy = turn.desk.organisation.helpdesk
    async with turn.desk.units() as unit:
        ticket = await relations.unwatch(
            unit, turn.actor, turn.field("id"), turn.actor.id, policy, key=turn.key
        )
    return Reply(own_cards.not_following(turn.t, ticket))


async def _own(unit: Unit, turn: Turn) -> Card:
    conversation = await reading.access_conversation(unit, turn.actor, turn.field("id"))
    face = await face_of(unit, turn.desk, turn.person, conversation)
    watchers = await relations.watchers_of(unit, conversation.ticket)
    return own_cards.own_actions(turn.t, face, await names_of(turn.desk.directory, watchers))


# --- a message that may belong to a ticket ----------------------------------------------------------------


PLAINLY_NEW = frozenset({Intent.MY_ITEMS, Intent.APPROVALS, Intent.SITE, Intent.HELP})
"""What nobody says to an agent. A question, thanks or something broken may well be meant for one."""


async def claims(turn: Turn) -> Reply:
    """A ticket's number opens it; what was typed beside it may be a reply, or ask how it is with it. Otherwise: when
    the desk answered this person last, ask whether the message is a reply to that. Nothing of it is for a channel."""
    named = reading.NUMBER.search(turn.text.upper())
    if not turn.place.personal:
        return Reply(text=turn.t("Ask me this in our own chat.")) if named else NOTHING
    if named and (reply := await _named(turn, named)):
        return reply
    if turn.guess is not None and turn.guess.sure and turn.guess.first in PLAINLY_NEW:
        return NOTHING
    if not await turn.desk.pending_answers.may_be(turn.person.id):
        return NOTHING
    async with turn.desk.units.read() as unit:
        answered = await reading.pending_answers(unit, turn.actor)
        return await _ask_whether(unit, turn, answered) if answered else NOTHING


async def _named(turn: Turn, named: re.Match[str]) -> Reply | None:
    rest = f"{turn.text[: named.start()]} {turn.text[named.end() :]}".strip(" :,.-?!")
    looks = not rest or (turn.guess is not None and turn.guess.sure and turn.guess.first is Intent.MY_ITEMS)
    async with turn.desk.units.read() as unit:
        try:
            ticket = await reading.access_ticket(unit, turn.actor, named[0])
        except NotFound as missing:
            # In a story a number may be anything. Who asks how it is with one hears that it is not there.
            return Reply(text=turn.t.error(missing)) if looks else None
        own = ticket.requester_id == turn.actor.id
        if own and not looks and ticket.state is not State.MERGED:
            return await _ask_whether(unit, turn, (ticket,))
        view = _view_for(turn, ticket)
        card = await render(unit, turn.desk, turn.person, view, ticket.id)
    return Reply(card, view=view, subject=ticket.id)


async def _ask_whether(unit: Unit, turn: Turn, tickets: Sequence[Ticket]) -> Reply:
    faces = [
        await face_of(
            unit, turn.desk, turn.person, await reading.access_conversation(unit, turn.actor, ticket.id)
        )
        for ticket in tickets
    ]
    return Reply(forms.belongs(turn.t, faces, turn.text))


# --- views ------------------------------------------------------------------------------------------------


def view_of(view: str) -> Callable[[Unit, Desk, Person, str], Awaitable[Card | None]]:
    async def show(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
        try:
            return await render(unit, desk, person, view, subject)
        except NotFound:
            return None

    return show


FEATURE = Feature(
    name="helpdesk",
    verbs={
        "helpdesk.open": open_ticket,
        "helpdesk.more": more,
        "helpdesk.watch": watch,
        "helpdesk.unwatch": unwatch,
        "helpdesk.stop_watching": stop_watching,
        "helpdesk.belongs": belongs,
        "helpdesk.aside": aside,
        **{f"helpdesk.{step}": step_of(step) for step in (*_SAY, *_DO)},
    },
    views={view: view_of(view) for view in VIEWS},
    claims=claims,
)
