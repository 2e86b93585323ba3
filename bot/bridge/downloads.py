"""Getting the files that people send, from the channel and from Microsoft's file hosts, and from nowhere else."""

from __future__ import annotations

import asyncio
import io
import logging
from typing import IO
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.bridge.connector import LOOPBACK, ConnectorError, Credentials
from domain.attachments.attachment import Source
from domain.attachments.rules import Problem, Refused
from domain.jobs.handling import RetryLaterError

log = logging.getLogger(__name__)

REDIRECTS = 3
PIECE = 256 * 1024
WITHIN = 90.0
"""Seconds for a whole file, less than a job has."""


class ChannelDownloads:
    """An activity is signed, but what it says about files was written by a client: an address in it may be anywhere,
    also inside our own network. So only the origin of the channel that vouched for itself is asked, and `hosts`
    and their subdomains over https; redirects are followed under the same rule. The token goes to the channel alone.
    """

    def __init__(
        self, credentials: Credentials | None, hosts: tuple[str, ...], *, within: float = WITHIN
    ) -> None:
        self._credentials = credentials
        self._hosts = tuple(host.lower().lstrip(".") for host in hosts)
        self._limit = aiohttp.ClientTimeout(total=within, sock_connect=5, sock_read=30)
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, source: Source, into: IO[bytes], limit: int) -> None:
        url = source.url
        for _ in range(REDIRECTS + 1):
            moved = await self._get(source, url, into, limit)
            if moved is None:
                return
            url = urljoin(url, moved)
        raise Refused(Problem.GONE)

    async def upload(self, url: str, content: bytes) -> None:
        """Write a whole file where Teams said, after its owner agreed. Writing it again overwrites.

        Raises `Refused` when trying again cannot help, and `RetryLaterError` otherwise.
        """
        if not self._is_known(url):
            log.warning("file_address_refused", extra={"host": _host(url)})
            raise Refused(Problem.ELSEWHERE)
        headers = {"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}"}
        try:
            async with self._opened().put(
                url, data=io.BytesIO(content), headers=headers, allow_redirects=False
            ) as answer:
                if answer.status in (408, 429) or answer.status >= 500:
                    raise RetryLaterError(f"status {answer.status}")
                if answer.status >= 300:
                    raise Refused(Problem.GONE)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RetryLaterError(f"the upload broke off: {type(error).__name__}") from error

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:  # it belongs to the running event loop
            self._session = aiohttp.ClientSession(timeout=self._limit)
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _get(self, source: Source, url: str, into: IO[bytes], limit: int) -> str | None:
        """Write what is there, or give where it has moved to."""
        is_channel = _is_channels(url, source.service_url)
        if not is_channel and not self._is_known(url):
            log.warning("file_address_refused", extra={"host": _host(url)})
            raise Refused(Problem.ELSEWHERE)
        token = await self._token() if is_channel and source.with_token else None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        into.seek(0)
        into.truncate()
        try:
            async with self._opened().get(url, headers=headers, allow_redirects=False) as answer:
                if answer.status in (301, 302, 303, 307, 308):
                    return answer.headers.get("Location", "")
                self._check(answer, token)
                if (answer.content_length or 0) > limit:
                    raise Refused(Problem.TOO_LARGE)
                await _write(answer, into, limit)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RetryLaterError(f"the file broke off: {type(error).__name__}") from error
        return None

    def _check(self, answer: aiohttp.ClientResponse, token: str | None) -> None:
        if answer.status == 200:
            return
        if answer.status == 401 and token and self._credentials is not None:
            self._credentials.refused(token)
            raise RetryLaterError("the channel did not take the token")
        if answer.status in (408, 429) or answer.status >= 500:
            wait = answer.headers.get("Retry-After", "")
            raise RetryLaterError(f"status {answer.status}", float(wait) if wait.isdecimal() else None)
        raise Refused(Problem.GONE)

    async def _token(self) -> str | None:
        if self._credentials is None:
            return None
        try:
            return await self._credentials.token()
        except ConnectorError as error:
            raise RetryLaterError(str(error), error.retry_after) from error

    def _is_known(self, url: str) -> bool:
        origin = _origin(url)
        if origin is None:
            return False
        scheme, host, port = origin
        if scheme == "http":  # on this machine: the local tenant, when a setting names it with its port
            return f"{host}:{port}" in self._hosts
        return port == 443 and any(host == known or host.endswith(f".{known}") for known in self._hosts)


async def _write(answer: aiohttp.ClientResponse, into: IO[bytes], limit: int) -> None:
    """Piece by piece: more than `limit` bytes are never taken, whatever the headers said."""
    size = 0
    async for piece in answer.content.iter_chunked(PIECE):
        size += len(piece)
        if size > limit:
            raise Refused(Problem.TOO_LARGE)
        await asyncio.to_thread(into.write, piece)


FILES = "/v3/attachments/"
"""Where the channel keeps files. Its other paths answer the bot's token too, with what is not the sender's to read."""


def _is_channels(url: str, service_url: str) -> bool:
    """Whether this is a file that the channel itself keeps."""
    origin = _origin(url)
    if origin is None or origin != _origin(service_url):
        return False
    path = urlsplit(url).path
    return FILES in path and ".." not in path and "%2e" not in path.lower()


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _origin(url: str) -> tuple[str, str, int | None] | None:
    """Scheme, host and port; None for what is no address, or not one to ask: plain http beyond this machine."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if not host or parts.username is not None:
        return None
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        return None
    return parts.scheme, host, port or (443 if parts.scheme == "https" else 80)
