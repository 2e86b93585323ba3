"""Messages of flows, to people and in channels."""

from __future__ import annotations

from connector.acting import colleague, key_of
from connector.authentication import Caller
from connector.operation import Answer, Call, Operation
from connector.shapes import lookups
from connector.shapes import messages as shapes
from connector.shapes.base import present
from domain.api_keys.models import Scope
from domain.desk import Desk
from domain.flow_messages.actions import (
    FlowMessage,
    SendMessage,
    groups_with_channel,
    send_to_channel,
    send_to_person,
)


async def to_person(desk: Desk, caller: Caller, call: Call[None, shapes.PersonMessage]) -> Answer:
    wanted = call.body
    person = await colleague(desk, wanted.person, "person")
    command = SendMessage(wanted.title, wanted.text, wanted.link)
    key = key_of("message", call.key, wanted.external_id)
    async with desk.units() as unit:
        return Answer(_shape(await send_to_person(unit, caller.actor, person, command, key=key)))


async def in_channel(desk: Desk, caller: Caller, call: Call[None, shapes.ChannelMessage]) -> Answer:
    wanted = call.body
    command = SendMessage(wanted.title, wanted.text, wanted.link)
    key = key_of("message", call.key, wanted.external_id)
    async with desk.units() as unit:
        return Answer(_shape(await send_to_channel(unit, caller.actor, wanted.channel, command, key=key)))


async def channels(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
    """The groups of agents that work in a channel."""
    async with desk.units.read() as unit:
        known = set(await groups_with_channel(unit))
    groups = [group for group in desk.organisation.helpdesk.groups if group.id in known]
    return Answer(lookups.Options(value=[lookups.Option(id=group.id, name=group.name) for group in groups]))


def _shape(sent: FlowMessage) -> shapes.SentMessage:
    return present(
        shapes.SentMessage(id=sent.id, title=sent.title, text=sent.text, link=sent.link, sentAt=sent.at)
    )


OPERATIONS = (
    Operation(
        id="SendMessage",
        method="POST",
        path="/messages/person",
        summary="Send a message to a person",
        description="Shows a message to a colleague in the chat with the desk, when they want to be told.",
        scope=Scope.MESSAGES_SEND,
        handler=to_person,
        body=shapes.PersonMessage,
        answer=shapes.SentMessage,
        status=202,
        important=True,
    ),
    Operation(
        id="PostMessage",
        method="POST",
        path="/messages/channel",
        summary="Post a message in a channel",
        description="Posts a message in the channel in which a group of the helpdesk works.",
        scope=Scope.MESSAGES_SEND,
        handler=in_channel,
        body=shapes.ChannelMessage,
        answer=shapes.SentMessage,
        status=202,
        errors=frozenset({404}),
    ),
    Operation(
        id="ListChannels",
        method="GET",
        path="/lookups/channels",
        summary="List channels of the helpdesk",
        description="Gets the channels of the helpdesk to choose from.",
        scope=None,
        handler=channels,
        answer=lookups.Options,
        internal=True,
    ),
)
