"""Who sent an activity: the channel's token, checked against the keys it publishes.

botbuilder's own validation takes tokens without an end, does not see new keys for a day, downloads without a time
limit and answers rogue tokens with 500; so this is done here, with PyJWT, by the rules of the Bot Connector.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import jwt
from botbuilder.schema import Activity

from bot.bridge.activities import tenant_of
from bot.bridge.connector import LOOPBACK
from domain.errors import DeskError, Unauthenticated

log = logging.getLogger(__name__)

LEEWAY = 300
"""Seconds that clocks may differ."""
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


class PublicKey(Protocol):
    @property
    def public(self) -> Any: ...

    @property
    def endorsements(self) -> frozenset[str]:
        """The channels it may sign for."""
        ...


class Keys(Protocol):
    """The channel's published keys."""

    def knows(self, key_id: str) -> bool: ...

    async def find(self, key_id: str) -> tuple[PublicKey | None, str]:
        """The key of this id if there is one, and the issuer. Raises `Unavailable` when that cannot be known now."""
        ...


class TokenAuthentication:
    """Activities must carry a token that the channel signed for this bot."""

    def __init__(
        self, app_id: str, keys: Keys, *, tenant_id: str = "", clock: Callable[[], float] = time.time
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
        return Channel(service_url, key.endorsements, key_id, float(claims["exp"]), self._tenant_id)


class UnsafeNoAuthentication:
    """For a laptop: whoever reaches this host may say to be anybody. Replies go to this machine only."""

    async def sender(self, authorization: str | None) -> Sender:
        return self

    def check(self, activity: Activity) -> None:
        if urlsplit(activity.service_url).hostname not in LOOPBACK:
            raise Unauthenticated("Without authentication only this machine is answered.", field="serviceUrl")
