"""Tips into the tables: an import of files, and what authors publish. The same again changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.authoring.versions import archive
from domain.tips.contents import columns_of, digest_of
from domain.tips.models import SynonymRow, TipRow, TipThemeRow
from domain.tips.reading import Synonyms
from domain.tips.tip import Origin, Tip, TipState
from domain.unit import Unit


@dataclass(frozen=True, slots=True)
class Imported:
    """How many tips an import added, changed, left alone and retired; `kept` are those that authors wrote or changed
    since: what they say stands."""

    added: int
    changed: int
    unchanged: int
    retired: int
    kept: int = 0


async def import_tips(
    unit: Unit, tips: Iterable[Tip], synonyms: Iterable[Synonyms] | None = (), *, retire_others: bool = True
) -> Imported:
    """Make the tips table say what `tips` say: new ones added, changed ones a version up, the ones gone retired.

    Importing the same again changes nothing. A retired tip that comes back is published again. What authors wrote,
    changed or retired at the desk is theirs from then on, and an import leaves it as it is. Without `retire_others`
    tips that are not among these stay; with None for the synonyms those do.
    """
    columns = (TipRow.id, TipRow.digest, TipRow.state, TipRow.origin)
    known = {row.id: row for row in await unit.db.execute(select(*columns))}
    rows: list[dict[str, Any]] = []
    changed: list[str] = []
    kept = 0
    wanted = {tip.id: tip for tip in tips}
    for tip in wanted.values():
        before = known.get(tip.id)
        if before and before.origin == Origin.DESK:
            kept += 1
            continue
        if before and before.digest == digest_of(tip) and before.state == TipState.PUBLISHED:
            continue
        if before:
            changed.append(tip.id)
        rows.append(
            published_row(unit, tip) | {"origin": Origin.FILE, "author_id": None, "published_by": None}
        )
    await archive(unit, changed)
    await upsert_tips(unit, rows)
    await _keep_themes(unit, wanted.values())
    gone = [
        tip_id
        for tip_id, row in known.items()
        if retire_others
        and tip_id not in wanted
        and row.state == TipState.PUBLISHED
        and row.origin == Origin.FILE
    ]
    for start in range(0, len(gone), 500):
        await unit.db.execute(
            update(TipRow)
            .where(TipRow.id.in_(gone[start : start + 500]))
            .values(state=TipState.RETIRED, changed_at=unit.now)
        )
    if synonyms is not None:
        await _replace_synonyms(unit, synonyms)
    added = len(rows) - len(changed)
    return Imported(added, len(changed), len(wanted) - len(rows) - kept, len(gone), kept)


def published_row(unit: Unit, tip: Tip) -> dict[str, Any]:
    """A tip as it is published now: what `upsert_tips` takes, but for who wrote it."""
    moment = {"changed_at": unit.now, "published_at": unit.now, "reminded_at": None}
    return {**columns_of(tip), "state": TipState.PUBLISHED, "version": 1, **moment}


async def upsert_tips(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """Add tips, or replace what they say: a version up."""
    if not rows:
        return
    dialect = postgresql if unit.db.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(TipRow)
    newer = {name: statement.excluded[name] for name in rows[0] if name not in ("id", "version")}
    await unit.db.execute(
        statement.on_conflict_do_update(
            index_elements=[TipRow.id], set_=newer | {"version": TipRow.version + 1}
        ),
        rows,
    )


async def _keep_themes(unit: Unit, tips: Iterable[Tip]) -> None:
    themes = {(tip.theme, tip.language): tip.theme_name for tip in tips}
    await keep_themes(
        unit, [{"id": theme, "language": code, "name": name} for (theme, code), name in themes.items()]
    )


async def keep_themes(unit: Unit, rows: Sequence[dict[str, str]]) -> None:
    """Themes that authors can choose from now on, by `id`, `language` and `name`."""
    if not rows:
        return
    dialect = postgresql if unit.db.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(TipThemeRow)
    named = statement.on_conflict_do_update(
        index_elements=[TipThemeRow.id, TipThemeRow.language], set_={"name": statement.excluded.name}
    )
    await unit.db.execute(named, rows)


async def _replace_synonyms(unit: Unit, groups: Iterable[Synonyms]) -> None:
    """Those of the files, but for the ones that an author changed since."""
    dialect = postgresql if unit.db.dialect.name == "postgresql" else sqlite
    wanted = {_synonyms_id(group): group for group in groups}
    before = await unit.db.execute(select(SynonymRow.id, SynonymRow.author_id))
    known = {row.id: row.author_id for row in before}
    gone = [one for one, author_id in known.items() if author_id is None and one not in wanted]
    if gone:
        await unit.db.execute(delete(SynonymRow).where(SynonymRow.id.in_(gone)))
    rows = [
        {"id": one, "language": group.language, "words": list(group.words), "changed_at": unit.now}
        for one, group in wanted.items()
        if one not in known
    ]
    if rows:
        await unit.db.execute(dialect.insert(SynonymRow).on_conflict_do_nothing(), rows)


def _synonyms_id(group: Synonyms) -> str:
    """The same words are the same group, in every import."""
    said = "\n".join((group.language, *group.words))
    return f"file-{hashlib.sha256(said.encode()).hexdigest()[:24]}"
