"""API keys in requests: looked up for every call, so that a revoked key is out at once in every process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from domain.api_keys.actions import USED_TO_THE, find_keys, hash_of, note_use
from domain.api_keys.models import ApiKey
from domain.errors import Unauthenticated
from domain.unit import Units


class ApiKeys:
    """Looks keys up by their hash. Calls that come while a look-up runs share the next one: many at once cost one
    statement, and none is answered with what was read before it came."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._waiting: dict[str, list[asyncio.Future[ApiKey | None]]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def find(self, key: str) -> ApiKey:
        """Whose key this is, its use noted. Raises `Unauthenticated`."""
        future: asyncio.Future[ApiKey | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(hash_of(key), []).append(future)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        found = await future
        if found is None:
            raise Unauthenticated("This API key is not known here.")
        return found

    async def _look(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, {}
                try:
                    found = await self._read(list(batch))
                except Exception as error:
                    _answer(batch, error)
                else:
                    _answer(batch, found)
        finally:
            self._looking = None

    async def _read(self, hashes: list[str]) -> Mapping[str, ApiKey]:
        async with self._units.read() as unit:
            found = await find_keys(unit, hashes)
            stale = {
                key.id: key
                for key in found.values()
                if key.last_used_at is None or unit.now - key.last_used_at >= USED_TO_THE
            }
        if stale:
            async with self._units() as unit:
                for key in stale.values():
                    await note_use(unit, key)
        return found


def _answer(
    batch: Mapping[str, list[asyncio.Future[ApiKey | None]]], found: Mapping[str, ApiKey] | Exception
) -> None:
    for key_hash, futures in batch.items():
        for future in futures:
            if future.done():  # its caller went away
                continue
            if isinstance(found, Exception):
                future.set_exception(found)
            else:
                future.set_result(found.get(key_hash))
