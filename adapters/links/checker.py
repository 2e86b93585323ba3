"""Looks whether addresses of the web lead to a page, and never opens one inside the house.

The address is judged at the moment of connecting, by the number that is really connected to, for every hop: a name or
a redirect that leads inside gains nothing.
"""

from __future__ import annotations

import socket
import ssl
from typing import Any

import aiohttp
from yarl import URL

from domain.authoring.links import Trouble
from domain.webhooks.addresses import Addresses

TIME_LIMIT = aiohttp.ClientTimeout(total=15, sock_connect=5)
MOST_HOPS = 5
_SENDS_ON = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_NO_HEAD = frozenset({400, 403, 404, 405, 410, 501})
"""Some sites answer so to HEAD, and have the page all the same."""


class InsideError(OSError):
    """The name led to an address inside the network."""


class HttpLinkChecker:
    """`schemes` besides https, and `addresses` that may be connected to, are for a test on this machine."""

    def __init__(
        self,
        user_agent: str,
        addresses: Addresses | None = None,
        *,
        schemes: frozenset[str] = frozenset({"https"}),
        resolver: aiohttp.abc.AbstractResolver | None = None,
        timeout: aiohttp.ClientTimeout = TIME_LIMIT,
    ) -> None:
        self._user_agent = user_agent
        self._addresses = addresses or Addresses()
        self._schemes = schemes
        self._resolver = resolver
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def check(self, url: str) -> Trouble | None:
        try:
            return await self._follow(URL(url))
        except ValueError:
            return Trouble.GONE  # it is no address at all
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return _trouble(error)

    async def _follow(self, url: URL) -> Trouble | None:
        for _ in range(MOST_HOPS):
            if url.scheme not in self._schemes or not url.host:
                return Trouble.INSECURE
            status, location = await self._ask("HEAD", url)
            if status in _NO_HEAD:
                status, location = await self._ask("GET", url)
            if status not in _SENDS_ON or not location:
                break
            url = url.join(URL(location))
        else:
            return Trouble.LOOPS
        if status in _GONE:
            return Trouble.GONE
        # 401, 403 and 429: the page is there, and wants to know who asks, or asks us to come more seldom.
        return Trouble.UNREACHABLE if status >= 500 else None

    async def _ask(self, method: str, url: URL) -> tuple[int, str | None]:
        """The status and where it sends on to. Nothing of the page itself is read."""
        async with self._open().request(method, url, allow_redirects=False) as response:
            found = response.status, response.headers.get("Location")
            response.close()
            return found

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:  # made here: a session belongs to the loop that runs
            connector = aiohttp.TCPConnector(
                limit=10, limit_per_host=2, resolver=self._resolver, socket_factory=self._socket
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=self._timeout,
                headers={"User-Agent": self._user_agent, "Accept": "text/html,*/*;q=0.5"},
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session

    def _socket(self, info: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not self._addresses.may_connect(str(address[0])):
            raise InsideError("the name leads to an address inside the network")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made


def _trouble(error: BaseException) -> Trouble:
    """What an exception, or one of those it is made of, says."""
    seen: list[BaseException | None] = [error]
    while seen:
        one = seen.pop()
        if isinstance(one, InsideError):
            return Trouble.INSIDE
        if isinstance(one, (ssl.SSLCertVerificationError, aiohttp.ClientConnectorCertificateError)):
            return Trouble.INSECURE
        if one is not None:
            seen += [one.__cause__, one.__context__, getattr(one, "os_error", None)]
            seen += getattr(one, "exceptions", ())
    return Trouble.UNREACHABLE
