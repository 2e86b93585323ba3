"""The whole host: prepares the database, serves the triggers, and keeps the children; ends all of it together."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from localhost.chats import chat_of, chats_of
from localhost.children import Child, python_module
from localhost.options import CannotStartError, Options
from localhost.page import curl_line
from localhost.prepare import demo_key, load_tips, migrate
from localhost.process import listening, route_prefix, run_functions
from localhost.workers import start_workers
from wiring.services import close_services, services
from wiring.settings import ROOT, Settings


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
        chats = chats_of(options) if options.chats else ()
        bot = f"http://127.0.0.1:{options.port}/{route_prefix()}/messages"
        started = [
            await self._child(await chat_of(chat, built.desk.directory, bot, ROOT, options.folder))
            for chat in chats
        ]
        await load_tips(built, given.organisation)
        self.key = await demo_key(built, options.folder)

        await run_functions(self._stack, options, built, listening(options), self.key, timers=True)
        await start_workers(self._stack, options)
        answers = [child.answers(chat.address) for child, chat in zip(started, chats, strict=True)]
        await asyncio.gather(tenant.answers(options.tenant_address), *answers)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.options.port}/"

    def summary(self) -> str:
        """Where everything is, for the terminal."""
        places = [("Wijzer", self.address)]
        if self.options.chats:
            places += [(f"  chat of {chat.person_id}", chat.address) for chat in chats_of(self.options)]
        places += [
            ("  local tenant", self.options.tenant_address),
            ("  API to try", f"{self.address}try-it"),
            ("  health", f"{self.address}api/health/ready"),
        ]
        listed = [f"{name:<16}{address}" for name, address in places]
        curl = curl_line(self.options.port, self.key)
        return "\n".join(
            ["", *listed, "", "A ticket from a terminal:", f"  {curl}", "", "Ctrl-C ends everything."]
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
