"""Who calls: a person by an Entra ID token, or a flow by its API key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.api_keys import ApiKeys
from domain.actor import Actor
from domain.api_keys.actions import PREFIX
from domain.api_keys.models import Scope
from domain.errors import Forbidden, Unauthenticated
from domain.people.ports import Directory
from domain.unit import Units

if TYPE_CHECKING:
    from connector.tokens import EntraTokens

HEADER = "X-API-Key"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls an operation, from what the request proved. Every handler acts as `actor`, which also makes
    idempotency keys the actor's own."""

    actor: Actor
    """The person of the token, or `flow:NAME` of the API key."""
    scopes: frozenset[Scope]
    connection: str
    """What the rate limit counts by: a key, or a person in one application."""

    def check(self, scope: Scope) -> None:
        """Raises `Forbidden` when the connection was not given this scope."""
        if scope not in self.scopes:
            raise Forbidden("This connection has no scope {scope}.", scope=scope.value)

    @property
    def may_act_on_behalf(self) -> bool:
        """A flow, or an agent who types for someone on the phone; nobody else acts for a colleague."""
        return Scope.ON_BEHALF in self.scopes and (self.actor.is_flow or self.actor.is_agent)


class Callers:
    """Knows who sent a request. Without `tokens`, only API keys open."""

    def __init__(
        self,
        units: Units,
        directory: Directory,
        tokens: EntraTokens | None = None,
        *,
        challenge: str = "Bearer",
    ) -> None:
        self._keys = ApiKeys(units)
        self._directory = directory
        self._tokens = tokens
        self._challenge = {"WWW-Authenticate": challenge}

    async def caller(self, headers: Mapping[str, str]) -> Caller:
        """Who sent these headers, whose names have any case. Raises `Unauthenticated`, which says how to sign in,
        `Forbidden` for a good token of nobody here, or `Unavailable` while the issuer's keys are out of reach."""
        try:
            return await self._known(headers)
        except Unauthenticated as error:
            error.headers = self._challenge
            raise

    async def _known(self, headers: Mapping[str, str]) -> Caller:
        key = headers.get(HEADER)
        if key:
            return await self._by_key(key)
        scheme, _, text = (headers.get("Authorization") or "").strip().partition(" ")
        if scheme.lower() != "bearer" or not text:
            raise Unauthenticated(
                "Send a token in Authorization, or an API key in {header}.",
                header=HEADER,
                field="Authorization",
            )
        if text.startswith(PREFIX):  # what can only send a bearer token sends its key as one
            return await self._by_key(text)
        if self._tokens is None:
            raise Unauthenticated("This desk takes API keys only.", field="Authorization")
        return await self._by_token(self._tokens, text)

    async def _by_key(self, text: str) -> Caller:
        key = await self._keys.find(text)
        return Caller(key.as_actor(), key.scopes, f"key:{key.id}")

    async def _by_token(self, tokens: EntraTokens, text: str) -> Caller:
        token = await tokens.read(text)
        person = await self._directory.by_object_id(token.object_id)
        if person is None or not person.active:
            raise Forbidden("This account is not known here.")
        actor = person.as_actor()
        if token.roles:
            actor = replace(actor, roles=actor.roles | token.roles)
        return Caller(actor, token.scopes, f"person:{token.object_id}@{token.application}")
