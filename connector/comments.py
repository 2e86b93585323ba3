"""What is said on a ticket, and the files that are put on it."""

from __future__ import annotations

import asyncio
import io

from connector.acting import at_the_desk, key_of, named, on_behalf
from connector.authentication import Caller
from connector.operation import Answer, Call, Operation
from connector.shapes import comments as shapes
from connector.shapes.base import Page, present
from connector.ticket_changes import speak
from connector.tickets import TICKET
from domain.actor import Actor
from domain.api_keys.models import Scope
from domain.attachments.actions import attach_file
from domain.attachments.fetching import look_at
from domain.attachments.rules import Refused, file_name
from domain.desk import Desk
from domain.errors import Invalid
from domain.helpdesk.actions import Say
from domain.helpdesk.notes import write_note
from domain.helpdesk.reading import access_ticket, list_messages, message_of
from domain.helpdesk.ticket import Message
from domain.tables import new_id

MOST_BYTES = 7_500_000
"""Of a body with a file in it, which base64 makes a third larger."""


async def add(desk: Desk, caller: Caller, call: Call[None, shapes.NewComment]) -> Answer:
    """By the requester to the desk, or by the desk to the requester; internal ones stay at the desk."""
    wanted, actor = call.body, await _speaker(desk, caller, call.body.on_behalf_of)
    key = key_of("comment", call.key, wanted.external_id)
    async with desk.units() as unit:
        ticket = await access_ticket(unit, actor, call.path["ticketId"])
        if wanted.internal:
            note = await write_note(unit, actor, ticket.id, wanted.text, key=key)
            said = Message(note.id, note.ticket_id, note.author_id, True, note.text, note.at)
        else:
            spoken = Say(ticket.id, wanted.text)
            ticket = await speak(unit, actor, ticket, spoken, desk.organisation.helpdesk, key)
            said = await message_of(unit, ticket, actor, wanted.text)
    return Answer(await shape_of(desk, said, internal=wanted.internal))


async def _speaker(desk: Desk, caller: Caller, email: str | None) -> Actor:
    named_one = await on_behalf(desk, caller, email)
    return named_one.as_actor() if named_one else at_the_desk(caller)


async def find(desk: Desk, caller: Caller, call: Call[Page, None]) -> Answer:
    """What requester and desk said to each other; notes of the desk are not among it."""
    with named(cursor="$skiptoken"):
        async with desk.units.read() as unit:
            ticket = await access_ticket(unit, caller.actor, call.path["ticketId"])
            found, cursor = await list_messages(
                unit, ticket, limit=call.query.top, cursor=call.query.skiptoken
            )
    value = [await shape_of(desk, message) for message in found]
    return Answer(present(shapes.CommentPage(value=value, nextLink=call.next_link(cursor))))


async def attach(desk: Desk, caller: Caller, call: Call[None, shapes.NewAttachment]) -> Answer:
    """Raises `Invalid` for a file that the desk does not take, with why."""
    wanted, actor = call.body, at_the_desk(caller)
    content, attachment_id = io.BytesIO(wanted.content), new_id()
    try:
        known, size = await asyncio.to_thread(look_at, wanted.name, content, desk.organisation.attachments)
    except Refused as refused:
        from cards.attachments import PROBLEM_WORDS  # what the sender of a message reads too

        most = desk.organisation.attachments.largest // 1024**2
        raise Invalid(PROBLEM_WORDS[refused.problem], field="content", megabytes=most) from None
    async with desk.units.read() as unit:
        await access_ticket(unit, actor, call.path["ticketId"])
    content.seek(0)
    await desk.files.save(attachment_id, content, known.content_type)
    async with desk.units() as unit:
        file = await attach_file(
            unit,
            actor,
            call.path["ticketId"],
            attachment_id,
            file_name(wanted.name, attachment_id),
            known,
            size,
            key=key_of("attach", call.key, wanted.external_id),
        )
    if file.id != attachment_id:  # a repeat: the first one is there
        await desk.files.delete(attachment_id)
    return Answer(
        shapes.Attachment(
            id=file.id,
            ticketId=file.ticket_id or "",
            name=file.name,
            contentType=file.content_type or known.content_type,
            size=file.size or size,
        )
    )


async def shape_of(desk: Desk, message: Message, *, internal: bool = False) -> shapes.Comment:
    author = await desk.directory.person(message.author_id)
    return present(
        shapes.Comment(
            id=message.id,
            ticketId=message.ticket_id,
            text=message.text,
            fromDesk=message.from_desk,
            internal=internal,
            authorName=author.name if author else message.author_id.removeprefix("flow:"),
            authorEmail=author.email if author else None,
            createdAt=message.at,
        )
    )


OPERATIONS = (
    Operation(
        id="AddComment",
        method="POST",
        path="/tickets/{ticketId}/comments",
        summary="Add a comment to a ticket",
        description="Says something on a ticket, to its requester or to the helpdesk.",
        scope=Scope.WRITE,
        handler=add,
        parameters=TICKET,
        body=shapes.NewComment,
        answer=shapes.Comment,
        status=201,
        important=True,
    ),
    Operation(
        id="ListComments",
        method="GET",
        path="/tickets/{ticketId}/comments",
        summary="List the comments on a ticket",
        description="Gets what the requester and the helpdesk said to each other, the first thing first.",
        scope=Scope.READ,
        handler=find,
        parameters=TICKET,
        query=Page,
        answer=shapes.CommentPage,
        pageable=True,
    ),
    Operation(
        id="AddAttachment",
        method="POST",
        path="/tickets/{ticketId}/attachments",
        summary="Add an attachment to a ticket",
        description="Puts a file of up to 5 MB on a ticket, when the helpdesk takes files of its kind.",
        scope=Scope.WRITE,
        handler=attach,
        parameters=TICKET,
        body=shapes.NewAttachment,
        answer=shapes.Attachment,
        status=201,
        most_bytes=MOST_BYTES,
    ),
)
