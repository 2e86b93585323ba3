"""What tips said before: kept when a tip is changed, looked at and brought back by its authors."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from domain.tips.contents import tip_of, write_content
from domain.tips.models import TipRow, TipVersionRow
from domain.unit import Unit

CHUNK = 500


async def archive(unit: Unit, tip_ids: Sequence[str]) -> None:
    """Keep what these tips say now, before something else takes its place. Unknown ids are passed over."""
    dialect = postgresql if unit.db.dialect.name == "postgresql" else sqlite
    for start in range(0, len(tip_ids), CHUNK):
        found = await unit.db.execute(select(TipRow).where(TipRow.id.in_(tip_ids[start : start + CHUNK])))
        rows = [
            {
                "tip_id": row.id,
                "version": row.version,
                "content": write_content(tip_of(row)),
                "author_id": row.author_id,
                "published_by": row.published_by,
                "published_at": row.published_at,
            }
            for row in found
        ]
        if rows:
            await unit.db.execute(dialect.insert(TipVersionRow).on_conflict_do_nothing(), rows)
