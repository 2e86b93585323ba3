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
    status: int
    body: dict[str, Any]


class Http:
    """`resources` are the addresses we call and the audience of the token for each, the most precise first."""

    def __init__(self, tokens: Tokens, user_agent: str, resources: Mapping[str, str]) -> None:
        self._tokens = tokens
        self._user_agent = user_agent
        self._resources = sorted(resources.items(), key=lambda item: -len(item[0]))
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
            try:
                status, answer, wait = await self._send(method, url, body, headers or {})
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                if last or not repeatable:
                    raise BusyError(f"No answer to {method} {_path(url)}: {type(error).__name__}") from error
                await asyncio.sleep(0.2 * 2**attempt)
                continue
            if status < 300:
                return Answer(status, answer)
            message = _message(answer)
            if status == 401 and not last:
                self._tokens.forget(self._audience(url))
                continue
            if status == 404:
                raise MissingError(f"{method} {_path(url)} is not there: {message}")
            if status == 429 or status >= 500:
                safe = repeatable or status == 429  # throttled: nothing was done
                pause = wait if wait is not None else 0.2 * 2**attempt
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

    async def _send(
        self, method: str, url: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, Any], float | None]:
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
            return response.status, _json(raw), _seconds(response.headers.get("Retry-After"))

    def _audience(self, url: str) -> str:
        for address, audience in self._resources:
            if url.startswith(address + "/"):
                return audience
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
