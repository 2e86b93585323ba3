"""Sends events over HTTP: signed as Standard Webhooks say, described as CloudEvents say, and never inside the house.

The address is judged at the moment of connecting, by the number that is really connected to: a name that leads
elsewhere than when it was checked (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import logging
import socket
import ssl
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from hashlib import sha256
from hmac import digest
from typing import Any

import aiohttp
from yarl import URL

from domain.webhooks.addresses import Addresses
from domain.webhooks.announcing import iso
from domain.webhooks.ports import Answer
from domain.webhooks.rules import Trouble
from domain.webhooks.subscription import Letter, Subscription

log = logging.getLogger(__name__)

TIME_LIMIT = aiohttp.ClientTimeout(total=20, sock_connect=5)
READ_AT_MOST = 65_536
"""Bytes of an answer: we only need its status, and reading it lets the connection be used again."""
TYPE_PREFIX = "wijzer."
"""Before the type of an event, in CloudEvents."""


class ForbiddenAddressError(OSError):
    """The name led to an address that events are not sent to."""


class HttpSender:
    """`source` is where our events come from, such as `https://wijzer.CITY.be`."""

    def __init__(
        self,
        addresses: Addresses,
        source: str,
        user_agent: str,
        *,
        resolver: aiohttp.abc.AbstractResolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
        timeout: aiohttp.ClientTimeout = TIME_LIMIT,
    ) -> None:
        self._addresses = addresses
        self._source = source
        self._user_agent = user_agent
        self._resolver = resolver
        self._ssl_context = ssl_context
        self._clock = clock
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def send(self, subscription: Subscription, letter: Letter) -> Answer:
        body = letter.body.encode()
        headers = self.headers(subscription, letter, body)
        try:
            async with self._open().post(
                URL(subscription.url, encoded=True), data=body, headers=headers, allow_redirects=False
            ) as response:
                with suppress(
                    aiohttp.ClientError, TimeoutError
                ):  # it arrived, whatever is wrong with the rest
                    await response.content.read(READ_AT_MOST)
                after = seconds_of(response.headers.get("Retry-After"), self._clock())
                error = "" if response.status < 300 else f"HTTP {response.status}"
                return Answer(response.status, after, error)
        except aiohttp.ClientConnectorError as error:
            inside = _is_forbidden(error)
            return _failed(letter, error, Trouble.INSIDE if inside else Trouble.CONNECTION)
        except TimeoutError as error:
            return _failed(letter, error, Trouble.TIME)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _failed(letter, error, Trouble.ANSWER)

    def headers(self, subscription: Subscription, letter: Letter, body: bytes) -> Mapping[str, str]:
        """What goes with an event: how to check that we sent it, and what it is."""
        stamp = str(int(self._clock()))
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": self._user_agent,
            "webhook-id": letter.event_id,
            "webhook-timestamp": stamp,
            "webhook-signature": sign(subscription.secret, letter.event_id, stamp, body),
            "ce-specversion": "1.0",
            "ce-id": letter.event_id,
            "ce-type": TYPE_PREFIX + letter.type.value,
            "ce-source": self._source,
            "ce-subject": letter.subject,
            "ce-time": iso(letter.at),
        }

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:  # made here: a session belongs to the loop that runs
            connector = aiohttp.TCPConnector(
                limit=0,  # each subscription has one call under way at most; a slow one takes nobody's place
                resolver=self._resolver,
                ttl_dns_cache=30,
                ssl=self._ssl_context or True,
                socket_factory=self._socket,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session

    def _socket(self, info: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not self._addresses.may_connect(str(address[0])):
            raise ForbiddenAddressError(str(Trouble.INSIDE))
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made


def sign(secret: str, event_id: str, stamp: str, body: bytes) -> str:
    """The signature of Standard Webhooks: HMAC-SHA256 over id, time and body, with the secret after `whsec_`."""
    key = b64decode(secret.removeprefix("whsec_"))
    signed = digest(key, f"{event_id}.{stamp}.".encode() + body, sha256)
    return f"v1,{b64encode(signed).decode()}"


def seconds_of(retry_after: str | None, now: float) -> float | None:
    """What `Retry-After` asks: seconds, or a date."""
    if not retry_after:
        return None
    with suppress(ValueError):
        return max(0.0, float(retry_after))
    with suppress(ValueError, TypeError):
        moment = parsedate_to_datetime(retry_after)
        return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now)
    return None


def _is_forbidden(error: aiohttp.ClientConnectorError) -> bool:
    """Whether the guard stopped every attempt to connect: it is among the causes and the parts of the error."""
    seen: list[BaseException | None] = [error, error.os_error]
    while seen:
        one = seen.pop()
        if isinstance(one, ForbiddenAddressError):
            return True
        if one is not None:
            seen += [one.__cause__, *getattr(one, "exceptions", ())]
    return False


def _failed(letter: Letter, error: BaseException, trouble: Trouble) -> Answer:
    """The log gets the kind of error, and not its message: that can hold the address."""
    cause = getattr(error, "os_error", None) or error
    log.info("webhook_failed", extra={"event_id": letter.event_id, "error": type(cause).__name__})
    return Answer(None, error=trouble.value)
