"""The jobs of files: fetch, look at what it is, keep it; then tell who sent it and who looks at the ticket."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import zipfile
from typing import IO

from domain.actor import Role
from domain.attachments import actions
from domain.attachments.actions import FETCH, PLACED, SETTLED
from domain.attachments.attachment import Attachment
from domain.attachments.ports import Downloads
from domain.attachments.rules import HEAD, AttachmentPolicy, Format, Problem, Refused, State, check_file
from domain.chats.actions import show
from domain.desk import Desk
from domain.helpdesk.changes import TicketChanged
from domain.helpdesk.notify import DESK, REQUESTER
from domain.helpdesk.reading import load_ticket
from domain.helpdesk.ticket import Ticket
from domain.jobs.handling import ClaimedJob, JobHandler, RetryLaterError
from domain.unit import Unit

log = logging.getLogger(__name__)

REFUSED = "attachments.refused"
"""View of a message's files, for their sender: those that were not taken, by name, and why."""
IN_MEMORY = 1024 * 1024
"""Bytes of a file held in memory while it is fetched; a larger one goes through a temporary file."""
TRIES = 5
"""With the waits of jobs: half a minute or so. Then the sender hears that it did not work."""
MOST_MEMBERS = 10_000
BITE = 100
"""Files of one transaction."""


def handlers(desk: Desk, downloads: Downloads) -> dict[str, JobHandler]:
    policy = desk.organisation.attachments

    async def fetch(job: ClaimedJob) -> None:
        """Repeating it overwrites the same content, as long as the file waits."""
        async with desk.units.read() as unit:
            waiting = await actions.to_fetch(unit, job.payload["attachment"])
        if waiting is None:
            return
        file, source = waiting
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as content:
            try:
                await downloads.fetch(source, content, policy.largest)
                known, size = await asyncio.to_thread(look_at, file.name, content, policy)
                await desk.files.save(file.id, content, known.content_type)
            except Refused as refused:
                await _refuse(file, refused.problem)
                return
            except RetryLaterError:
                if job.attempts < TRIES:
                    raise
                log.warning("file_not_fetched", extra={"attachment": file.id}, exc_info=True)
                await _refuse(file, Problem.BROKEN)
                return
        async with desk.units() as unit:
            await actions.is_here(unit, file, known, size)

    async def _refuse(file: Attachment, problem: Problem) -> None:
        async with desk.units() as unit:
            await actions.is_refused(unit, file, problem)

    async def settled(job: ClaimedJob) -> None:
        async with desk.units() as unit:
            batch = await actions.load_batch(unit, job.payload["batch"])
            if not batch:
                return
            if any(file.state is State.REFUSED for file in batch):
                await show(unit, REFUSED, batch[0].batch_id, batch[0].uploader_id)
            if batch[0].ticket_id is not None:
                await _show_ticket(unit, desk, batch[0].ticket_id)

    async def placed(job: ClaimedJob) -> None:
        async with desk.units() as unit:
            await _show_ticket(unit, desk, job.payload["ticket"])

    return {FETCH: fetch, SETTLED: settled, PLACED: placed}


async def _show_ticket(unit: Unit, desk: Desk, ticket_id: str) -> None:
    """The cards of a ticket that stand in chats show its files."""
    ticket = await load_ticket(unit, ticket_id)
    for agent in await desk.directory.with_role(Role.AGENT):
        await show(unit, DESK, ticket.id, agent.id, only_if_posted=True)
    await show(unit, REQUESTER, ticket.id, ticket.requester_id, only_if_posted=True)


def look_at(name: str, content: IO[bytes], policy: AttachmentPolicy) -> tuple[Format, int]:
    """What a file is, and its size in bytes. Blocking. Raises `Refused`."""
    size = content.seek(0, 2)
    content.seek(0)
    head = content.read(HEAD)
    members: list[str] = []
    if head.startswith(b"PK"):
        try:
            with zipfile.ZipFile(content) as archive:
                members = archive.namelist()[:MOST_MEMBERS]
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise Refused(Problem.WRONG_TYPE) from None
    content.seek(0)
    return check_file(name, head, size, members, policy), size


async def follow_merge(unit: Unit, change: TicketChanged, ticket: Ticket) -> None:
    """The files of a ticket that was merged go on with the one in its place."""
    if ticket.merged_into_id is not None:
        await actions.move_files(unit, ticket.id, ticket.merged_into_id)


async def sweep_loose_files(desk: Desk) -> int:
    """Files that nobody put on a ticket go: first their content, so that none is left that nobody knows of."""
    gone = 0
    while True:
        async with desk.units.read() as unit:
            old = await actions.old_loose_files(unit, unit.now - actions.LOOSE_FOR, BITE)
        for attachment_id in old:
            await desk.files.delete(attachment_id)
        async with desk.units() as unit:
            await actions.forget(unit, old)
        gone += len(old)
        if len(old) < BITE:
            return gone
