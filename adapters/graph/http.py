"""Calls to Microsoft 365: tokens, throttling, what may be repeated, and what each refusal means."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from adapters.graph.pace import Pace
from adapters.graph.tokens import Tokens
from domain.sites.ports import BusyError, NotThereYetError, RefusedError

log = logging.getLogger(__name__)

TIME_LIMIT = aiohttp.ClientTimeout(total=30)
TRIES = 3
LONGEST_PAUSE = 5.0
"""Seconds that a call waits by itself. When more is asked, the step gives its place to others and comes back."""


class MissingError(NotThereYetError):
    """404. Something that was made a moment ago may look like this for a while."""


class CallRefusedError(RefusedError):
    """Any other refusal. `message` is what the platform said, in English."""

    def __init__(self, what: str, status: int, message: str) -> None:
        super().__init__(f"{what} was refused with {status}: {message}")
        self.status = status
        self.message = message

    @property
    def exists_already(self) -> bool:
        return self.status == 409 or "already exist" in self.message


@dataclass(frozen=True, slots=True)
class Answer:
    """`location` is where the platform says how far it is with what it accepted (202)."""

    status: int
    body: dict[str, Any]
    location: str | None = None


class Http:
    """`resources` are the addresses we call and the audience of the token for each, the most precise first."""

    def __init__(
        self, tokens: Tokens, user_agent: str, resources: Mapping[str, str], pace: Pace | None = None
    ) -> None:
        self._tokens = tokens
        self._user_agent = user_agent
        self._resources = sorted(resources.items(), key=lambda item: -len(item[0]))
        self._pace = pace or Pace()
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        return await self.call("GET", url, headers=headers, repeatable=True)

    async def call(
        self,
        method: str,
        url: str,
        body: Mapping[str, Any] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> Answer:
        """One call. `repeatable` says that doing it twice does no harm: then it is sent again when the answer is lost.

        Otherwise a lost answer raises `BusyError`: who called looks first what is there. Raises `MissingError` for 404
        and `CallRefusedError` for what asking again does not help.
        """
        for attempt in range(1, TRIES + 1):
            last = attempt == TRIES
            await self._take_turn(method, url)
            try:
                answer, wait = await self._send(method, url, body, headers or {})
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                if last or not repeatable:
                    raise BusyError(f"No answer to {method} {_path(url)}: {type(error).__name__}") from error
                await asyncio.sleep(0.2 * 2**attempt)
                continue
            status, message = answer.status, _message(answer.body)
            if status < 300:
                return answer
            if status == 401 and not last:
                self._tokens.forget(self._audience(url))
                continue
            if status == 404:
                raise MissingError(f"{method} {_path(url)} is not there: {message}")
            if status == 429 or status >= 500:
                safe = repeatable or status == 429  # throttled: nothing was done
                pause = wait if wait is not None else 0.2 * 2**attempt
                if status == 429:
                    self._pace.pause(method, self._within(url), pause)
                if last or not safe or pause > LONGEST_PAUSE:
                    raise BusyError(f"{method} {_path(url)} answered {status}: {message}", after=wait)
                await asyncio.sleep(pause)
                continue
            raise CallRefusedError(f"{method} {_path(url)}", status, message)
        raise AssertionError("the last try returns or raises")

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _take_turn(self, method: str, url: str) -> None:
        """Wait until the limits have room. When that takes long, others get the place: `BusyError`."""
        wait = self._pace.wait(method, self._within(url), LONGEST_PAUSE)
        if wait > LONGEST_PAUSE:
            raise BusyError(
                f"{method} {_path(url)} waits: enough was asked of Microsoft 365 for now", after=wait
            )
        if wait > 0:
            await asyncio.sleep(wait)

    async def _send(
        self, method: str, url: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> tuple[Answer, float | None]:
        if self._session is None:  # made here: a session belongs to the loop that runs
            self._session = aiohttp.ClientSession(
                timeout=TIME_LIMIT, headers={"User-Agent": self._user_agent}
            )
        token = await self._tokens.get(self._audience(url))
        all_headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json;odata=nometadata" if "/_api/" in url else "application/json",
            **headers,
        }
        async with self._session.request(
            method, URL(url, encoded=True), json=body, headers=all_headers, allow_redirects=False
        ) as response:
            raw = await response.read()
            log.debug("graph_call", extra={"method": method, "path": _path(url), "status": response.status})
            answer = Answer(response.status, _json(raw), response.headers.get("Location"))
            return answer, _seconds(response.headers.get("Retry-After"))

    def _audience(self, url: str) -> str:
        return self._resource(url)[1]

    def _within(self, url: str) -> str:
        """The part of an address that its service gives a meaning, as the limits know it."""
        path = url[len(self._resource(url)[0]) :]
        return path.removeprefix("/v1.0")

    def _resource(self, url: str) -> tuple[str, str]:
        for address, audience in self._resources:
            if url.startswith(address + "/"):
                return address, audience
        raise RefusedError(f"{_path(url)} is at none of our addresses")


def _json(raw: bytes) -> dict[str, Any]:
    with suppress(ValueError):
        data = json.loads(raw)
        if isinstance(data, dict):
            return data
    return {"error": {"message": raw[:200].decode("utf-8", "replace")}} if raw else {}


def _message(answer: Mapping[str, Any]) -> str:
    """Graph says `error.message`, SharePoint `odata.error.message.value`."""
    error = answer.get("error") or answer.get("odata.error") or {}
    if not isinstance(error, dict):
        return str(error)[:300]
    message = error.get("message", "")
    return str(message.get("value", "") if isinstance(message, dict) else message)[:300]


def _seconds(retry_after: str | None) -> float | None:
    """Only seconds are used by Microsoft 365, never a date."""
    with suppress(TypeError, ValueError):
        return max(0.0, float(retry_after or ""))
    return None


def _path(url: str) -> str:
    return URL(url, encoded=True).path
