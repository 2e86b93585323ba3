"""The processes that `bench.turns` measures, one module each: `python -m bench.serving.NAME`.

Each listens on a free port of loopback, prints it as its first line, and stops with its standard input.
"""

from __future__ import annotations

import asyncio
import sys

from aiohttp import web


async def serve(app: web.Application) -> None:
    """Serve until the parent process closes our standard input, or ends."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=512).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()
