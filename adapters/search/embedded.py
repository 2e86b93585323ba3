"""The embedded search: an index of the tips table in this process's memory."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from domain.tips.changes import count_tips, list_changes
from domain.tips.ports import Hit
from domain.tips.reading import StoredTip, Synonyms, list_synonyms, list_tips, tips_stamp
from domain.tips.rules import ANSWER_FROM, CHOOSE_FROM
from domain.tips.tip import Audience, Tip
from domain.unit import Unit, Units

if TYPE_CHECKING:
    from adapters.search.index import Draft, Index

log = logging.getLogger(__name__)

PAGE = 500
LOOK_AGAIN_AFTER = 60.0
"""Seconds after which a worker looks whether another one changed the tips."""
OVERLAP = timedelta(minutes=10)
"""Changes this long before the last look are read again: a transaction may end, and a clock be, this much late."""
TRANSLATED = 3.5
"""Translations say less than the words themselves, for right and wrong tips alike: the confidence makes up for that."""
ABROAD = 0.44
"""The most confidence in a tip of another language: it is offered, and the person chooses."""


@dataclass(frozen=True, slots=True)
class _State:
    """What a worker searches: replaced as a whole, so that a search never sees half of a change."""

    indexes: dict[str, Index] = field(default_factory=dict)
    """By language."""
    translations: dict[tuple[str, str], tuple[str, str, str | None]] = field(default_factory=dict)
    """Of tips that there are in several languages: by root and language the id, title and team."""
    stamp: object = None
    synonyms: Sequence[Synonyms] = ()
    looked: datetime | None = None


class EmbeddedSearch:
    """Searches the published tips. The index is built on first use, and afterwards changed where the tips are; both
    in a thread."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._state = _State()
        self._looked_at = 0.0
        self._building = asyncio.Lock()
        self._renewing: asyncio.Task[None] | None = None

    async def search(
        self,
        question: str,
        language: str,
        *,
        limit: int = 3,
        themes: Sequence[str] = (),
        team_id: str | None = None,
    ) -> Sequence[Hit]:
        """The best tips for a question, the surest first. Those in other languages are looked at when there are none
        in the question's own, or when none of these seems to answer it. `language` is the person's: people type in
        that of their colleagues too, and get a tip in their own when there is one."""
        if self._state.stamp is None:
            await self.refresh()
        elif time.monotonic() - self._looked_at > LOOK_AGAIN_AFTER and self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
        from adapters.search.languages import spoken_in
        from adapters.search.question import says_something

        state = self._state
        asked_in = spoken_in(question, language)
        hits = list(_hits(state, asked_in, asked_in, question, limit, themes, team_id))
        if not hits or hits[0].confidence < ANSWER_FROM:
            near = bool(hits) and hits[0].confidence >= CHOOSE_FROM
            for code in state.indexes.keys() - {asked_in}:
                abroad = _hits(state, code, asked_in, question, limit, themes, team_id)
                hits += (hit for hit in abroad if (hit.root, asked_in) not in state.translations)
                if not near and says_something(question, asked_in):
                    # A few words do not tell their language: it may be that of these tips.
                    spoken = _hits(state, code, code, question, limit, themes, team_id)
                    hits += (replace(hit, confidence=min(hit.confidence, ABROAD)) for hit in spoken)
            hits.sort(key=lambda hit: (-hit.confidence, -hit.score))
        if state.translations:
            hits = _in_language(state, hits, language, team_id)
        return hits[:limit]

    async def look_further(
        self, question: str, language: str, hits: Sequence[Hit], *, team_id: str | None = None
    ) -> Sequence[Hit]:
        """These are all that there are."""
        return hits

    async def answer(self, question: str, tip: Tip) -> str:
        """Empty: what a tip says is shown as its author wrote it."""
        return ""

    async def refresh(self) -> None:
        async with self._building:
            self._looked_at = time.monotonic()
            before = self._state
            async with self._units.read() as unit:
                stamp = await tips_stamp(unit)
                if stamp == before.stamp:
                    return
                synonyms = await list_synonyms(unit)
                drafts = _Drafts(synonyms, before.indexes)
                changed = before.looked is not None and synonyms == before.synonyms
                if changed:
                    await _read_changes(unit, drafts, before)
                if not changed or drafts.tips != await count_tips(unit):
                    drafts = _Drafts(synonyms)
                    await _read_all(unit, drafts)
                looked = unit.now
            indexes = await asyncio.to_thread(drafts.done)
            translations = await asyncio.to_thread(_translations, indexes)
            self._state = _State(indexes, translations, stamp, synonyms, looked)
            log.info(
                "tips_indexed",
                extra={"tips": drafts.tips, "languages": sorted(indexes), "read": drafts.read},
            )

    async def _renew(self) -> None:
        try:
            await self.refresh()
        except Exception:
            log.exception("tips_refresh_failed")  # the index at hand stays good enough until the next look
        finally:
            self._renewing = None

    async def close(self) -> None:
        """Stop looking for changes, before the database is closed."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.wait([self._renewing])

    async def ready(self) -> bool:
        """True when there is an index to search, which is built when nobody asked anything yet."""
        try:
            if self._state.stamp is None:
                await self.refresh()
        except Exception:
            log.exception("tips_index_failed")
            return False
        return True


def _hits(
    state: _State,
    code: str,
    asked_in: str,
    question: str,
    limit: int,
    themes: Sequence[str],
    team_id: str | None,
) -> Iterator[Hit]:
    index = state.indexes.get(code)
    if index is None:
        return
    from adapters.search.confidence import confidence

    matches, read = index.search(question, limit, asked_in, themes, team_id)
    sure, times = (1.0, 1.0) if code == asked_in else (ABROAD, TRANSLATED)
    for match in matches:
        if read is not None:
            sure = min(sure, confidence(match, read, code) * times)  # what scores less is never surer
            yield Hit(match.label.id, match.score, sure, match.phrase, match.title, match.label.root, code)


def _in_language(state: _State, hits: Sequence[Hit], language: str, team_id: str | None) -> list[Hit]:
    """Each tip once, in this language when there is such a translation."""
    found: dict[str, Hit] = {}
    for hit in hits:
        if hit.root not in found:
            own = state.translations.get((hit.root, language))
            if own is None or own[2] not in (None, team_id):
                found[hit.root] = hit
            else:
                found[hit.root] = replace(hit, tip_id=own[0], title=own[1], language=language)
    return list(found.values())


def _translations(indexes: dict[str, Index]) -> dict[tuple[str, str], tuple[str, str, str | None]]:
    roots = {label.root for index in indexes.values() for label in index.labels() if label.root != label.id}
    return {
        (label.root, code): (label.id, title, label.team_id)
        for code, index in indexes.items()
        for label, title in index.titles(roots)
    }


async def _read_all(unit: Unit, drafts: _Drafts) -> None:
    cursor: str | None = None
    while True:
        page = await list_tips(unit, limit=PAGE, cursor=cursor)
        await asyncio.to_thread(drafts.add, page.tips)
        cursor = page.cursor
        if cursor is None:
            return


async def _read_changes(unit: Unit, drafts: _Drafts, before: _State) -> None:
    assert before.looked is not None  # noqa: S101 - the caller looked
    cursor: str | None = None
    while True:
        page = await list_changes(unit, before.looked, before.looked - OVERLAP, limit=PAGE, cursor=cursor)
        await asyncio.to_thread(drafts.change, page.ids, page.tips)
        cursor = page.cursor
        if cursor is None:
            return


class _Drafts:
    """The indexes to be, one per language: pages of tips go in, and none of them is kept."""

    def __init__(self, synonyms: Sequence[Synonyms], indexes: dict[str, Index] | None = None) -> None:
        self._synonyms = synonyms
        self._indexes = indexes or {}
        self._drafts: dict[str, Draft] = {}
        self.tips = sum(map(len, self._indexes.values()))
        self.read = 0

    def change(self, ids: Sequence[str], tips: Sequence[StoredTip]) -> None:
        """These ids say something else than they did, or nothing any more."""
        for code, index in self._indexes.items():
            gone = index.having(ids)
            if gone:
                self._draft(code).leave_out(gone)
                self.tips -= len(gone)
        self.add(tips)

    def add(self, tips: Sequence[StoredTip]) -> None:
        # NumPy loads here, not when the worker starts.
        from adapters.search.segment import Document

        for stored in tips:
            tip = stored.tip
            team_id = tip.team_id if tip.audience is Audience.TEAM else None
            self._draft(tip.language).add(
                Document(tip.id, tip.title, tip.alternates, tip.text, tip.theme, team_id, tip.translation_of)
            )
        self.tips += len(tips)
        self.read += len(tips)

    def done(self) -> dict[str, Index]:
        from adapters.search.meanings import paraphrases

        done = self._indexes | {code: draft.done() for code, draft in self._drafts.items()}
        for code in done:
            paraphrases(code)  # read here, in a thread, and not while the first one who asks is waiting
        return {code: index for code, index in done.items() if len(index)}

    def _draft(self, code: str) -> Draft:
        from adapters.search.index import Draft, Index

        if code not in self._drafts:
            words = [group.words for group in self._synonyms if group.language == code]
            self._drafts[code] = Draft(self._indexes.get(code) or Index.empty(code, words))
        return self._drafts[code]
