"""The bot's own token for the channel, from Microsoft Entra through msal."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, build_opener

from bot.bridge.connector import LOOPBACK, ConnectorError

log = logging.getLogger(__name__)

SCOPE = "https://api.botframework.com/.default"
TIME_LIMIT = 10.0
"""Seconds, per request of msal."""
RENEW_BEFORE = 300.0
"""Seconds before its end that a token is no longer used."""


class EntraCredentials:
    """A single-tenant app with a secret. msal blocks, so it runs in a thread; the token in hand is kept here."""

    def __init__(
        self,
        app_id: str,
        password: str,
        tenant_id: str,
        login_url: str,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._app_id = app_id
        self._password = password
        self._authority = f"{login_url.rstrip('/')}/{tenant_id or 'botframework.com'}"
        self._clock = clock
        self._app: Any = None  # msal's ConfidentialClientApplication
        self._token: tuple[str, float] | None = None
        self._refused: str | None = None
        self._lock = asyncio.Lock()

    async def token(self) -> str:
        held = self._held()
        if held is not None:
            return held
        async with self._lock:
            held = self._held()
            if held is not None:
                return held
            answer = await asyncio.to_thread(self._acquire)
            token = answer.get("access_token")
            if not isinstance(token, str):
                log.error("bot_token_refused", extra={"error": str(answer.get("error"))[:100]})
                raise ConnectorError(0, f"no_token:{answer.get('error')}", permanent=False)
            self._token = (token, self._clock() + float(answer.get("expires_in", 0)) - RENEW_BEFORE)
            return token

    def refused(self, token: str) -> None:
        self._refused = token
        if self._token is not None and self._token[0] == token:
            self._token = None

    def _held(self) -> str | None:
        return self._token[0] if self._token is not None and self._clock() < self._token[1] else None

    def _acquire(self) -> dict[str, Any]:
        from msal.application import ConfidentialClientApplication
        from msal.exceptions import MsalError

        try:
            if self._app is None:
                local = urlsplit(self._authority).hostname in LOOPBACK
                self._app = ConfidentialClientApplication(  # type: ignore[no-untyped-call]
                    self._app_id,
                    client_credential=self._password,
                    authority=self._authority,
                    instance_discovery=False if local else None,
                    http_client=_HttpClient(),
                )
            answer = self._app.acquire_token_for_client([SCOPE])
            if answer.get("access_token") == self._refused and self._refused is not None:
                self._app.remove_tokens_for_client()
                answer = self._app.acquire_token_for_client([SCOPE])
        except (MsalError, OSError, ValueError, KeyError) as error:  # no connection, or it answers nonsense
            self._app = None  # msal remembers a failure for a minute; our own backoff is enough
            raise ConnectorError(0, "no_token:login_unreachable", permanent=False) from error
        return dict(answer)


class _HttpClient:
    """What msal asks its HTTP client to be. Its own, requests, has no time limit and keeps connections for a call an
    hour; the standard library's will do. An opener of our own: Python 3.13's shared one keeps the certificates of
    whoever used it first."""

    def __init__(self) -> None:
        self._opener = build_opener()

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> _HttpAnswer:
        return self._send(url, params, headers, None)

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> _HttpAnswer:
        return self._send(url, params, headers, urlencode(data or {}).encode())

    def close(self) -> None:
        """Nothing is kept open."""

    def _send(
        self,
        url: str,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        body: bytes | None,
    ) -> _HttpAnswer:
        if urlsplit(url).scheme != "https":
            raise ValueError(f"not https: {url}")
        if params:
            url = f"{url}?{urlencode(params)}"
        request = Request(url, body, dict(headers or {}))  # noqa: S310 - https, as checked above
        try:
            with self._opener.open(request, timeout=TIME_LIMIT) as answer:
                return _HttpAnswer(answer.status, answer.read().decode(), dict(answer.headers))
        except HTTPError as refusal:
            with refusal:
                return _HttpAnswer(refusal.code, refusal.read().decode(), dict(refusal.headers))


@dataclass(frozen=True, slots=True)
class _HttpAnswer:
    status_code: int
    text: str
    headers: Mapping[str, str]

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            raise ValueError(f"status {self.status_code}")
