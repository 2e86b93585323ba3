"""Sending to the channel: the Bot Connector's REST API over one aiohttp session."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

import aiohttp
import orjson

from cards.kit import SIZE_LIMIT

log = logging.getLogger(__name__)

TOO_LARGE = "message_too_large"
TRY_AGAIN = frozenset({412, 429, 500, 502, 503, 504})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ConnectorError(Exception):
    """The channel did not take it. `permanent`: trying again cannot help (the bot is blocked, the chat or message is
    gone). `retry_after` is in seconds, when the channel said so. `status` is 0 when there was no answer."""

    def __init__(self, status: int, code: str, *, permanent: bool, retry_after: float | None = None) -> None:
        super().__init__(f"{code} ({status})")
        self.status = status
        self.code = code
        self.permanent = permanent
        self.retry_after = retry_after

    @property
    def gone(self) -> bool:
        return self.status == 404


class Credentials(Protocol):
    async def token(self) -> str:
        """A bearer token for the channel. Raises `ConnectorError` when none can be had."""
        ...

    def refused(self, token: str) -> None:
        """The channel did not take this token: the next call has to bring another one."""
        ...


class Connector:
    """Posts, updates and deletes activities, and starts conversations.

    Each call is tried again after 429 and 5xx, as long as the channel's Retry-After asks; when that is more than
    `longest_wait` seconds the caller has to come back later. A POST whose connection broke before an answer may have
    arrived: it is left to the caller. `credentials` None sends no token, and only to this machine.
    """

    def __init__(
        self,
        credentials: Credentials | None,
        *,
        attempts: int = 4,
        first_wait: float = 0.5,
        longest_wait: float = 8.0,
        time_limit: float = 15.0,
    ) -> None:
        self._credentials = credentials
        self._attempts = attempts
        self._first_wait = first_wait
        self._longest_wait = longest_wait
        self._time_limit = aiohttp.ClientTimeout(total=time_limit, sock_connect=5)
        self._session: aiohttp.ClientSession | None = None
        self._vouched: set[str] = set()

    def vouch(self, service_url: str) -> None:
        """A validated token named this service URL, now or when a chat was remembered: it may get our token."""
        self._vouched.add(service_url)

    async def post(
        self, service_url: str, conversation_id: str, activity: Mapping[str, Any], reply_to: str | None = None
    ) -> str | None:
        """Post an activity; gives its id, when the channel tells it."""
        path = f"v3/conversations/{quote(conversation_id, safe='')}/activities"
        if reply_to:
            path += "/" + quote(reply_to, safe="")
        answer = await self._call("POST", service_url, path, activity)
        return _text(answer, "id")

    async def update(
        self, service_url: str, conversation_id: str, activity_id: str, activity: Mapping[str, Any]
    ) -> None:
        await self._call("PUT", service_url, _activity_path(conversation_id, activity_id), activity)

    async def delete(self, service_url: str, conversation_id: str, activity_id: str) -> None:
        await self._call("DELETE", service_url, _activity_path(conversation_id, activity_id), None)

    async def create_conversation(self, service_url: str, parameters: Mapping[str, Any]) -> str:
        """Start a conversation (the channel's ConversationParameters); gives its id."""
        conversation_id = _text(await self._call("POST", service_url, "v3/conversations", parameters), "id")
        if conversation_id is None:
            raise ConnectorError(200, "no_conversation_id", permanent=True)
        return conversation_id

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _call(
        self, method: str, service_url: str, path: str, content: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        url = f"{service_url.rstrip('/')}/{path}"
        body = None
        if content is not None:
            body = orjson.dumps(content)
            if len(body) > SIZE_LIMIT:
                raise ConnectorError(413, TOO_LARGE, permanent=True)
        for attempt in range(1, self._attempts + 1):
            token = None
            try:
                token = await self._token(service_url)
                return await self._try(method, url, body, token)
            except ConnectorError as error:
                if error.status == 401 and self._credentials is not None and token:
                    self._credentials.refused(token)
                wait = error.retry_after
                if wait is None:
                    wait = self._first_wait * 2 ** (attempt - 1)
                if error.permanent or attempt == self._attempts or wait > self._longest_wait:
                    raise
                if error.code == "connection_broken" and method == "POST":
                    raise
                log.info("connector_retry", extra={"status": error.status, "code": error.code, "wait": wait})
                await asyncio.sleep(wait)
        raise AssertionError("unreachable")

    async def _token(self, service_url: str) -> str | None:
        if self._credentials is None:
            if urlsplit(service_url).hostname not in LOOPBACK:
                raise ConnectorError(0, "not_on_this_machine", permanent=True)
            return None
        if service_url not in self._vouched:
            raise ConnectorError(0, "service_url_not_vouched_for", permanent=True)
        return await self._credentials.token()

    async def _try(self, method: str, url: str, body: bytes | None, token: str | None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if self._session is None:
            # Here and not in __init__: a session belongs to the running event loop.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=500), timeout=self._time_limit
            )
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, allow_redirects=False
            ) as response:
                answer = await response.read()
                if response.status < 300:
                    return _object(answer)
                raise _refusal(response.status, answer, response.headers.get("Retry-After"))
        except aiohttp.ClientConnectorError as error:
            raise ConnectorError(0, "no_connection", permanent=False) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ConnectorError(0, "connection_broken", permanent=False) from error


def _activity_path(conversation_id: str, activity_id: str) -> str:
    return f"v3/conversations/{quote(conversation_id, safe='')}/activities/{quote(activity_id, safe='')}"


def _refusal(status: int, answer: bytes, retry_after: str | None) -> ConnectorError:
    details = _object(answer).get("error")
    code = _text(details, "code") if isinstance(details, dict) else None
    wait = None
    if retry_after is not None:
        try:
            wait = max(0.0, float(retry_after))
        except ValueError:
            wait = None  # a date: Teams sends seconds; the usual backoff will do
    permanent = status not in TRY_AGAIN and status != 401  # 401: the next token may be taken
    return ConnectorError(status, (code or "refused")[:100], permanent=permanent, retry_after=wait)


def _object(answer: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(answer) if answer else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _text(answer: Mapping[str, Any], name: str) -> str | None:
    value = answer.get(name)
    return value if isinstance(value, str) and value else None
