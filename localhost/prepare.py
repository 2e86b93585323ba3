"""What the demo city needs before the first message: tables, tips, and a key for the connector."""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import suppress
from pathlib import Path

from domain.errors import Unauthenticated
from localhost.keys import write_private
from wiring.services import Services

log = logging.getLogger(__name__)

KEY_FILE = "connector-key"


async def migrate(url: str) -> None:
    """Bring the tables up to date. In a thread: Alembic reads files and is slow to load."""

    def blocking() -> None:
        from adapters.database.schema import upgrade

        asyncio.run(upgrade(url))

    await asyncio.to_thread(blocking)


async def load_tips(built: Services, organisation: Path) -> None:
    from adapters.organisation.tips import load_tips as read
    from domain.tips.actions import import_tips

    tips = await asyncio.to_thread(read, organisation)
    async with built.units() as unit:
        imported = await import_tips(unit, tips.tips, tips.synonyms)
    log.info("tips_loaded", extra={"added": imported.added, "changed": imported.changed})


def known_key(folder: Path) -> str:
    """The key that `demo_key` made."""
    return (folder / KEY_FILE).read_text().strip()


async def demo_key(built: Services, folder: Path) -> str:
    """An API key to try the connector with: made on the first start, and kept where only you can read it."""
    from domain.api_keys.actions import authenticate_key, create_key
    from domain.api_keys.models import Scope

    file = folder / KEY_FILE
    if file.exists():
        key = known_key(folder)
        with suppress(Unauthenticated):  # it is of a former database
            async with built.units.read() as unit:
                await authenticate_key(unit, key)
            return key
        file.unlink()
    async with built.units() as unit:
        key = await create_key(unit, f"demo-{secrets.token_hex(4)}", Scope)
    write_private(file, key + "\n")
    return key
