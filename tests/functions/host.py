"""A small Functions host: starts Microsoft's library worker on function_app.py and invokes what it found, over gRPC."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKER = ROOT / ".cache" / "functions-worker"
TIME_LIMIT = 60.0


class InvocationError(Exception):
    """The function raised. The message is what it raised."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """`headers` by their lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class FunctionsHost:
    """`async with FunctionsHost(environment) as host`. `triggers` is what the worker declared, by function name."""

    environment: Mapping[str, str]
    triggers: dict[str, dict[str, Any]] = field(default_factory=dict)
    logs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not WORKER.is_dir():
            pytest.fail(f"the Functions worker is not in {WORKER.relative_to(ROOT)}: run `make setup`")
        for folder in (WORKER, WORKER / "tests"):
            if str(folder) not in sys.path:
                sys.path.append(str(folder))
        self._grpc: Any = importlib.import_module("grpc")
        self._protos: Any = importlib.import_module("protos")
        self._outgoing: asyncio.Queue[Any] = asyncio.Queue()
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self._connected = asyncio.Event()
        self._ids: dict[str, str] = {}

    async def __aenter__(self) -> FunctionsHost:
        self._server = self._grpc.aio.server()
        servicer = self._protos.FunctionRpcServicer()
        servicer.EventStream = self._event_stream
        self._protos.add_FunctionRpcServicer_to_server(servicer, self._server)
        port = self._server.add_insecure_port("127.0.0.1:0")
        await self._server.start()
        path = os.pathsep.join([str(WORKER), str(WORKER / "tests")])
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(Path(__file__).with_name("worker.py")),
            str(port),
            str(uuid.uuid4()),
            env={**os.environ, "PYTHONPATH": path, **self.environment},
        )
        try:
            await asyncio.wait_for(self._connected.wait(), TIME_LIMIT)
            await self._index()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()
        await self._server.stop(None)

    async def _event_stream(self, incoming: AsyncIterator[Any], _context: Any) -> AsyncIterator[Any]:
        reading = asyncio.create_task(self._read(incoming))
        try:
            while True:
                yield await self._outgoing.get()
        finally:
            reading.cancel()

    async def _read(self, incoming: AsyncIterator[Any]) -> None:
        async for message in incoming:
            kind = message.WhichOneof("content")
            if kind == "start_stream":
                self._connected.set()
            elif kind == "rpc_log":
                self.logs.append(message.rpc_log.message)
            elif message.request_id in self._answers:
                self._answers.pop(message.request_id).set_result(getattr(message, kind))

    async def _ask(self, **content: Any) -> Any:
        """Send a message and wait for its answer. Raises `InvocationError` when that says that it failed."""
        request_id = str(uuid.uuid4())
        answer = self._answers[request_id] = asyncio.get_running_loop().create_future()
        self._outgoing.put_nowait(self._protos.StreamingMessage(request_id=request_id, **content))
        given = await asyncio.wait_for(answer, TIME_LIMIT)
        if given.result.status != self._protos.StatusResult.Success:
            raise InvocationError(given.result.exception.message)
        return given

    async def _index(self) -> None:
        folder = str(ROOT)
        await self._ask(
            worker_init_request=self._protos.WorkerInitRequest(
                host_version="4.1041.0", worker_directory=folder, function_app_directory=folder
            )
        )
        request = self._protos.FunctionsMetadataRequest(function_app_directory=folder)
        found = await self._ask(functions_metadata_request=request)
        for metadata in found.function_metadata_results:
            bindings = [json.loads(text) for text in metadata.raw_bindings]
            self.triggers[metadata.name] = next(b for b in bindings if b["type"].endswith("Trigger"))
            self._ids[metadata.name] = metadata.function_id
            load = self._protos.FunctionLoadRequest(function_id=metadata.function_id, metadata=metadata)
            await self._ask(function_load_request=load)

    async def _invoke(self, name: str, data: Any, metadata: Mapping[str, Any] | None = None) -> Any:
        binding = self._protos.ParameterBinding(name=self.triggers[name]["name"], data=data)
        return await self._ask(
            invocation_request=self._protos.InvocationRequest(
                invocation_id=str(uuid.uuid4()),
                function_id=self._ids[name],
                input_data=[binding],
                trigger_metadata=metadata or {},
            )
        )

    async def http(
        self,
        name: str,
        body: bytes = b"",
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        trigger = self.triggers[name]
        request = self._protos.RpcHttp(
            method=trigger["methods"][0],
            url=f"http://127.0.0.1/api/{trigger['route']}",
            headers={key.lower(): value for key, value in (headers or {}).items()},
            query=query or {},
            params=parameters or {},
        )
        if body:
            request.body.bytes = body
        given = (await self._invoke(name, self._protos.TypedData(http=request))).return_value.http
        kind = given.body.WhichOneof("data")
        content = getattr(given.body, kind) if kind else b""
        content = content.encode() if isinstance(content, str) else content
        headers = {key.lower(): value for key, value in given.headers.items()}
        return HttpAnswer(int(given.status_code), headers, content)

    async def queue(self, name: str, text: str) -> None:
        """A message as the Storage Queue extension gives it, after its base64 has been undone."""
        await self._invoke(name, self._protos.TypedData(string=text), {})

    async def timer(self, name: str) -> None:
        tick = {"Schedule": {"AdjustForDST": True}, "ScheduleStatus": None, "IsPastDue": False}
        await self._invoke(name, self._protos.TypedData(json=json.dumps(tick)))
