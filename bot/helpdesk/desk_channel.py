"""The helpdesk's channels: one card per ticket that follows it, and replies in its thread."""

from __future__ import annotations

import logging
import re
from typing import Any

from bot.bridge import wire
from bot.bridge.activities import fits, message
from bot.bridge.connector import Connector, ConnectorError
from bot.helpdesk.faces import channel_face_of
from bot.turn import NOTHING, Card, Feature, Reply, Turn
from cards.helpdesk import desk_channel as cards
from cards.helpdesk.requester import Notice
from domain.desk import Desk
from domain.errors import Conflict, NotFound
from domain.helpdesk import actions
from domain.helpdesk.actions import Say
from domain.helpdesk.channels import (
    THREAD,
    DeskChannel,
    Thread,
    channel_of,
    remember_thread,
    split_conversation,
    threads_of,
    ticket_in_thread,
    use_channel,
)
from domain.helpdesk.notes import access_as_agent, write_note
from domain.helpdesk.notify import IN_CHANNEL
from domain.helpdesk.policy import Group
from domain.helpdesk.reading import load_message, load_ticket
from domain.helpdesk.texts import check_text
from domain.jobs.handling import ClaimedJob, JobHandler, PermanentFailureError, RetryLaterError
from domain.people.names import names_of
from domain.unit import Unit
from locales import Translator, translator

log = logging.getLogger(__name__)

_USE = re.compile(r"\s*/?(?:helpdesk ?kanaal|kanaal|channel|canal)\b\s*(?P<group>.*)", re.IGNORECASE)
_SAYS = re.compile(
    r"\s*(?P<what>antwoord|answer|réponse|notitie|nota|note)\s*:\s*(?P<text>.+)", re.IGNORECASE | re.DOTALL
)
VIEW = cards.VIEW
SAID = "helpdesk.said"
"""Job kind: a card in a thread says to everybody what became of a message. Payload: where it stands, and the card."""
_ANSWERS = frozenset({"antwoord", "answer", "réponse"})


# --- what is typed in a channel ---------------------------------------------------------------------------


async def claims(turn: Turn) -> Reply:
    """In a group's channel: making it one, and replies in the thread of a ticket. Everything else is for others."""
    if turn.place.personal:
        return NOTHING
    channel, root = split_conversation(turn.place.conversation_id)
    async with turn.desk.units.read() as unit:
        ticket_id = await ticket_in_thread(unit, channel, root) if root else None
        if ticket_id is None:
            # In Teams a new post begins a thread of its own: it is in one too.
            wanted = _USE.fullmatch(turn.text) if turn.actor.is_agent else None
            return await _use(turn, channel, wanted["group"]) if wanted else NOTHING
        if not turn.actor.is_agent:
            return Reply(text=turn.t("Only agents of the helpdesk can answer here."))
        ticket = await access_as_agent(unit, turn.actor, ticket_id)
    names = await names_of(turn.desk.directory, [ticket.requester_id])
    name = names[ticket.requester_id].removeprefix("flow:")
    said = _SAYS.fullmatch(turn.text)
    if said is not None:
        what = "answer" if said["what"].lower() in _ANSWERS else "note"
        return await _take(turn, ticket.id, what, said["text"], turn.key)
    data: dict[str, str | int] = {"id": ticket.id, "key": turn.key}
    return Reply(cards.which(turn.t, ticket.number, name, turn.text, data, is_open=ticket.state.open))


async def _use(turn: Turn, channel: str, wanted: str) -> Reply:
    group = _group(turn, wanted)
    if group is None:
        names = ", ".join(one.name for one in turn.desk.organisation.helpdesk.groups)
        return Reply(text=turn.t("Which group works here: {names}?", names=names))
    place = turn.place
    async with turn.desk.units() as unit:
        await use_channel(
            unit,
            turn.actor,
            DeskChannel(
                group.id, channel, place.service_url, place.channel_id, place.tenant_id, place.bot_id
            ),
        )
    return Reply(text=turn.t("From now on the tickets of {group} come in this channel.", group=group.name))


def _group(turn: Turn, wanted: str) -> Group | None:
    """By its name or id; the only group needs no name."""
    groups, wanted = turn.desk.organisation.helpdesk.groups, wanted.strip().casefold()
    if not wanted and len(groups) == 1:
        return groups[0]
    return next((one for one in groups if wanted in (one.id.casefold(), one.name.casefold())), None)


async def thread(turn: Turn) -> Reply:
    """Answers a press: what was typed in the thread is what was chosen. Of two agents who press, the first decides."""
    return await _take(turn, turn.field("id"), turn.field("as"), turn.field("text"), turn.field("key"))


async def _take(turn: Turn, ticket_id: str, what: str, typed: str, key: str) -> Reply:
    if what not in ("answer", "resolve", "note", "nothing"):
        raise NotFound("There is nothing here for you.")
    policy = turn.desk.organisation.helpdesk
    async with turn.desk.units() as unit:
        ticket = await access_as_agent(unit, turn.actor, ticket_id)
        words = check_text(typed, "text")
        said = Say(ticket.id, words)
        # The card is everybody's: one message in the thread becomes one thing, whoever presses.
        first = await unit.once("thread", key, ("thread", ticket.id), f"{what}:{turn.actor.id}")
        if first is not None and first != f"{what}:{turn.actor.id}":
            raise Conflict("Somebody else was first: this has been dealt with.")
        if what == "note":
            await write_note(unit, turn.actor, ticket.id, words, key=f"{key}:note")
        elif what != "nothing":
            do = actions.answer if what == "answer" else actions.resolve
            await do(unit, turn.actor, said, policy, key=f"{key}:{what}")
        names = await names_of(turn.desk.directory, [ticket.requester_id])
        name = names[ticket.requester_id].removeprefix("flow:")
        card = cards.said(_city(turn.desk), what, name, turn.person.name, words)
        if turn.card_id and first is None:
            place = {
                "service_url": turn.place.service_url,
                "conversation": turn.place.conversation_id,
                "activity": turn.card_id,
            }
            await unit.enqueue(SAID, {**place, "card": card})
    return Reply(card)


def _city(desk: Desk) -> Translator:
    """A card for everybody speaks the city's language."""
    return translator(desk.organisation.language)


# --- the card in the channel ------------------------------------------------------------------------------


def handlers(desk: Desk, connector: Connector) -> dict[str, JobHandler]:
    async def in_channel(job: ClaimedJob) -> None:
        """Brings the ticket's cards up to date, posts one in its group's channel when there is none yet, and brings
        what the requester said into its thread. As things stand when it runs: it may be late, or repeated."""
        ticket_id, message_id = job.payload["ticket"], job.payload.get("message")
        async with desk.units.read() as unit:
            ticket = await load_ticket(unit, ticket_id)
            channel = await channel_of(unit, desk.organisation.helpdesk.group(ticket.group_id).id)
            threads = await threads_of(unit, ticket_id)
            if channel is None and not threads:
                return
            card = await render(unit, desk, ticket_id)
            told = await load_message(unit, message_id) if message_id else None
        if not fits(card):
            log.error("card_too_large", extra={"view": cards.VIEW, "subject": ticket_id})
            return
        try:
            # A ticket that went to another group keeps its thread in the channel it came from.
            for known in threads:
                await _update(connector, known, card)
            if channel is None:
                return
            here = next((one for one in threads if one.conversation_id == channel.conversation_id), None)
            if here is None and ticket.state.open:
                here = await _begin(connector, channel, ticket_id, card)
                async with desk.units() as unit:
                    await remember_thread(unit, here)
            if here is not None and told is not None:
                names = await names_of(desk.directory, [told.author_id])
                reply = cards.requester_said(_city(desk), names[told.author_id], told.text)
                root = f"{channel.conversation_id}{THREAD}{here.activity_id}"
                await connector.post(channel.service_url, root, channel_activity(channel, root, reply))
        except ConnectorError as error:
            raise as_job_error(error) from error

    async def said(job: ClaimedJob) -> None:
        """What became of a message in a thread, for everybody there: a press changes the card for who pressed only."""
        place = job.payload
        connector.vouch(place["service_url"])
        body = {**wire.write(message(card=place["card"])), "id": place["activity"]}
        try:
            await connector.update(place["service_url"], place["conversation"], place["activity"], body)
        except ConnectorError as error:
            if error.gone:
                return
            raise as_job_error(error) from error

    return {IN_CHANNEL: in_channel, SAID: said}


async def render(unit: Unit, desk: Desk, ticket_id: str, notice: Notice | None = None) -> Card:
    """The ticket's card for everybody in the channel."""
    face, group = await channel_face_of(unit, desk, ticket_id)
    return cards.ticket(_city(desk), face, group, notice)


async def _update(connector: Connector, known: Thread, card: Card) -> None:
    """A card that somebody deleted stays deleted."""
    connector.vouch(known.service_url)
    body = {**wire.write(message(card=card)), "id": known.activity_id}
    try:
        await connector.update(known.service_url, known.conversation_id, known.activity_id, body)
    except ConnectorError as error:
        if not error.gone:
            raise


async def _begin(connector: Connector, channel: DeskChannel, ticket_id: str, card: Card) -> Thread:
    """A message to a channel itself begins a thread; its id is the thread's."""
    connector.vouch(channel.service_url)
    body = channel_activity(channel, channel.conversation_id, card)
    activity_id = await connector.post(channel.service_url, channel.conversation_id, body)
    if activity_id is None:
        raise PermanentFailureError("the channel gave no id of the card")
    return Thread(ticket_id, channel.conversation_id, channel.service_url, activity_id)


def channel_activity(channel: DeskChannel, conversation_id: str, card: Card) -> dict[str, Any]:
    return {
        **wire.write(message(card=card)),
        "channelId": channel.channel_id,
        "serviceUrl": channel.service_url,
        "conversation": {
            "id": conversation_id,
            "conversationType": "channel",
            "isGroup": True,
            "tenantId": channel.tenant_id,
        },
        "from": {"id": channel.bot_id},
    }


def as_job_error(error: ConnectorError) -> Exception:
    if error.permanent:
        return PermanentFailureError(str(error))
    return RetryLaterError(str(error), error.retry_after)


FEATURE = Feature(name="desk_channel", verbs={"desk.thread": thread}, claims=claims)
