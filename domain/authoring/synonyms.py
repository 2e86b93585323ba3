"""Words that mean the same to the search: the files' own, and what authors keep at the desk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, String, cast, delete, insert, select, update

from domain.actor import Actor
from domain.authoring.rules import LANGUAGES
from domain.authoring.writing import check_author
from domain.errors import Invalid, NotFound
from domain.tables import new_id
from domain.tips.models import SynonymRow
from domain.unit import Unit

PAGE = 12
MOST_WORDS = 20
LONGEST_WORD = 60
_PHRASE = re.compile(r"\w+([ '’-]\w+){0,5}")


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    id: str
    language: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SynonymPage:
    """`cursor` fetches the next page; None on the last one."""

    groups: tuple[SynonymGroup, ...]
    cursor: str | None


async def list_groups(
    unit: Unit, actor: Actor, *, word: str = "", limit: int = PAGE, cursor: str | None = None
) -> SynonymPage:
    """In the order of their ids; with `word` those that have it in them. Raises `Forbidden` for who is no author."""
    check_author(actor)
    query = select(SynonymRow).where(cast(SynonymRow.words, String) != "[]").order_by(SynonymRow.id)
    if cursor:
        query = query.where(SynonymRow.id > cursor)
    sought = word.strip().casefold()
    found: list[SynonymGroup] = []
    # Words are looked through here, page by page: a database folds letters with accents in its own way, or not at all.
    while len(found) <= limit:
        rows = (await unit.db.execute(query.limit(200))).all()
        found += [
            group for group in map(_group, rows) if any(sought in one.casefold() for one in group.words)
        ]
        if len(rows) < 200:
            break
        query = query.where(SynonymRow.id > rows[-1].id)
    more = len(found) > limit
    return SynonymPage(tuple(found[:limit]), found[limit - 1].id if more else None)


async def get_group(unit: Unit, actor: Actor, group_id: str) -> SynonymGroup:
    """Raises `NotFound`, and `Forbidden` for who is no author."""
    check_author(actor)
    row = (await unit.db.execute(select(SynonymRow).where(SynonymRow.id == group_id))).one_or_none()
    if row is None or not row.words:
        raise NotFound("These words are not there (any more).")
    return _group(row)


async def save_group(
    unit: Unit, actor: Actor, group_id: str, language: str, typed: Sequence[str], key: str
) -> str:
    """Keep words that mean the same; without `group_id` as a new group. Gives its id; the search follows by itself.

    Raises `Invalid` (field `words` or `language`), `NotFound`, and `Forbidden` for who is no author.
    """
    check_author(actor)
    words = check_words(typed)
    if language not in LANGUAGES:
        raise Invalid("Choose a language.", field="language")
    values = {"language": language, "words": words, "changed_at": unit.now, "author_id": actor.id}
    if group_id:
        await get_group(unit, actor, group_id)
        await unit.db.execute(update(SynonymRow).where(SynonymRow.id == group_id).values(**values))
        return group_id
    made = new_id()
    first = await unit.once(actor.id, key, (language, tuple(words)), made)
    if first is None:
        await unit.db.execute(insert(SynonymRow).values(id=made, **values))
    return first or made


async def remove_group(unit: Unit, actor: Actor, group_id: str) -> None:
    """They mean the same no more. What the files say stays away at the next import too. May be repeated."""
    check_author(actor)
    if group_id.startswith("file-"):
        values = {"words": [], "changed_at": unit.now, "author_id": actor.id}
        await unit.db.execute(update(SynonymRow).where(SynonymRow.id == group_id).values(**values))
    else:
        await unit.db.execute(delete(SynonymRow).where(SynonymRow.id == group_id))


def check_words(typed: Sequence[str]) -> list[str]:
    """Each word once, as the search reads them. Raises `Invalid` with field `words`."""
    words = list(dict.fromkeys(filter(None, (" ".join(word.split()).casefold() for word in typed))))
    for word in words:
        if len(word) > LONGEST_WORD or _PHRASE.fullmatch(word) is None:
            raise Invalid(
                "“{word}” is no word: use letters and digits, six words at most.",
                field="words",
                word=word[:40],
            )
    if len(words) < 2:
        raise Invalid("Give two words or more that mean the same.", field="words")
    if len(words) > MOST_WORDS:
        raise Invalid("These are too many: {limit} at most.", field="words", limit=MOST_WORDS)
    return words


def _group(row: Row[Any]) -> SynonymGroup:
    return SynonymGroup(row.id, row.language, tuple(row.words))
