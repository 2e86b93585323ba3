"""What the demo city needs before the first message: tables, tips, and a key for the connector."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from itertools import chain, count
from pathlib import Path

from domain.errors import Conflict, NotFound, Unauthenticated
from domain.unit import Unit
from localhost.keys import write_private
from wiring.services import Services

log = logging.getLogger(__name__)

KEY_FILE = "connector-key"
KEY_NAME = "probeerpagina"
"""Of the page to try the API, as people see it on the tickets that are made there."""


async def migrate(url: str) -> None:
    """Bring the tables up to date. In a thread: Alembic reads files and is slow to load."""

    def blocking() -> None:
        from adapters.database.schema import upgrade

        asyncio.run(upgrade(url))

    await asyncio.to_thread(blocking)


async def load_tips(built: Services, organisation: Path) -> None:
    from adapters.organisation.tips import load_tips as read
    from domain.tips.bringing import import_tips

    tips = await asyncio.to_thread(read, organisation)
    async with built.units() as unit:
        imported = await import_tips(unit, tips.tips, tips.synonyms)
    log.info("tips_loaded", extra={"added": imported.added, "changed": imported.changed})


def known_key(folder: Path) -> str:
    """The key that `demo_key` made."""
    return (folder / KEY_FILE).read_text().strip()


async def demo_key(built: Services, folder: Path) -> str:
    """An API key to try the connector with: made on the first start, and kept where only you can read it."""
    from domain.api_keys.actions import authenticate_key

    file = folder / KEY_FILE
    if file.exists():
        key = known_key(folder)
        with suppress(Unauthenticated):  # it is of a former database
            async with built.units.read() as unit:
                await authenticate_key(unit, key)
            return key
        file.unlink()
    async with built.units() as unit:
        key = await _fresh_key(unit)
    write_private(file, key + "\n")
    return key


async def _fresh_key(unit: Unit) -> str:
    """When the database has a key of that name, its file is gone: it gets a new secret. One that an administrator
    ended keeps its name, and the next gets a number."""
    from domain.api_keys.actions import create_key, renew_key
    from domain.api_keys.models import Scope

    for name in chain([KEY_NAME], (f"{KEY_NAME}-{number}" for number in count(2))):
        try:
            return await renew_key(unit, name, timedelta(0))
        except NotFound:
            return await create_key(unit, name, Scope)
        except Conflict:
            continue
    raise AssertionError("there is always a next number")
