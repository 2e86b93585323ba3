"""One more process of the host, started by it: `python -m localhost.worker SOCKET`, where SOCKET is an inherited one.

It shares the database and the port with the first. The kernel deals out connections; a job runs in the process that
rang for it, and the first process sweeps up after one that ended.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from contextlib import AsyncExitStack

from localhost.options import options_from
from localhost.prepare import known_key
from localhost.process import run_functions
from wiring.logs import configure_logs
from wiring.services import close_services, services


async def run(where: socket.socket) -> None:
    options = options_from()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(close_services)
        built = await services()
        await run_functions(stack, options, built, where, known_key(options.folder), timers=False)
        await stop.wait()


if __name__ == "__main__":
    configure_logs()
    asyncio.run(run(socket.socket(fileno=int(sys.argv[1]))))
