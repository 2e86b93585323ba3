"""What the servers of the tests have in common: an application on a free port of this machine."""

from __future__ import annotations

from typing import ClassVar, Self

from aiohttp import web


class LoopbackServer:
    """`async with` serves what `application` makes."""

    port: int
    backlog: ClassVar[int] = 128
    ends_within: ClassVar[float] = 60.0
    """Seconds that requests under way have to end."""

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def application(self) -> web.Application:
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=self.ends_within)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=self.backlog).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
