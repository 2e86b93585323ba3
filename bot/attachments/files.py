"""Files in chat: those of a message travel with the cards that follow from it, until it is known which ticket they
are for."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

from bot.helpdesk import tickets as helpdesk
from bot.turn import Card, Feature, Reply, Turn
from cards import attachments as cards
from cards.attachments import FILES, FilesForm
from cards.helpdesk.sections import Section
from cards.kit import INPUT_LIMIT
from domain.actor import Actor
from domain.attachments import actions
from domain.attachments.attachment import Attachment
from domain.attachments.fetching import REFUSED
from domain.attachments.rules import State
from domain.desk import Desk
from domain.errors import Conflict, NotFound
from domain.helpdesk import actions as tickets
from domain.helpdesk.actions import Say
from domain.helpdesk.notes import write_note
from domain.helpdesk.notify import REQUESTER
from domain.helpdesk.reading import access_ticket, pending_answer
from domain.helpdesk.ticket import Ticket
from domain.intents.models import Intent
from domain.people.models import Person
from domain.people.names import names_of
from domain.unit import Unit
from locales import translator

ENDS_IN_TICKET = frozenset({"helpdesk.submit", "helpdesk.belongs", "catalogue.order"})
"""Presses that make a ticket or say something on one: there the files have arrived."""
SMALL_TALK = frozenset({Intent.NONSENSE, Intent.THANKS, Intent.HELP, Intent.HUMAN})
OFFERED = 8
"""Tickets to choose from; any other goes by its number."""
MEGABYTE = 1024 * 1024
_NUMBER = re.compile(r"\b[IAW]-\d{4}-\d{6,9}\b", re.IGNORECASE)

GoOn = Callable[[Turn], Awaitable[Reply]]


async def around(turn: Turn, go_on: GoOn, verb: str = "") -> Reply:
    """A turn with files: of a message that brings them, or of a press on a card that carries them."""
    if turn.files:
        return await _sent(turn, go_on)
    batch_id = turn.field(FILES)
    reply = await go_on(turn)
    if verb in ENDS_IN_TICKET and reply.view == REQUESTER and reply.subject:
        async with turn.desk.units() as unit:
            await actions.put_on_ticket(unit, turn.actor, batch_id, reply.subject)
        return reply
    if reply.card is None or reply.subject is not None:
        return reply
    async with turn.desk.units.read() as unit:
        files = await actions.list_batch(unit, turn.actor, batch_id)
    return _carrying(turn, reply, batch_id, files)


async def _sent(turn: Turn, go_on: GoOn) -> Reply:
    """A message that plainly wants something is answered as ever, and its files go along; else we ask."""
    most = turn.desk.organisation.attachments.most
    async with turn.desk.units() as unit:
        batch_id, files = await actions.keep_files(
            unit, turn.actor, turn.files, most, key=f"{turn.key}:files"
        )
    taken = [file for file in files if file.state is not State.REFUSED]
    if not taken:
        return (
            await go_on(turn) if turn.text else Reply()
        )  # what was wrong with them comes in a card of its own
    if turn.text and await _is_plain(turn):
        return _carrying(turn, await go_on(turn), batch_id, files)
    return Reply(await _ask(turn, FilesForm(batch_id, taken, words=turn.text[:INPUT_LIMIT])))


async def _is_plain(turn: Turn) -> bool:
    """Whether the text says what the files are for. An agent's seldom does: they mostly belong to somebody's ticket."""
    if turn.actor.is_agent or _NUMBER.search(turn.text):
        return False
    if await turn.desk.pending_answers.may_be(turn.person.id):
        return True
    guess = turn.desk.intents.guess(turn.text, turn.person.language)
    return guess.sure and guess.first not in SMALL_TALK


def _carrying(turn: Turn, reply: Reply, batch_id: str, files: tuple[Attachment, ...]) -> Reply:
    """The same card, with the files on every button that has to do with a ticket, and a line that says so."""
    going = [file for file in files if file.state is not State.REFUSED and file.ticket_id is None]
    if reply.card is None or not going:
        return reply
    card = deepcopy(reply.card)  # parts of a card are shared with those of others
    if not _give(card, batch_id):
        return reply
    line = cards.along(turn.t, going).model_dump(by_alias=True, exclude_none=True)
    return replace(reply, card={**card, "body": [*card["body"], line]})


CARRIERS = ("helpdesk.", "catalogue.", "tips.", "intent.")


def _give(element: Any, batch_id: str) -> int:
    """Put the files in the data of every button in a card that leads to a ticket. How many there were."""
    if isinstance(element, list):
        return sum(_give(item, batch_id) for item in element)
    if not isinstance(element, dict):
        return 0
    if element.get("type") == "Action.Execute":
        if not str(element.get("verb", "")).startswith(CARRIERS):
            return 0
        element["data"] = {**(element.get("data") or {}), FILES: batch_id}
        return 1
    return sum(_give(item, batch_id) for item in element.values() if isinstance(item, dict | list))


# --- which ticket? ----------------------------------------------------------------------------------------


async def _ask(turn: Turn, form: FilesForm) -> Card:
    async with turn.desk.units.read() as unit:
        offered = await actions.tickets_to_choose(unit, turn.actor, OFFERED)
        pending = await pending_answer(unit, turn.actor)
    named = _NUMBER.search(form.words)
    chosen = form.chosen or (pending.id if pending and not named else "")
    if not chosen and not form.number and not named and len(offered) == 1:
        chosen = offered[0].id
    return cards.ask(
        turn.t,
        replace(
            form,
            tickets=[(ticket.id, f"{ticket.number} · {ticket.title}") for ticket in offered],
            chosen=chosen,
            number=form.number or (named.group().upper() if named else ""),
            for_agent=turn.actor.is_agent,
        ),
    )


async def add(turn: Turn) -> Reply:
    """Put files on the ticket that was chosen, and say something with them; the form again when that cannot be."""
    batch_id, number, chosen = turn.field(FILES), turn.field("number"), turn.field("ticket")
    internal = turn.field("internal") == "yes" and turn.actor.is_agent
    async with turn.desk.units.read() as unit:
        files = await actions.list_batch(unit, turn.actor, batch_id)
    going = [file for file in files if file.state is not State.REFUSED]
    form = FilesForm(batch_id, going, (), chosen, number, turn.field("text"), turn.field("internal"))
    if not number and not chosen:
        problems = {"number": turn.t("Choose a ticket or give its number, please.")}
        return Reply(await _ask(turn, replace(form, problems=problems)))
    if not going:
        raise NotFound("These files are not here any more. Send them again, please.")
    words = turn.field("text") or ", ".join(file.name for file in going)
    try:
        async with turn.desk.units() as unit:
            ticket = await access_ticket(unit, turn.actor, number or chosen)
            await _say(unit, turn, ticket, words, batch_id, internal=internal)
            await actions.put_on_ticket(unit, turn.actor, batch_id, ticket.id, internal=internal)
    except (NotFound, Conflict) as refusal:
        problems = {"number" if number else "ticket": turn.t.error(refusal)}
        return Reply(await _ask(turn, replace(form, problems=problems)))
    turn.data = {"id": ticket.id}
    return await helpdesk.open_ticket(turn)


async def _say(unit: Unit, turn: Turn, ticket: Ticket, words: str, batch_id: str, *, internal: bool) -> None:
    """The message, or the note, that the files come with: who hears of it hears of them."""
    policy, key = turn.desk.organisation.helpdesk, f"files:{batch_id}"
    if internal:
        await write_note(unit, turn.actor, ticket.id, words, key=key)
    elif ticket.requester_id == turn.actor.id or not turn.actor.is_agent:
        await tickets.reply(unit, turn.actor, Say(ticket.id, words), policy, key=key)
    else:
        await tickets.answer(unit, turn.actor, Say(ticket.id, words), policy, key=key)


# --- on a ticket ------------------------------------------------------------------------------------------


async def section(unit: Unit, desk: Desk, person: Person, ticket: Ticket) -> Section:
    """The files of a ticket, for somebody who may see it."""
    files, more = await actions.list_on_ticket(unit, ticket.id, internal=_is_desks(person.as_actor(), ticket))
    return cards.on_ticket(translator(person.language), ticket, files, more)


def _is_desks(actor: Actor, ticket: Ticket) -> bool:
    """Whether the desk's own files are this reader's too: not for an agent whose own ticket it is."""
    return actor.is_agent and ticket.requester_id != actor.id


async def list_files(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        ticket = await access_ticket(unit, turn.actor, turn.field("id"))
        files, more = await actions.list_on_ticket(unit, ticket.id, internal=_is_desks(turn.actor, ticket))
        now = unit.now
    names = await names_of(turn.desk.directory, [file.uploader_id for file in files])
    links = turn.desk.links
    lines = [
        (
            file,
            names[file.uploader_id],
            links.link("file", file.id, turn.person.id, now) if file.state is State.STORED else "",
        )
        for file in files
    ]
    return Reply(cards.listed(turn.t, ticket, lines, more))


async def show_refused(unit: Unit, desk: Desk, person: Person, batch_id: str) -> Card | None:
    files = await actions.list_batch(unit, person.as_actor(), batch_id)
    if not any(file.state is State.REFUSED for file in files):
        return None
    return cards.refused(
        translator(person.language), files, desk.organisation.attachments.largest // MEGABYTE
    )


FEATURE = Feature(
    name="attachments",
    verbs={"attachments.add": add, "attachments.list": list_files},
    views={REFUSED: show_refused},
    around=around,
)
