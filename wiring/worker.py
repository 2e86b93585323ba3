"""Runs one job: claim it, call its handler, write down how it went."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping

from domain.chats.actions import chat_of
from domain.jobs import actions
from domain.jobs.handling import (
    ClaimedJob,
    JobHandler,
    PermanentFailureError,
    RetryLaterError,
    WaitForError,
)
from domain.jobs.rules import TIME_LIMIT, error_text
from domain.unit import Doorbell, Unit, Units

log = logging.getLogger(__name__)


async def has_chat(unit: Unit, person_id: str) -> bool:
    return await chat_of(unit, person_id) is not None


HAPPENED: Mapping[str, Callable[[Unit, str], Awaitable[bool]]] = {"chat": has_chat}
"""What jobs can wait for, by the word before the colon in `WaitForError.what`, and how to see that it is there."""


class Worker:
    """Runs jobs by id, as a queue trigger asks. Safe to ask twice, late, or for a job that is not there."""

    def __init__(
        self,
        units: Units,
        doorbell: Doorbell,
        handlers: Mapping[str, JobHandler],
        *,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._units = units
        self._doorbell = doorbell
        self._handlers = handlers
        self._jitter = jitter

    async def run(self, job_id: str) -> None:
        """Run the job if it is due and nobody has it. Raises only when the database does not answer."""
        async with self._units() as unit:
            job = await actions.claim(unit, job_id)
        if job is None:
            return
        ids = {"job_id": job.id, "kind": job.kind, "attempts": job.attempts}
        try:
            async with asyncio.timeout(TIME_LIMIT.total_seconds()):
                await self._handler(job.kind)(job)
        except WaitForError as waiting:
            await self._park(job, waiting.what, ids)
        except PermanentFailureError as failure:
            async with self._units() as unit:
                await actions.give_up(unit, job, error_text(failure))
            log.exception("job_poisoned", extra={**ids, "error": error_text(failure)})
        except Exception as failure:
            await self._failed(job, failure, ids)
        else:
            async with self._units() as unit:
                await actions.finish(unit, job)
            log.info("job_done", extra=ids)

    def _handler(self, kind: str) -> JobHandler:
        handler = self._handlers.get(kind)
        if handler is None:
            # Perhaps a newer version of us wrote it, and is taking over at this moment.
            raise RetryLaterError(f"no handler for {kind}")
        return handler

    async def _park(self, job: ClaimedJob, what: str, ids: Mapping[str, object]) -> None:
        kind, _, subject = what.partition(":")
        happened = HAPPENED.get(kind)
        if happened is None:
            await self._failed(job, LookupError(f"nothing tells when {kind} happens"), ids)
            return
        async with self._units() as unit:
            await unit.hold(what)
            await actions.park(unit, job, what, await happened(unit, subject))
        log.info("job_waits", extra={**ids, "waits_for": what})

    async def _failed(self, job: ClaimedJob, failure: Exception, ids: Mapping[str, object]) -> None:
        async with self._units() as unit:
            again = await actions.try_again(unit, job, failure, self._jitter())
        event = "job_failed" if again else "job_poisoned"
        expected = isinstance(failure, RetryLaterError)
        log.log(
            logging.WARNING if again else logging.ERROR,
            event,
            extra={**ids, "error": error_text(failure)},
            exc_info=None if expected else failure,
        )

    async def sweep(self, limit: int = 100) -> int:
        """Ring for jobs that are due and that nobody runs: their ring was lost, or their worker was. How many."""
        async with self._units.read() as unit:
            due = await actions.due_jobs(unit, limit)
            now = unit.now
        for job_id in due:
            await self._doorbell.ring(job_id, now)
        return len(due)
