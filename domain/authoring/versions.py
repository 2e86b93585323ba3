"""What tips said before: kept when a tip is changed, looked at and brought back by its authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from domain.actor import Actor, Role
from domain.authoring.draft import Draft
from domain.authoring.link_models import TipLinkRow
from domain.authoring.writing import open_draft
from domain.errors import Conflict, NotFound
from domain.tips.contents import read_content, tip_of, write_content
from domain.tips.models import TipRow, TipVersionRow
from domain.tips.tip import Tip, TipState
from domain.unit import Unit

CHUNK = 500


async def archive(unit: Unit, tip_ids: Sequence[str]) -> None:
    """Keep what these tips say now, before something else takes its place, and forget what was found of
    their links: new ones are looked at in time. Unknown ids are passed over."""
    dialect = postgresql if unit.db.dialect.name == "postgresql" else sqlite
    for start in range(0, len(tip_ids), CHUNK):
        some = tip_ids[start : start + CHUNK]
        await unit.db.execute(delete(TipLinkRow).where(TipLinkRow.tip_id.in_(some)))
        found = await unit.db.execute(select(TipRow).where(TipRow.id.in_(some)))
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


@dataclass(frozen=True, slots=True)
class Version:
    """What a tip said from `published_at` on. `author_id` is None for what came from the organisation's files. `state`
    is that of the tip now, for what it says now."""

    tip: Tip
    version: int
    author_id: str | None
    published_by: str | None
    published_at: datetime | None
    state: TipState | None = None


@dataclass(frozen=True, slots=True)
class VersionPage:
    """The newest first; `cursor` asks for the older ones."""

    versions: tuple[Version, ...]
    cursor: int | None


async def list_versions(
    unit: Unit, actor: Actor, tip_id: str, *, limit: int = 8, before: int | None = None
) -> VersionPage:
    """What a tip says and said, for authors. Raises `NotFound` for an unknown tip."""
    current = await current_version(unit, actor, tip_id)
    earlier = select(TipVersionRow).where(TipVersionRow.tip_id == tip_id)
    if before is not None:
        earlier = earlier.where(TipVersionRow.version < before)
    rows = await unit.db.execute(earlier.order_by(TipVersionRow.version.desc()).limit(limit + 1))
    found = [current] if before is None else []
    found += [_version(row) for row in rows]
    more = len(found) > limit
    return VersionPage(tuple(found[:limit]), found[limit - 1].version if more else None)


async def current_version(unit: Unit, actor: Actor, tip_id: str) -> Version:
    """What a tip says now, published or retired. Raises `NotFound`, and for who is no author too."""
    row = None
    if actor.has(Role.TIP_AUTHOR):
        row = (await unit.db.execute(select(TipRow).where(TipRow.id == tip_id))).one_or_none()
    if row is None:
        raise NotFound("This tip does not exist (any more).")
    people = (row.author_id, row.published_by)
    return Version(tip_of(row), row.version, *people, row.published_at, TipState(row.state))


async def earlier_version(unit: Unit, actor: Actor, tip_id: str, version: int) -> Version:
    """What a tip said then, or says now. Raises `NotFound`."""
    current = await current_version(unit, actor, tip_id)
    if current.version == version:
        return current
    wanted = select(TipVersionRow).where(TipVersionRow.tip_id == tip_id, TipVersionRow.version == version)
    row = (await unit.db.execute(wanted)).one_or_none()
    if row is None:
        raise NotFound("This version is not there.")
    return _version(row)


async def restore_version(unit: Unit, actor: Actor, tip_id: str, version: int) -> Draft:
    """A draft that says what the tip said then; it is reviewed and published as any other. May be repeated.

    Raises `NotFound`, and `Conflict` when somebody is writing a next version.
    """
    earlier = await earlier_version(unit, actor, tip_id, version)
    current = await current_version(unit, actor, tip_id)
    draft = await open_draft(unit, actor, earlier.tip, current.version)
    if draft.tip != earlier.tip:
        raise Conflict("There is a draft of this tip already. Publish or discard that one first.")
    return draft


def _version(row: Row[Any]) -> Version:
    return Version(read_content(row.content), row.version, row.author_id, row.published_by, row.published_at)
