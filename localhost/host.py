"""The whole host: prepares the database, serves the triggers, and keeps the children; ends all of it together."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any

from aiohttp import web

from adapters.queue.in_process import InProcessDoorbell
from localhost.chats import ChatOf, chat_of
from localhost.children import Child, python_module
from localhost.clock import keep_time
from localhost.keys import function_keys
from localhost.options import CannotStartError, Options
from localhost.page import curl_line, start_page
from localhost.prepare import demo_key, load_tips, migrate
from localhost.queue import feed
from localhost.routes import Routes
from localhost.server import READ_AT_MOST, HttpHost
from localhost.triggers import HttpTrigger, QueueTrigger, TimerTrigger, Trigger, triggers_of
from wiring.services import Services, close_services, services
from wiring.settings import ROOT, Settings

log = logging.getLogger(__name__)

PAGE_RULES = {
    "Content-Type": "text/html; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def route_prefix() -> str:
    host = json.loads((ROOT / "host.json").read_text())
    prefix: str = host["extensions"]["http"]["routePrefix"]
    return prefix


class LocalHost:
    """`async with LocalHost(options, settings) as host` runs it; leaving the block ends everything."""

    def __init__(self, options: Options, given: Settings) -> None:
        self.options = options
        self._settings = given
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> LocalHost:
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _start(self) -> None:
        options, given = self.options, self._settings
        options.check(authenticates=given.authenticates)
        if given.doorbell != "in-process":
            raise CannotStartError(
                "WIJZER_DOORBELL has to be in-process here: this host reads no Storage Queue."
            )
        tenant = await self._child(self._tenant())
        await migrate(given.database_url)
        self._stack.push_async_callback(close_services)
        built = await services()
        chats = self.chats if options.chats else []
        bot = f"http://127.0.0.1:{options.port}/{route_prefix()}/messages"
        started = [
            await self._child(await chat_of(chat, built.desk.directory, bot, ROOT, options.folder))
            for chat in chats
        ]
        await load_tips(built, given.organisation)
        self.key = await demo_key(built, options.folder)

        from function_app import app  # after the settings have been judged: what is wrong there is said first

        self._triggers = triggers_of(app)
        await self._serve(built)
        await self._run_triggers(built)
        answers = [child.answers(chat.address) for child, chat in zip(started, chats, strict=True)]
        await asyncio.gather(tenant.answers(self.tenant_address), *answers)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.options.port}/"

    def summary(self) -> str:
        """Where everything is, for the terminal."""
        places = [("Wijzer", self.address)]
        if self.options.chats:
            places += [(f"  chat of {chat.person_id}", chat.address) for chat in self.chats]
        places += [("  local tenant", self.tenant_address), ("  health", f"{self.address}api/health/ready")]
        listed = [f"{name:<16}{address}" for name, address in places]
        curl = curl_line(self.options.port, self.key)
        return "\n".join(
            ["", *listed, "", "A ticket from a terminal:", f"  {curl}", "", "Ctrl-C ends everything."]
        )

    @property
    def tenant_address(self) -> str:
        return f"http://127.0.0.1:{self.options.tenant_port}/"

    @property
    def chats(self) -> Sequence[ChatOf]:
        return (
            ChatOf("amina", "medewerker", self.options.chat_port),
            ChatOf("bram", "helpdesk en teameigenaar", self.options.desk_chat_port),
            ChatOf("els", "informatiebeheerder", self.options.manager_chat_port),
        )

    def _tenant(self) -> Child:
        environment = {
            "TENANT_PORT": str(self.options.tenant_port),
            "TENANT_FOLDER": str(self.options.tenant_folder),
            "TENANT_UNSAFE_TROUBLE_ON_DEMAND": str(int(self.options.unsafe_trouble_on_demand)),
            "WIJZER_ORGANISATION": str(self._settings.organisation),
        }
        return Child(
            "The local tenant",
            python_module("localhost.tenant"),
            environment,
            self.options.folder / "logs" / "tenant.log",
        )

    async def _child(self, child: Child) -> Child:
        self._stack.push_async_callback(child.end)
        await child.start()
        return child

    async def _serve(self, built: Services) -> None:
        keys = function_keys(self.options.folder)
        http = [trigger for trigger in self._triggers if isinstance(trigger, HttpTrigger)]
        host = HttpHost(Routes(http, route_prefix()), keys, only_here=not self._settings.authenticates)
        application = web.Application(client_max_size=READ_AT_MOST)
        page = await self._page(built)

        async def start(_: web.Request) -> web.Response:
            return web.Response(text=page, headers=PAGE_RULES)

        application.router.add_get("/", start)
        application.router.add_route("*", "/{path:.*}", host.handle)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=5)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, self.options.host, self.options.port).start()

    async def _page(self, built: Services) -> str:
        names = []
        for chat in self.chats if self.options.chats else ():
            person = await built.desk.directory.person(chat.person_id)
            if person is not None:
                names.append((person.first_name, chat))
        curl = curl_line(self.options.port, self.key)
        return start_page(built.desk.organisation.name, names, self.tenant_address, curl)

    async def _run_triggers(self, built: Services) -> None:
        for trigger in self._triggers:
            running = self._background(trigger, built)
            if running is not None:
                task = asyncio.create_task(running, name=trigger.name)
                self._stack.push_async_callback(_cancelled, task)

    def _background(self, trigger: Trigger, built: Services) -> Coroutine[Any, Any, None] | None:
        if isinstance(trigger, TimerTrigger):
            return keep_time(trigger)
        if isinstance(trigger, QueueTrigger) and isinstance(built.doorbell, InProcessDoorbell):
            return feed(trigger, built.doorbell)
        return None


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
