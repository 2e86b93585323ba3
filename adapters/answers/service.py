"""What the answer services have in common: the embedded search, a service beside it that may be slow or away, and
rest after trouble. Without the service there is still an answer, in time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import aiohttp

from domain.tips.ports import Hit, TipSearch
from domain.tips.tip import Tip

log = logging.getLogger(__name__)

TIME_LIMIT = 1.5
"""Seconds: the tip itself is there within two, also when the question is the first one of a process."""
REST = 30.0
"""Seconds that the service is left alone after trouble, so that not everybody waits for it."""
READ_AT_MOST = 65_536
"""Bytes of an answer."""

Given = TypeVar("Given")


class AnswerService:
    """The embedded search as it is; what a service adds, each of these services says itself."""

    def __init__(
        self,
        embedded: TipSearch,
        key: str,
        *,
        time_limit: float = TIME_LIMIT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._embedded = embedded
        self._http = Http(key)
        self._time_limit = time_limit
        self._clock = clock
        self._rests_until = 0.0

    async def search(
        self,
        question: str,
        language: str,
        *,
        limit: int = 3,
        themes: Sequence[str] = (),
        team_id: str | None = None,
    ) -> Sequence[Hit]:
        return await self._embedded.search(question, language, limit=limit, themes=themes, team_id=team_id)

    async def look_further(
        self, question: str, language: str, hits: Sequence[Hit], *, team_id: str | None = None
    ) -> Sequence[Hit]:
        return hits

    async def answer(self, question: str, tip: Tip) -> str:
        return ""

    async def refresh(self) -> None:
        await self._embedded.refresh()

    async def ready(self) -> bool:
        """The service is not asked: without it there is still an answer."""
        return await self._embedded.ready()

    async def close(self) -> None:
        await self._http.close()

    async def _in_time(self, ask: Callable[[], Awaitable[Given]]) -> Given | None:
        """What the service says; None when it is left alone, has trouble, or takes too long."""
        if self._clock() < self._rests_until:
            return None
        try:
            async with asyncio.timeout(self._time_limit):
                return await ask()
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            self._rests_until = self._clock() + REST
            log.warning(
                "answer_service_failed",
                extra={"reason": type(error).__name__, "detail": str(error)[:100], "rest_s": REST},
            )
            return None


class Http:
    """Calls with a key, as the services of Azure take it. The session is opened by the first one."""

    def __init__(self, key: str) -> None:
        self._headers = {"api-key": key}
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self, method: str, url: str, version: str, body: Mapping[str, Any]
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Status, body and headers. Raises `ValueError` for an answer that does not end, and aiohttp's errors."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.request(
            method,
            url,
            params={"api-version": version},
            headers=self._headers,
            json=body,
            allow_redirects=False,
        ) as response:
            read = bytearray()
            async for chunk in response.content.iter_any():
                read += chunk
                if len(read) > READ_AT_MOST:
                    raise ValueError("too long an answer")
            return response.status, bytes(read), response.headers

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
