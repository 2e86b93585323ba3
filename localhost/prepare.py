"""What the demo city needs before the first message: tables, tips, and a key for the connector."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from wiring.services import Services

log = logging.getLogger(__name__)


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


async def demo_key(built: Services, folder: Path) -> str:
    """The API key of the demo flow, made on the first start and kept where only you can read it."""
    return "…"
