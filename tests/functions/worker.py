"""The process between a Functions host and Microsoft's library worker: `python worker.py PORT WORKER_ID`.

Microsoft's own one is not published. Like this one, it reads the host's messages from gRPC and gives each to the
library function of that name.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import azure_functions_runtime as runtime
import grpc
import protos

ANSWERS = {
    "worker_init_request": (runtime.worker_init_request, "worker_init_response"),
    "functions_metadata_request": (runtime.functions_metadata_request, "function_metadata_response"),
    "function_load_request": (runtime.function_load_request, "function_load_response"),
    "invocation_request": (runtime.invocation_request, "invocation_response"),
}


class LogsToHost(logging.Handler):
    """As in production: what is logged goes to the host over the same stream, before the answer it belongs to."""

    def __init__(self, outgoing: asyncio.Queue[Any], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._outgoing = outgoing
        self._loop = loop
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        line = protos.RpcLog(category=record.name, message=self.format(record))
        message = protos.StreamingMessage(rpc_log=line)
        if threading.get_ident() == self._thread:
            self._outgoing.put_nowait(message)
        else:
            self._loop.call_soon_threadsafe(self._outgoing.put_nowait, message)


async def answer(message: Any, outgoing: asyncio.Queue[Any]) -> None:
    function, field = ANSWERS[message.WhichOneof("content")]
    event = SimpleNamespace(request=message, properties={"protos": protos, "host": "127.0.0.1"})
    content = {field: await function(event)}
    outgoing.put_nowait(protos.StreamingMessage(request_id=message.request_id, **content))


async def serve(port: str, worker_id: str) -> None:
    outgoing: asyncio.Queue[Any] = asyncio.Queue()
    logs = LogsToHost(outgoing, asyncio.get_running_loop())
    logging.basicConfig(level=logging.INFO, handlers=[logs])
    logs.setFormatter(None)
    runtime.start_threadpool_executor()

    async def sent() -> AsyncIterator[Any]:
        yield protos.StreamingMessage(start_stream=protos.StartStream(worker_id=worker_id))
        while True:
            yield await outgoing.get()

    answering: set[asyncio.Task[None]] = set()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        async for message in protos.FunctionRpcStub(channel).EventStream(sent()):
            if message.WhichOneof("content") == "worker_init_request":
                folder = message.worker_init_request.function_app_directory
                sys.path.insert(0, folder)
                os.chdir(folder)
            if message.WhichOneof("content") in ANSWERS:
                task = asyncio.create_task(answer(message, outgoing))
                answering.add(task)
                task.add_done_callback(answering.discard)


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:3]))
