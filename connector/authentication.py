"""Who calls: a person by an Entra ID token, or a flow by its API key."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.actor import Actor
from domain.api_keys.actions import USED_TO_THE, authenticate_key, hash_of, note_use
from domain.api_keys.models import ApiKey, Scope
from domain.errors import Forbidden, Unauthenticated
from domain.unit import Units

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
        return Scope.ON_BEHALF in self.scopes


TRUSTED_FOR = 10.0
"""Seconds for which a key that was right is not looked up again: so long after, a revoked key is out everywhere."""
MOST = 1000


class ApiKeys:
    """The keys this process has seen lately, by their hash."""

    def __init__(self, units: Units, clock: Callable[[], float] = time.monotonic) -> None:
        self._units = units
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, ApiKey]] = OrderedDict()

    async def caller(self, key: str | None, scope: Scope) -> ApiKey:
        """Raises `Unauthenticated` without a good key, and `Forbidden` when that may not do this."""
        caller = await self.known(key)
        check_scope(caller, scope)
        return caller

    async def known(self, key: str | None) -> ApiKey:
        if not key:
            raise Unauthenticated("Send an API key in the header {header}.", header=HEADER, field=HEADER)
        return await self._look_up(key)

    async def _look_up(self, key: str) -> ApiKey:
        key_hash, now = hash_of(key), self._clock()
        at, known = self._known.get(key_hash, (0.0, None))
        if known is not None and now - at < TRUSTED_FOR:
            return known
        self._known.pop(key_hash, None)
        async with self._units.read() as unit:
            found = await authenticate_key(unit, key)
            stale = found.last_used_at is None or unit.now - found.last_used_at >= USED_TO_THE
        if stale:
            async with self._units() as unit:
                await note_use(unit, found)
        self._known[key_hash] = (now, found)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return found


def check_scope(caller: ApiKey, scope: Scope) -> None:
    if scope not in caller.scopes:
        raise Forbidden("This API key has no scope {scope}.", scope=scope.value)


class Callers:
    """Knows the callers of this process."""

    def __init__(self, units: Units) -> None:
        self._keys = ApiKeys(units)

    async def caller(self, headers: Mapping[str, str]) -> Caller:
        """Who sent these headers. Raises `Unauthenticated`."""
        key = await self._keys.known(headers.get(HEADER))
        return Caller(key.as_actor(), key.scopes, f"key:{key.id}")
