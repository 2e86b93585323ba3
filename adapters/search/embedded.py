"""The embedded search: an index of the tips table in this process's memory."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.tips.actions import StoredTip, Synonyms, list_synonyms, list_tips, tips_stamp
from domain.tips.ports import Hit
from domain.unit import Units

if TYPE_CHECKING:
    from adapters.search.index import Index

log = logging.getLogger(__name__)

PAGE = 1000
LOOK_AGAIN_AFTER = 60.0
"""Seconds after which a worker looks whether another one changed the tips."""


class EmbeddedSearch:
    """Searches the published tips. The index is built on first use, in a thread, and replaced as a whole."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._indexes: dict[str, Index] = {}
        self._themes: dict[str, dict[str, str]] = {}
        self._stamp: object = None
        self._looked_at = 0.0
        self._building = asyncio.Lock()
        self._renewing: asyncio.Task[None] | None = None

    async def search(
        self, question: str, language: str, *, limit: int = 3, themes: Sequence[str] = ()
    ) -> Sequence[Hit]:
        """The best tips for a question, the surest first; those in the question's language when there are any."""
        if self._stamp is None:
            await self.refresh()
        elif time.monotonic() - self._looked_at > LOOK_AGAIN_AFTER and self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
        codes = [language] if language in self._indexes else list(self._indexes)
        hits = [hit for code in codes for hit in self._hits(code, question, limit, themes)]
        if len(codes) > 1:
            hits.sort(key=lambda hit: -hit.confidence)
        return hits[:limit]

    def _hits(self, code: str, question: str, limit: int, themes: Sequence[str]) -> list[Hit]:
        from adapters.search.confidence import confidence

        index = self._indexes[code]
        allowed = None
        if themes:
            import numpy as np

            theme_of = self._themes[code]
            allowed = np.array([theme_of[document.id] in themes for document in index.documents], dtype=bool)
        matches, terms = index.search(question, limit, allowed)
        return [
            Hit(
                tip_id=index.documents[match.position].id,
                score=match.score,
                confidence=confidence(match, terms),
                phrase=index.entries[match.entry][1],
                title=index.documents[match.position].title,
                digest=index.documents[match.position].digest,
            )
            for match in matches
        ]

    async def refresh(self) -> None:
        async with self._building:
            self._looked_at = time.monotonic()
            async with self._units.read() as unit:
                stamp = await tips_stamp(unit)
                if stamp == self._stamp:
                    return
                tips: list[StoredTip] = []
                cursor: str | None = None
                while True:
                    page = await list_tips(unit, limit=PAGE, cursor=cursor)
                    tips += page.tips
                    cursor = page.cursor
                    if cursor is None:
                        break
                synonyms = await list_synonyms(unit)
            self._indexes = await asyncio.to_thread(_build, tips, synonyms)
            self._themes = {
                code: {stored.tip.id: stored.tip.theme for stored in tips if stored.tip.language == code}
                for code in self._indexes
            }
            self._stamp = stamp
            log.info("tips_indexed", extra={"tips": len(tips), "languages": sorted(self._indexes)})

    async def _renew(self) -> None:
        try:
            await self.refresh()
        except Exception:
            log.exception("tips_refresh_failed")  # the index at hand stays good enough until the next look
        finally:
            self._renewing = None

    async def ready(self) -> bool:
        """True when there is an index to search, which is built when nobody asked anything yet."""
        try:
            if self._stamp is None:
                await self.refresh()
        except Exception:
            log.exception("tips_index_failed")
            return False
        return True


def _build(tips: Sequence[StoredTip], synonyms: Sequence[Synonyms]) -> dict[str, Index]:
    from adapters.search.index import Document, Index  # NumPy loads here, not when the worker starts

    documents: dict[str, list[Document]] = {}
    for stored in tips:
        tip = stored.tip
        documents.setdefault(tip.language, []).append(
            Document(tip.id, tip.title, tip.alternates, tip.text, stored.digest)
        )
    return {
        code: Index(found, code, [group.words for group in synonyms if group.language == code])
        for code, found in documents.items()
    }
