"""Who sent an activity: the channel's token, checked against the keys it publishes.

botbuilder's own validation takes tokens without an end, does not see new keys for a day, downloads without a time
limit and answers rogue tokens with 500; so this is done here, with PyJWT, by the rules of the Bot Connector.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
import jwt
from botbuilder.schema import Activity

from bot.activities import tenant_of
from bot.connector import LOOPBACK
from domain.errors import DeskError, Unauthenticated, Unavailable

log = logging.getLogger(__name__)

LEEWAY = 300
"""Seconds that clocks may differ."""
KEYS_LAST = 24 * 3600.0
REFRESH_AT_MOST_EVERY = 30.0
"""Seconds between two downloads, whatever key ids strangers come up with."""
MAX_VERIFIED = 1000


class ForeignTenant(DeskError):
    """Rightly signed, but from another city's Teams."""

    code = "foreign_tenant"
    status = 403


class Sender(Protocol):
    """Who sent a request, before its body has been read."""

    def check(self, activity: Activity) -> None:
        """Raises `Unauthenticated` or `ForeignTenant` when the activity is not this sender's to send."""
        ...


class Authentication(Protocol):
    async def sender(self, authorization: str | None) -> Sender:
        """Who signed a request, by its Authorization header. Raises `Unauthenticated`, or `Unavailable` when that
        cannot be known now."""
        ...


@dataclass(frozen=True, slots=True)
class Channel:
    """What a valid token says: the service URL it vouches for, and the channels its key may sign for."""

    service_url: str
    channels: frozenset[str]
    key_id: str
    until: float
    tenant_id: str

    def check(self, activity: Activity) -> None:
        if activity.channel_id not in self.channels:
            raise Unauthenticated("The token's key may not sign for this channel.", field="channelId")
        if activity.service_url != self.service_url:
            raise Unauthenticated("The token is for another service URL.", field="serviceUrl")
        if self.tenant_id and tenant_of(activity) != self.tenant_id:
            raise ForeignTenant("This bot works for another organisation.", field="conversation.tenantId")


@dataclass(frozen=True, slots=True)
class _Key:
    public: Any
    channels: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Keys:
    issuer: str
    by_id: dict[str, _Key]
    at: float


class ChannelKeys:
    """The channel's published keys. Kept for a day, fetched again for a key id never seen, and kept on when the
    channel cannot be reached. One download at a time."""

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
        self._keys: _Keys | None = None
        self._tried_at: float | None = None
        self._lock = asyncio.Lock()

    def knows(self, key_id: str) -> bool:
        return self._keys is not None and key_id in self._keys.by_id

    async def find(self, key_id: str) -> tuple[_Key | None, str]:
        """The key of this id if there is one, and the issuer. Raises `Unavailable` before a first download."""
        keys = self._keys
        if keys is None or key_id not in keys.by_id or self._clock() - keys.at > KEYS_LAST:
            async with self._lock:
                keys = self._keys
                if keys is None or key_id not in keys.by_id or self._clock() - keys.at > KEYS_LAST:
                    keys = await self._refresh()
        if keys is None:
            raise Unavailable("The channel's keys cannot be fetched now.")
        return keys.by_id.get(key_id), keys.issuer

    async def _refresh(self) -> _Keys | None:
        now = self._clock()
        pause = self._pause if self._keys is not None else min(self._pause, 1.0)
        if self._tried_at is not None and now - self._tried_at < pause:
            return self._keys
        self._tried_at = now
        try:
            self._keys = await self._download(now)
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
            log.warning("channel_keys_unreachable", extra={"error": type(error).__name__})
        return self._keys

    async def _download(self, now: float) -> _Keys:
        async with aiohttp.ClientSession(timeout=self._time_limit, raise_for_status=True) as session:
            async with session.get(self._metadata_url) as response:
                metadata = await response.json(content_type=None)
            async with session.get(metadata["jwks_uri"]) as response:
                published = await response.json(content_type=None)
        by_id = {}
        for entry in published["keys"]:
            if entry.get("kty") == "RSA" and isinstance(entry.get("kid"), str):
                public = jwt.PyJWK(entry, algorithm="RS256").key
                by_id[entry["kid"]] = _Key(public, frozenset(entry.get("endorsements") or ()))
        if not by_id:
            raise ValueError("no keys")
        return _Keys(str(metadata["issuer"]), by_id, now)


class TokenAuthentication:
    """Activities must carry a token that the channel signed for this bot."""

    def __init__(
        self, app_id: str, keys: ChannelKeys, *, tenant_id: str = "", clock: Callable[[], float] = time.time
    ) -> None:
        if not app_id:
            raise ValueError("Without an app id every token would do. Set the bot's app id.")
        self._app_id = app_id
        self._keys = keys
        self._tenant_id = tenant_id
        self._clock = clock
        self._verified: OrderedDict[str, Channel] = OrderedDict()

    async def sender(self, authorization: str | None) -> Channel:
        scheme, _, token = (authorization or "").strip().partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("A bearer token is needed.", field="Authorization")
        known = self._verified.get(token)
        if known is not None and self._clock() < known.until and self._keys.knows(known.key_id):
            return known
        channel = await self._verify(token)
        self._verified[token] = channel
        if len(self._verified) > MAX_VERIFIED:
            self._verified.popitem(last=False)
        return channel

    async def _verify(self, token: str) -> Channel:
        refused = Unauthenticated("The token is not valid.", field="Authorization")
        try:
            header = jwt.get_unverified_header(token)
            key_id = header.get("kid")
            if header.get("alg") != "RS256" or not isinstance(key_id, str):
                raise refused
            key, issuer = await self._keys.find(key_id)
            if key is None:
                raise refused
            claims = jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.PyJWTError as error:
            log.info("token_refused", extra={"reason": type(error).__name__})
            raise refused from error
        service_url = claims.get("serviceurl")
        if not isinstance(service_url, str) or not service_url:
            raise refused
        return Channel(service_url, key.channels, key_id, float(claims["exp"]), self._tenant_id)


class UnsafeNoAuthentication:
    """For a laptop: whoever reaches this host may say to be anybody. Replies go to this machine only."""

    async def sender(self, authorization: str | None) -> Sender:
        return self

    def check(self, activity: Activity) -> None:
        if urlsplit(activity.service_url).hostname not in LOOPBACK:
            raise Unauthenticated("Without authentication only this machine is answered.", field="serviceUrl")
