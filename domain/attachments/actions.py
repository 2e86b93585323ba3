"""Files: kept when they are sent, put on a ticket when it is known which, and looked at by who may see the ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy import text as sql

from domain.actor import Actor
from domain.attachments.attachment import Attachment, SentFile, Source
from domain.attachments.models import attachments
from domain.attachments.rules import Format, Problem, State, named_as
from domain.errors import NotFound
from domain.helpdesk.models import OPEN, tickets
from domain.helpdesk.reading import access_ticket
from domain.helpdesk.ticket import Ticket
from domain.tables import is_id, new_id
from domain.unit import Unit

FETCH = "attachments.fetch"
"""Job kind: get the content of a file. Payload `{attachment}`."""
SETTLED = "attachments.settled"
"""Job kind: every file of a message has been fetched or refused. Payload `{batch}`."""
PLACED = "attachments.placed"
"""Job kind: what can be seen on a ticket has changed. Payload `{ticket}`."""

LOOSE_FOR = timedelta(days=2)
"""How long files wait to be put on a ticket."""
SHOWN = 50

_INSERT = insert(attachments)
_COLUMNS = tuple(column for column in attachments.c if column.name != "source")


async def keep_files(
    unit: Unit, actor: Actor, files: Sequence[SentFile], most: int, *, key: str
) -> tuple[str, tuple[Attachment, ...]]:
    """What somebody sent with one message, at most `most` of them to be fetched. Gives the id of the batch; with a key
    used before, the batch kept then."""
    batch_id = new_id()
    first = await unit.once(actor.id, key, tuple(file.name for file in files), batch_id)
    if first is not None:
        return first, await list_batch(unit, actor, first)
    for place, file in enumerate(files):
        problem = file.problem or (Problem.TOO_MANY if place >= most else None)
        source = file.source if problem is None else None
        attachment_id = new_id()
        row = {
            "id": attachment_id,
            "batch_id": batch_id,
            "uploader_id": actor.id,
            "ticket_id": None,
            "internal": False,
            "name": file.name,
            "state": (State.WAITING if source else State.REFUSED).value,
            "problem": None if source else (problem or Problem.UNREADABLE).value,
            "content_type": None,
            "size": None,
            "source": _stored(source) if source else None,
            "at": unit.now,
        }
        await unit.db.execute(_INSERT, row)
        if source:
            await unit.enqueue(FETCH, {"attachment": attachment_id})
    kept = await list_batch(unit, actor, batch_id)
    if all(file.state is not State.WAITING for file in kept):
        await unit.enqueue(SETTLED, {"batch": batch_id})
    return batch_id, kept


async def attach_file(
    unit: Unit, actor: Actor, ticket_id: str, file_id: str, name: str, known: Format, size: int, *, key: str
) -> Attachment:
    """Put a file on a ticket whose content is in the store under `file_id`. With a key used before, the file of then,
    and nobody knows of the content under `file_id`.

    Raises `NotFound` when the ticket is not the actor's to see.
    """
    ticket = await access_ticket(unit, actor, ticket_id)
    target = ticket.merged_into_id or ticket.id
    first = await unit.once(actor.id, key, ("attach", ticket.id, name, size), file_id)
    if first is not None:
        return await access_file(unit, actor, first)
    file = Attachment(
        id=file_id,
        batch_id=file_id,
        uploader_id=actor.id,
        ticket_id=target,
        internal=False,
        name=named_as(name, known),
        state=State.STORED,
        problem=None,
        content_type=known.content_type,
        size=size,
        at=unit.now,
    )
    await unit.db.execute(_INSERT, {**asdict(file), "state": file.state.value, "source": None})
    await unit.enqueue(PLACED, {"ticket": target})
    return file


async def put_on_ticket(
    unit: Unit, actor: Actor, batch_id: str, ticket_id: str, *, internal: bool = False
) -> int:
    """Put the files of one's own message on a ticket; on the one that goes on in its place, when it was merged. How
    many went: none when they are on a ticket already. `internal` ones are for the desk only.

    Raises `NotFound` when the ticket is not the actor's to see.
    """
    ticket = await access_ticket(unit, actor, ticket_id)
    if not is_id(batch_id):
        return 0
    target = ticket.merged_into_id or ticket.id
    mine = (attachments.c.batch_id == batch_id, attachments.c.uploader_id == actor.id)
    moved = await unit.db.execute(
        update(attachments)
        .where(*mine, attachments.c.ticket_id.is_(None))
        .values(ticket_id=target, internal=internal and actor.is_agent)
    )
    if moved.rowcount:
        await unit.enqueue(PLACED, {"ticket": target})
    return moved.rowcount


async def list_batch(unit: Unit, actor: Actor, batch_id: str) -> tuple[Attachment, ...]:
    """One's own files of one message; none when there is no such message."""
    if not is_id(batch_id):
        return ()
    statement = select(*_COLUMNS).where(
        attachments.c.batch_id == batch_id, attachments.c.uploader_id == actor.id
    )
    return tuple(_attachment(row) for row in await unit.db.execute(statement.order_by(attachments.c.id)))


async def list_on_ticket(
    unit: Unit, ticket_id: str, *, internal: bool, limit: int = SHOWN
) -> tuple[tuple[Attachment, ...], int]:
    """The files on a ticket that are not refused, the first one first, and how many more there are.

    Without `internal`, those of the desk alone are left out. Who asks may see the ticket: the caller has looked.
    """
    seen = [attachments.c.ticket_id == ticket_id, attachments.c.state != State.REFUSED.value]
    if not internal:
        seen.append(attachments.c.internal.is_(False))
    rows = await unit.db.execute(select(*_COLUMNS).where(*seen).order_by(attachments.c.id).limit(limit + 1))
    found = tuple(_attachment(row) for row in rows)
    more = 0
    if len(found) > limit:
        counted = await unit.db.execute(select(func.count()).select_from(attachments).where(*seen))
        more = counted.scalar_one() - limit
    return found[:limit], more


async def tickets_to_choose(unit: Unit, actor: Actor, limit: int) -> tuple[Ticket, ...]:
    """Open tickets that files of this person may well be for: what they handle, then what they asked for."""
    found: dict[str, Ticket] = {}
    for whose in (tickets.c.assignee_id, tickets.c.requester_id):
        statement = select(tickets.c.id).where(whose == actor.id, sql(OPEN)).order_by(tickets.c.id.desc())
        for ticket_id in (await unit.db.execute(statement.limit(limit))).scalars().all():
            if ticket_id not in found and len(found) < limit:
                found[ticket_id] = await access_ticket(unit, actor, ticket_id)
    return tuple(found.values())


async def access_file(unit: Unit, actor: Actor, attachment_id: str) -> Attachment:
    """A file whose content is here, for who sent it and for who may see its ticket. `NotFound` for all others."""
    missing = NotFound("There is no such file.", field="id")
    if not is_id(attachment_id):
        raise missing
    row = (await unit.db.execute(select(*_COLUMNS).where(attachments.c.id == attachment_id))).one_or_none()
    if row is None or row.state != State.STORED.value:
        raise missing
    file = _attachment(row)
    if file.uploader_id == actor.id:
        return file
    if file.ticket_id is None or (file.internal and not actor.is_agent):
        raise missing
    try:
        ticket = await access_ticket(unit, actor, file.ticket_id)
    except NotFound:
        raise missing from None
    if file.internal and ticket.requester_id == actor.id:
        raise missing
    return file


# --- for the jobs: nobody looks ---------------------------------------------------------------------------


async def to_fetch(unit: Unit, attachment_id: str) -> tuple[Attachment, Source] | None:
    """A file that waits to be fetched, and from where; None when that is done."""
    row = (await unit.db.execute(select(attachments).where(attachments.c.id == attachment_id))).one_or_none()
    if row is None or row.state != State.WAITING.value or row.source is None:
        return None
    return _attachment(row), Source(row.source["url"], row.source["service"], row.source["token"])


async def is_here(unit: Unit, file: Attachment, known: Format, size: int) -> None:
    """The content of a file is in the store."""
    values = {
        "state": State.STORED.value,
        "name": named_as(file.name, known),
        "content_type": known.content_type,
        "size": size,
    }
    await _settle(unit, file, values)


async def is_refused(unit: Unit, file: Attachment, problem: Problem) -> None:
    await _settle(unit, file, {"state": State.REFUSED.value, "problem": problem.value})


async def _settle(unit: Unit, file: Attachment, values: Mapping[str, Any]) -> None:
    """With the last file of a message, one job follows for all of them."""
    await unit.hold(f"files:{file.batch_id}")
    waiting = attachments.c.state == State.WAITING.value
    changed = await unit.db.execute(
        update(attachments).where(attachments.c.id == file.id, waiting).values(source=None, **values)
    )
    left = select(attachments.c.id).where(attachments.c.batch_id == file.batch_id, waiting).limit(1)
    if changed.rowcount and (await unit.db.execute(left)).first() is None:
        await unit.enqueue(SETTLED, {"batch": file.batch_id})


async def load_batch(unit: Unit, batch_id: str) -> tuple[Attachment, ...]:
    statement = select(*_COLUMNS).where(attachments.c.batch_id == batch_id).order_by(attachments.c.id)
    return tuple(_attachment(row) for row in await unit.db.execute(statement))


async def move_files(unit: Unit, from_ticket: str, to_ticket: str) -> None:
    await unit.db.execute(
        update(attachments).where(attachments.c.ticket_id == from_ticket).values(ticket_id=to_ticket)
    )


async def old_loose_files(unit: Unit, before: datetime, limit: int) -> tuple[str, ...]:
    """Files that nobody put on a ticket, sent before this moment: the oldest ones."""
    statement = (
        select(attachments.c.id)
        .where(attachments.c.ticket_id.is_(None), attachments.c.at < before)
        .order_by(attachments.c.at)
        .limit(limit)
    )
    return tuple((await unit.db.execute(statement)).scalars())


async def forget(unit: Unit, ids: Sequence[str]) -> None:
    """Files whose content is gone from the store, and that still nobody put on a ticket."""
    await unit.db.execute(
        delete(attachments).where(attachments.c.id.in_(ids), attachments.c.ticket_id.is_(None))
    )


def _stored(source: Source) -> dict[str, Any]:
    return {"url": source.url, "service": source.service_url, "token": source.with_token}


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        id=row.id,
        batch_id=row.batch_id,
        uploader_id=row.uploader_id,
        ticket_id=row.ticket_id,
        internal=row.internal,
        name=row.name,
        state=State(row.state),
        problem=Problem(row.problem) if row.problem else None,
        content_type=row.content_type,
        size=row.size,
        at=row.at,
    )
