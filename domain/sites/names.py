"""Whether a name is still free where sites are built. That takes a call: never within a transaction."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from domain.errors import Conflict
from domain.sites.ports import NameStatus, PlatformError

log = logging.getLogger(__name__)

PATIENCE = 2.5
"""Seconds somebody who sends a form waits for the answer: Teams gives us five for everything."""


class SiteNames(Protocol):
    """The part of `domain.sites.ports.SitePlatform` that knows which addresses are taken."""

    async def name_status(self, alias: str) -> NameStatus: ...


class UnknownNames:
    """Where nothing is built: every name is free."""

    async def name_status(self, alias: str) -> NameStatus:
        return NameStatus.FREE


async def check_name(names: SiteNames, alias: str) -> bool:
    """Raises `Conflict` (field `name`) when the address is in use, or still held in the bin.

    False when that could not be found out now: the platform is away or slow. Building looks again before it makes
    anything, so asking goes on.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            status = await names.name_status(alias)
    except (PlatformError, TimeoutError) as error:
        log.warning("name_not_checked", extra={"alias": alias, "reason": str(error)[:200]})
        return False
    if status is NameStatus.EXISTS:
        raise Conflict("There is a site with this name already. Choose another name.", field="name")
    if status is NameStatus.DELETED:
        raise Conflict(
            "A site with this name is in the bin and still holds its address. Choose another name, or ask your "
            "information manager to bring it back.",
            field="name",
        )
    return True
