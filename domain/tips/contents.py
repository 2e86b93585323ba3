"""A tip in the database: as a row of its own, and as a document in a draft or an earlier version."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Row

from domain.tips.tip import Audience, Link, Source, Tip

_ADDED_LATER = frozenset({"team_id", "translation_of", "valid_from", "valid_until", "links"})
"""Left out of the digest when empty: a tip without them has the digest it always had."""


def digest_of(tip: Tip) -> str:
    """SHA-256 of all it says."""
    said = {name: value for name, value in asdict(tip).items() if value or name not in _ADDED_LATER}
    content = json.dumps(said, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def columns_of(tip: Tip) -> dict[str, Any]:
    """The columns of `tips` that say what the tip says."""
    return {
        "id": tip.id,
        "language": tip.language,
        "theme": tip.theme,
        "theme_name": tip.theme_name,
        "audience": tip.audience,
        "title": tip.title,
        "alternates": list(tip.alternates),
        "intro": tip.intro,
        "steps": list(tip.steps),
        "phone": tip.phone,
        "note": tip.note,
        "source_name": tip.source.name,
        "source_url": tip.source.url,
        "related": list(tip.related),
        "checked": tip.checked,
        "team_id": tip.team_id,
        "translation_of": tip.translation_of,
        "valid_from": tip.valid_from,
        "valid_until": tip.valid_until,
        "links": [asdict(link) for link in tip.links] or None,
        "ways": len(tip.alternates),
        "digest": digest_of(tip),
    }


def tip_of(row: Row[Any]) -> Tip:
    """What a row of `tips` says."""
    return Tip(
        id=row.id,
        language=row.language,
        theme=row.theme,
        theme_name=row.theme_name,
        audience=Audience(row.audience),
        title=row.title,
        alternates=tuple(row.alternates),
        intro=row.intro,
        steps=tuple(row.steps),
        phone=row.phone,
        note=row.note,
        source=Source(row.source_name, row.source_url),
        related=tuple(row.related),
        checked=row.checked,
        team_id=row.team_id,
        translation_of=row.translation_of,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        links=tuple(Link(**link) for link in row.links or ()),
    )


def write_content(tip: Tip) -> dict[str, Any]:
    """A tip as a JSON document."""
    written: dict[str, Any] = json.loads(json.dumps(asdict(tip), default=str))
    return written


def read_content(content: dict[str, Any]) -> Tip:
    """What `write_content` wrote, now or in an earlier release."""
    given = dict(content)
    given["audience"] = Audience(given["audience"])
    given["source"] = Source(**given["source"])
    given["links"] = tuple(Link(**link) for link in given.get("links", ()))
    for name in ("alternates", "steps", "related"):
        given[name] = tuple(given[name])
    for name in ("checked", "valid_from", "valid_until"):
        day = given.get(name)
        given[name] = date.fromisoformat(day) if day else None
    return Tip(**given)
