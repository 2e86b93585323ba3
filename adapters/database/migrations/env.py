"""What Alembic runs: migrations over the connection it is given, or over DATABASE_URL when used by hand."""

from __future__ import annotations

import asyncio
import os
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from adapters.database.engine import open_engine
from adapters.database.tables import METADATA
from domain.tables import UtcDateTime


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Migrations stand on their own: they name SQLAlchemy's types, not ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_item=render_item,
        # SQLite cannot change a column: there Alembic copies the table. A new table needs no such care.
        render_as_batch=True,
        compare_server_default=True,
        # A SQLite transaction is ours already, and holds DDL too.
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def by_hand() -> None:
    engine = open_engine(os.environ["DATABASE_URL"])
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(by_hand())
