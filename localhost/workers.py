"""The other processes of the host: started with a socket each, and started again when one ends."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, suppress

from localhost.children import Child, python_module
from localhost.options import Options
from localhost.process import listening

log = logging.getLogger(__name__)

AGAIN_AFTER = 1.0
"""Seconds. Meanwhile its connections wait: the socket stays ours."""


async def start_workers(stack: AsyncExitStack, options: Options) -> None:
    """All but the first, which is the host itself."""
    for number in range(2, options.workers + 1):
        where = listening(options)
        stack.callback(where.close)
        child = Child(
            f"Worker {number}",
            [*python_module("localhost.worker"), str(where.fileno())],
            {},
            options.folder / "logs" / f"worker-{number}.log",
            sockets=(where,),
        )
        await child.start()
        keeping = asyncio.create_task(_keep(child), name=child.name)
        stack.push_async_callback(_end, child, keeping)


async def _keep(child: Child) -> None:
    while True:
        status = await child.ended()
        log.error("worker_ended", extra={"worker": child.name, "status": status, "log": str(child.log)})
        await asyncio.sleep(AGAIN_AFTER)
        await child.start()


async def _end(child: Child, keeping: asyncio.Task[None]) -> None:
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping
    await child.end()
