"""A flow says something to a person, or in the channel of a group of agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from domain.actor import Actor
from domain.chats.actions import show
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.flow_messages.models import FlowMessageRow
from domain.helpdesk.channels import channel_of
from domain.helpdesk.models import desk_channels
from domain.helpdesk.texts import TITLE_LIMIT, check_text
from domain.people.models import Person
from domain.tables import new_id
from domain.unit import Unit

VIEW = "flow_messages.message"
IN_CHANNEL = "flow_messages.channel"
"""Job kind: post a message in the channel of its group. Payload `{message}`."""
TEXT_LIMIT = 2000
"""Characters: what a card shows whole."""
LINK_LIMIT = 500
KEPT_FOR = timedelta(days=90)
"""The cards stay in the chats; only what they are drawn from goes."""
PAGE = 1000


@dataclass(frozen=True, slots=True)
class SendMessage:
    """`link` is an https address that people can open from it."""

    title: str
    text: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class FlowMessage:
    id: str
    sender_id: str
    sender_name: str
    title: str
    text: str
    link: str | None
    person_id: str | None
    group_id: str | None
    at: datetime


async def send_to_person(
    unit: Unit, actor: Actor, person: Person, command: SendMessage, *, key: str
) -> FlowMessage:
    """Shown in their chat when they want to be told; with a key used before, the message of then.

    Raises `Invalid` for a text or a link that will not do, and for who does not work here any more.
    """
    if not person.active:
        raise Invalid("{name} does not work here any more.", field="person", name=person.name)
    sent, new = await _write(unit, actor, command, person.id, None, key)
    if new:
        await show(unit, VIEW, sent.id, person.id)
    return sent


async def send_to_channel(
    unit: Unit, actor: Actor, group_id: str, command: SendMessage, *, key: str
) -> FlowMessage:
    """Posted in the channel in which a group works. Raises `NotFound` (field `channel`) for a group without one."""
    if await channel_of(unit, group_id) is None:
        raise NotFound("There is no such channel.", field="channel")
    sent, new = await _write(unit, actor, command, None, group_id, key)
    if new:
        await unit.enqueue(IN_CHANNEL, {"message": sent.id}, lane=f"channel:{group_id}")
    return sent


async def load_message(unit: Unit, message_id: str) -> FlowMessage | None:
    """For whom it is shown to."""
    row = (await unit.db.execute(select(FlowMessageRow).where(FlowMessageRow.id == message_id))).one_or_none()
    return FlowMessage(**row._mapping) if row else None


async def forget_messages(desk: Desk) -> int:
    """Delete what was said long ago, a page per transaction. How many.

    Ids are in the order of time: the oldest page of them tells whether there is anything to do."""
    gone = 0
    while True:
        async with desk.units() as unit:
            oldest = (
                select(FlowMessageRow.id, FlowMessageRow.at)
                .order_by(FlowMessageRow.id)
                .limit(PAGE)
                .subquery()
            )
            old = select(oldest.c.id).where(oldest.c.at < unit.now - KEPT_FOR)
            page = (await unit.db.execute(delete(FlowMessageRow).where(FlowMessageRow.id.in_(old)))).rowcount
        gone += page
        if page < PAGE:
            return gone


async def groups_with_channel(unit: Unit) -> Sequence[str]:
    return (await unit.db.execute(select(desk_channels.c.group_id))).scalars().all()


async def _write(
    unit: Unit, actor: Actor, command: SendMessage, person_id: str | None, group_id: str | None, key: str
) -> tuple[FlowMessage, bool]:
    """The message, and whether it is new."""
    title = check_text(command.title, "title", TITLE_LIMIT)
    text = check_text(command.text, "text", TEXT_LIMIT)
    if command.link is not None and not (
        command.link.startswith("https://") and len(command.link) <= LINK_LIMIT and command.link.isprintable()
    ):
        raise Invalid("The address has to start with https.", field="link")
    message = FlowMessage(
        id=new_id(),
        sender_id=actor.id,
        sender_name=actor.name,
        title=title,
        text=text,
        link=command.link,
        person_id=person_id,
        group_id=group_id,
        at=unit.now,
    )
    first = await unit.once(actor.id, key, (command, person_id, group_id), message.id)
    if first is not None:
        known = await load_message(unit, first)
        if known is None:
            raise Conflict("This message was sent long ago.")
        return known, False
    columns = {name: getattr(message, name) for name in FlowMessageRow.__table__.c.keys()}  # noqa: SIM118
    await unit.db.execute(insert(FlowMessageRow), columns)
    return message, True
