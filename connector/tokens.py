"""Entra ID tokens in requests: a person who signed in, in an application that was granted scopes of this API."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import jwt

from domain.actor import Role
from domain.api_keys.models import Scope
from domain.errors import Forbidden, Unauthenticated

log = logging.getLogger(__name__)

LEEWAY = 300
"""Seconds that clocks may differ, as Microsoft's own libraries have it."""
MAX_VERIFIED = 5000
EVERYTHING = "access_as_user"
"""The scope of an application that may do all that its person may."""


class ForeignTenant(Forbidden):
    """Rightly signed, but for another organisation."""

    code = "foreign_tenant"


class PublicKey(Protocol):
    @property
    def public(self) -> Any: ...


class Keys(Protocol):
    """The issuer's published keys."""

    def knows(self, key_id: str) -> bool: ...

    async def find(self, key_id: str) -> tuple[PublicKey | None, str]:
        """The key of this id if there is one, and the issuer. Raises `Unavailable` when that cannot be known now."""
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """What a valid token says: who, in which application, with what scopes and app roles, until when (epoch)."""

    object_id: str
    application: str
    scopes: frozenset[Scope]
    roles: frozenset[Role]
    key_id: str
    until: float


class EntraTokens:
    """Takes tokens of version 2 that one tenant's Entra signed for this API, on behalf of a person."""

    def __init__(
        self, client_id: str, tenant_id: str, keys: Keys, clock: Callable[[], float] = time.time
    ) -> None:
        if not client_id or not tenant_id:
            raise ValueError("Without a client id and a tenant id every token would do.")
        self._audiences = (client_id, f"api://{client_id}")
        self._tenant_id = tenant_id
        self._keys = keys
        self._clock = clock
        self._verified: OrderedDict[str, Token] = OrderedDict()

    async def read(self, text: str) -> Token:
        """Raises `Unauthenticated`, `Forbidden` for a token without a person or scopes, or `Unavailable`. A token that
        was good is good until it ends or its key is withdrawn."""
        known = self._verified.get(text)
        if known is not None and self._clock() < known.until and self._keys.knows(known.key_id):
            return known
        token = await self._verify(text)
        self._verified[text] = token
        if len(self._verified) > MAX_VERIFIED:
            self._verified.popitem(last=False)
        return token

    async def _verify(self, text: str) -> Token:
        try:
            header = jwt.get_unverified_header(text)
            key_id = header.get("kid")
            if header.get("alg") != "RS256" or not isinstance(key_id, str):
                raise _refused("the algorithm or the key")
            key, issuer = await self._keys.find(key_id)
            if key is None:
                raise _refused("an unknown key")
            claims = jwt.decode(
                text,
                key.public,
                algorithms=["RS256"],
                audience=self._audiences,
                issuer=issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud", "tid", "oid"]},
            )
        except jwt.PyJWTError as error:
            raise _refused(type(error).__name__) from error
        return self._token(claims, key_id)

    def _token(self, claims: Mapping[str, Any], key_id: str) -> Token:
        if claims["tid"] != self._tenant_id:
            raise ForeignTenant("This desk works for another organisation.")
        if claims.get("idtyp") == "app" or not isinstance(claims.get("scp"), str):
            raise Forbidden("Sign in as a person: an application on its own uses an API key.")
        granted = claims["scp"].split()
        scopes = frozenset(Scope if EVERYTHING in granted else (s for s in Scope if s.value in granted))
        if not scopes:
            raise Forbidden("The token has no scope of this API.")
        named = claims.get("roles") or ()
        roles = frozenset(role for role in Role if role.value in named)
        application = str(claims.get("azp") or claims.get("appid") or "")
        return Token(str(claims["oid"]), application, scopes, roles, key_id, float(claims["exp"]))


def _refused(reason: str) -> Unauthenticated:
    log.info("token_refused", extra={"reason": reason})
    return Unauthenticated("The token is not valid.", field="Authorization")
