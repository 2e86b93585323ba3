"""What every process of the host does: it serves the HTTP triggers on a socket and runs the jobs that are rung in it.
The first one keeps the time as well: a timer is for one process."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from typing import Any

from aiohttp import web

from adapters.queue.in_process import InProcessDoorbell
from localhost.chats import chats_of
from localhost.clock import keep_time
from localhost.keys import function_keys
from localhost.options import Options
from localhost.page import curl_line, start_page
from localhost.queue import feed
from localhost.routes import Routes
from localhost.server import READ_AT_MOST, HttpHost
from localhost.triggers import HttpTrigger, QueueTrigger, TimerTrigger, Trigger, triggers_of
from localhost.try_it import add_try_it
from wiring.services import Services
from wiring.settings import ROOT

LONGEST_LINE = 32 * 1024
"""Bytes of an address or a header: a token with many groups is long."""
PAGE_RULES = {
    "Content-Type": "text/html; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def route_prefix() -> str:
    host = json.loads((ROOT / "host.json").read_text())
    prefix: str = host["extensions"]["http"]["routePrefix"]
    return prefix


def listening(options: Options) -> socket.socket:
    """A socket on the host's port. With several workers each has one of its own, and the kernel deals out the
    connections."""
    made = socket.socket(socket.AF_INET6 if ":" in options.host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if options.workers > 1:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind((options.host, options.port))
    made.listen(512)
    made.setblocking(False)
    return made


async def run_functions(
    stack: AsyncExitStack, options: Options, built: Services, where: socket.socket, key: str, *, timers: bool
) -> None:
    """Serve and work until `stack` is closed. `key` is the one the start page shows."""
    from function_app import app  # after the settings have been judged: what is wrong there is said first

    triggers = triggers_of(app)
    await serve_http(stack, options, built, triggers, where, key)
    for trigger in triggers:
        if timers or not isinstance(trigger, TimerTrigger):
            running = _background(trigger, built)
            if running is not None:
                stack.push_async_callback(_cancelled, asyncio.create_task(running, name=trigger.name))


async def serve_http(
    stack: AsyncExitStack,
    options: Options,
    built: Services,
    triggers: tuple[Trigger, ...],
    where: socket.socket,
    key: str,
) -> None:
    """Only that: nothing here runs a job or keeps the time."""
    http = [trigger for trigger in triggers if isinstance(trigger, HttpTrigger)]
    only_here = not built.settings.authenticates
    host = HttpHost(Routes(http, route_prefix()), function_keys(options.folder), only_here=only_here)
    application = web.Application(client_max_size=READ_AT_MOST)
    page = await _page(options, built, key)

    async def start(_: web.Request) -> web.Response:
        return web.Response(text=page, headers=PAGE_RULES)

    application.router.add_get("/", start)
    add_try_it(application, key)
    application.router.add_route(
        "*", r"/{path:(?s:.*)}", host.handle
    )  # also a path with line ends is ours to answer
    runner = web.AppRunner(
        application,
        access_log=None,
        shutdown_timeout=5,
        max_line_size=LONGEST_LINE,
        max_field_size=LONGEST_LINE,
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, where).start()


async def _page(options: Options, built: Services, key: str) -> str:
    names = []
    for chat in chats_of(options) if options.chats else ():
        person = await built.desk.directory.person(chat.person_id)
        if person is not None:
            names.append((person.first_name, chat))
    curl = curl_line(options.port, key)
    return start_page(built.desk.organisation.name, names, options.tenant_address, curl)


def _background(trigger: Trigger, built: Services) -> Coroutine[Any, Any, None] | None:
    if isinstance(trigger, TimerTrigger):
        return keep_time(trigger)
    if isinstance(trigger, QueueTrigger) and isinstance(built.doorbell, InProcessDoorbell):
        return feed(trigger, built.doorbell)
    return None


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
