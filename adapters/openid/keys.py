"""The keys that an issuer of tokens publishes: found by its OpenID metadata, and followed as they rotate."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt

from domain.errors import Unavailable

log = logging.getLogger(__name__)

KEYS_LAST = 24 * 3600.0
REFRESH_AT_MOST_EVERY = 30.0
"""Seconds between two downloads, whatever key ids strangers come up with."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An RSA key, and the channels that Bot Framework endorses it for; other issuers endorse none."""

    public: Any
    endorsements: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Published:
    issuer: str
    by_id: Mapping[str, PublicKey]
    at: float


class PublishedKeys:
    """Kept for a day, fetched again for a key id never seen, and kept on when the issuer cannot be reached. One
    download at a time."""

    def __init__(
        self,
        metadata_url: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        time_limit: float = 5.0,
        refresh_at_most_every: float = REFRESH_AT_MOST_EVERY,
    ) -> None:
        self._metadata_url = metadata_url
        self._clock = clock
        self._time_limit = aiohttp.ClientTimeout(total=time_limit)
        self._pause = refresh_at_most_every
        self._keys: _Published | None = None
        self._tried_at: float | None = None
        self._lock = asyncio.Lock()

    def knows(self, key_id: str) -> bool:
        return self._keys is not None and key_id in self._keys.by_id

    async def find(self, key_id: str) -> tuple[PublicKey | None, str]:
        """The key of this id if there is one, and the issuer. Raises `Unavailable` before a first download."""
        keys = self._keys
        if keys is None or self._outdated(keys, key_id):
            async with self._lock:
                keys = self._keys
                if keys is None or self._outdated(keys, key_id):
                    keys = await self._refresh()
        if keys is None:
            raise Unavailable("The issuer's keys cannot be fetched now.")
        return keys.by_id.get(key_id), keys.issuer

    def _outdated(self, keys: _Published, key_id: str) -> bool:
        return key_id not in keys.by_id or self._clock() - keys.at > KEYS_LAST

    async def _refresh(self) -> _Published | None:
        now = self._clock()
        pause = self._pause if self._keys is not None else min(self._pause, 1.0)
        if self._tried_at is not None and now - self._tried_at < pause:
            return self._keys
        self._tried_at = now
        try:
            self._keys = await self._download(now)
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
            log.warning("issuer_keys_unreachable", extra={"error": type(error).__name__})
        return self._keys

    async def _download(self, now: float) -> _Published:
        async with aiohttp.ClientSession(timeout=self._time_limit, raise_for_status=True) as session:
            async with session.get(self._metadata_url) as response:
                metadata = await response.json(content_type=None)
            async with session.get(metadata["jwks_uri"]) as response:
                published = await response.json(content_type=None)
        by_id = {}
        for entry in published["keys"]:
            if entry.get("kty") == "RSA" and isinstance(entry.get("kid"), str):
                public = jwt.PyJWK(entry, algorithm="RS256").key
                by_id[entry["kid"]] = PublicKey(public, frozenset(entry.get("endorsements") or ()))
        if not by_id:
            raise ValueError("no keys")
        return _Published(str(metadata["issuer"]), by_id, now)
