"""The queue trigger, fed by the doorbell in this process."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

import azure.functions as func

from localhost.triggers import QueueTrigger

log = logging.getLogger(__name__)

AT_ONCE = 16
"""As `batchSize` in host.json."""

TO_FINISH = 10.0
"""Seconds that running jobs get when the host stops."""


class Rings(Protocol):
    async def next(self) -> str: ...


async def feed(trigger: QueueTrigger, rings: Rings) -> None:
    """Call the function for each ring, some at once, until cancelled; then let those that run finish."""
    places = asyncio.Semaphore(AT_ONCE)
    running: set[asyncio.Task[None]] = set()
    try:
        while True:
            await places.acquire()
            try:
                task = asyncio.create_task(_run(trigger, await rings.next()))
            except BaseException:
                places.release()
                raise
            running.add(task)
            task.add_done_callback(running.discard)
            task.add_done_callback(lambda _: places.release())
    finally:
        if running:
            await asyncio.wait(running, timeout=TO_FINISH)
        for task in running:
            task.cancel()


async def _run(trigger: QueueTrigger, text: str) -> None:
    message = func.QueueMessage(body=text.encode())
    try:
        await trigger.run(**{trigger.argument: message})
    except Exception:
        # Azure would deliver the message again; here the sweep rings for a job that is still due.
        log.exception("function_failed", extra={"function": trigger.name})
