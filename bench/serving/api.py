"""The functions as the local host serves them, without its timers and jobs: `python -m bench.serving.api SOCKET`.

Its settings come from the environment, and the socket is inherited. Jobs are written and not run: in a city, another
worker's turn.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from localhost.options import Options
from localhost.process import serve_http
from localhost.triggers import triggers_of
from wiring.services import close_services, services


async def main(where: socket.socket) -> None:
    from function_app import app

    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.push_async_callback(close_services)
        options = Options(folder=folder, chats=False)
        await serve_http(stack, options, await services(), triggers_of(app), where, key="")
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(socket.socket(fileno=int(sys.argv[1]))))
