"""Teams channels in which groups of agents work: one thread per ticket, its card first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from domain.actor import Actor
from domain.errors import NotFound
from domain.helpdesk.models import DeskChannelRow, TicketThreadRow, desk_channels, ticket_threads
from domain.unit import Unit

THREAD = ";messageid="
"""Parts a channel from the thread in a conversation's id, as Teams writes it."""


@dataclass(frozen=True, slots=True)
class DeskChannel:
    """How to reach a group's channel. `conversation_id` is the channel's, without a thread."""

    group_id: str
    conversation_id: str
    service_url: str
    channel_id: str
    tenant_id: str | None
    bot_id: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A ticket's card in a channel."""

    ticket_id: str
    conversation_id: str
    service_url: str
    activity_id: str


def split_conversation(conversation_id: str) -> tuple[str, str]:
    """A channel's id, and that of the message its thread began with; empty outside a thread."""
    channel, _, root = conversation_id.partition(THREAD)
    return channel, root


async def use_channel(unit: Unit, actor: Actor, channel: DeskChannel) -> None:
    """From now on a group works in this channel, and no longer in another. For agents; `NotFound` for others."""
    if not actor.is_agent:
        raise NotFound("There is nothing here for you.")
    row = {
        "conversation_id": channel.conversation_id,
        "service_url": channel.service_url,
        "channel_id": channel.channel_id,
        "tenant_id": channel.tenant_id,
        "bot_id": channel.bot_id,
        "updated_at": unit.now,
    }
    if not await unit.insert_new(DeskChannelRow, {"group_id": channel.group_id, **row}):
        await unit.db.execute(
            update(desk_channels).where(desk_channels.c.group_id == channel.group_id).values(**row)
        )


async def channel_of(unit: Unit, group_id: str) -> DeskChannel | None:
    row = (
        await unit.db.execute(select(desk_channels).where(desk_channels.c.group_id == group_id))
    ).one_or_none()
    if row is None:
        return None
    return DeskChannel(
        row.group_id, row.conversation_id, row.service_url, row.channel_id, row.tenant_id, row.bot_id
    )


async def threads_of(unit: Unit, ticket_id: str) -> Sequence[Thread]:
    rows = await unit.db.execute(select(ticket_threads).where(ticket_threads.c.ticket_id == ticket_id))
    return [Thread(row.ticket_id, row.conversation_id, row.service_url, row.activity_id) for row in rows]


async def remember_thread(unit: Unit, thread: Thread) -> None:
    """The newest card wins: an older one was deleted, or came twice."""
    row = {
        "ticket_id": thread.ticket_id,
        "conversation_id": thread.conversation_id,
        "service_url": thread.service_url,
        "activity_id": thread.activity_id,
        "at": unit.now,
    }
    if not await unit.insert_new(TicketThreadRow, row):
        await unit.db.execute(
            update(ticket_threads)
            .where(
                ticket_threads.c.ticket_id == thread.ticket_id,
                ticket_threads.c.conversation_id == thread.conversation_id,
            )
            .values(activity_id=thread.activity_id, at=unit.now)
        )


async def ticket_in_thread(unit: Unit, conversation_id: str, activity_id: str) -> str | None:
    """The id of the ticket whose card a thread began with."""
    found = select(ticket_threads.c.ticket_id).where(
        ticket_threads.c.conversation_id == conversation_id, ticket_threads.c.activity_id == activity_id
    )
    return (await unit.db.execute(found.limit(1))).scalar_one_or_none()
