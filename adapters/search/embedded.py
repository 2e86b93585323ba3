"""The embedded search: an index of the tips table in this process's memory."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.tips.actions import StoredTip, list_synonyms, list_tips, tips_stamp
from domain.tips.ports import Hit
from domain.tips.rules import ANSWER_FROM
from domain.unit import Units

if TYPE_CHECKING:
    from adapters.search.index import Index
    from adapters.search.texts import Texts

log = logging.getLogger(__name__)

PAGE = 500
LOOK_AGAIN_AFTER = 60.0
"""Seconds after which a worker looks whether another one changed the tips."""
TRANSLATED = 2.0
"""Translations say less than the words themselves, for right and wrong tips alike: the confidence makes up for that."""
ABROAD = 0.59
"""The most confidence in a tip of another language: it is offered, and the person chooses."""


class EmbeddedSearch:
    """Searches the published tips. The index is built on first use, in a thread, and replaced as a whole."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._indexes: dict[str, Index] = {}
        self._themes: dict[str, list[str]] = {}
        self._stamp: object = None
        self._looked_at = 0.0
        self._building = asyncio.Lock()
        self._renewing: asyncio.Task[None] | None = None

    async def search(
        self, question: str, language: str, *, limit: int = 3, themes: Sequence[str] = ()
    ) -> Sequence[Hit]:
        """The best tips for a question, the surest first. Those in other languages are looked at when there are none
        in the question's own, or when none of these seems to answer it. `language` is the person's: people type in
        that of their colleagues too."""
        if self._stamp is None:
            await self.refresh()
        elif time.monotonic() - self._looked_at > LOOK_AGAIN_AFTER and self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
        from adapters.search.languages import spoken_in

        language = spoken_in(question, language)
        hits = self._hits(language, language, question, limit, themes)
        if not hits or hits[0].confidence < ANSWER_FROM:
            for code in self._indexes.keys() - {language}:
                hits += self._hits(code, language, question, limit, themes)
            hits.sort(key=lambda hit: -hit.confidence)
        return hits[:limit]

    def _hits(self, code: str, asked_in: str, question: str, limit: int, themes: Sequence[str]) -> list[Hit]:
        index = self._indexes.get(code)
        if index is None:
            return []
        from adapters.search.confidence import confidence

        allowed = None
        if themes:
            import numpy as np

            allowed = np.array([theme in themes for theme in self._themes[code]], dtype=bool)
        matches, read = index.search(question, limit, asked_in, allowed)
        if read is None:
            return []
        most, times = (1.0, 1.0) if code == asked_in else (ABROAD, TRANSLATED)
        texts, hits, sure = index.texts, [], most
        for match in matches:
            sure = min(sure, confidence(match, read) * times)  # what scores less is never surer
            hits.append(
                Hit(
                    tip_id=texts.ids[match.position],
                    score=match.score,
                    confidence=sure,
                    phrase=texts.phrase(match.entry),
                    title=texts.title(match.position),
                )
            )
        return hits

    async def refresh(self) -> None:
        async with self._building:
            self._looked_at = time.monotonic()
            async with self._units.read() as unit:
                stamp = await tips_stamp(unit)
                if stamp == self._stamp:
                    return
                drafts = _Drafts([(group.language, group.words) for group in await list_synonyms(unit)])
                cursor: str | None = None
                while True:
                    page = await list_tips(unit, limit=PAGE, cursor=cursor)
                    await asyncio.to_thread(drafts.add, page.tips)
                    cursor = page.cursor
                    if cursor is None:
                        break
            self._indexes = await asyncio.to_thread(drafts.build)
            self._themes = drafts.themes
            self._stamp = stamp
            log.info("tips_indexed", extra={"tips": drafts.count, "languages": sorted(self._indexes)})

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


class _Drafts:
    """The indexes to be, one per language: pages of tips go in, and none of them is kept."""

    def __init__(self, synonyms: Sequence[tuple[str, Sequence[str]]]) -> None:
        self._groups = synonyms
        self._texts: dict[str, Texts] = {}
        self.themes: dict[str, list[str]] = {}
        self.count = 0

    def add(self, tips: Sequence[StoredTip]) -> None:
        # NumPy loads here, not when the worker starts.
        from adapters.search.texts import Document, Texts

        for stored in tips:
            tip = stored.tip
            texts = self._texts.get(tip.language)
            if texts is None:
                texts = self._texts[tip.language] = Texts.of(
                    tip.language, [words for language, words in self._groups if language == tip.language]
                )
                self.themes[tip.language] = []
            texts.add(Document(tip.id, tip.title, tip.alternates, tip.text))
            self.themes[tip.language].append(tip.theme)
            self.count += 1

    def build(self) -> dict[str, Index]:
        from adapters.search.index import Index

        return {code: Index(texts) for code, texts in self._texts.items()}
