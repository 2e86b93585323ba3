"""Whether the addresses in tips still lead somewhere: all of them looked at once a week, in jobs, a page at a time.

A page that is gone is broken at once. What may pass, such as a server that does not answer, is looked at again the
next day, and broken when it is still so. When nothing can be reached, it is our own line: then nothing is noted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit

from sqlalchemy import delete, or_, select, tuple_
from sqlalchemy import text as sql

from domain.actor import Role
from domain.authoring.link_models import TipLinkRow
from domain.chats.actions import show
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.tips.models import TipRow
from domain.tips.tip import TipState
from domain.unit import Unit, dialect_insert

log = logging.getLogger(__name__)

CHECK = "tips.check_links"
"""Job kind: payload `{week, after}` for a page of tips, or `{week, tips}` for some of them once more."""
TELL = "tips.tell_links"
"""Job kind: payload `{week}`. The authors get to see what is broken."""
LINKS_VIEW = "tips.links"
"""The broken links of an author's tips; its subject is the week."""
PAGE = 100
"""Tips per job."""
AT_ONCE = 5
"""Addresses looked at together."""
AGAIN_AFTER = timedelta(days=1)
FRESH_FOR = timedelta(hours=12)
"""An address of many tips is not looked at for each of them."""
FORGET_AFTER = timedelta(days=21)
"""Addresses that no tip has any more."""
OUR_OWN_LINE = 3
"""When so many sites, and all of them, cannot be reached, the trouble is on our side."""


class Trouble(StrEnum):
    """What is wrong with an address."""

    GONE = "gone"
    """The site says that there is no such page."""
    INSIDE = "inside"
    """It leads to an address inside the network, which we never open."""
    INSECURE = "insecure"
    """It leads to a page without encryption, or its certificate is not right."""
    LOOPS = "loops"
    """It sends on and on."""
    UNREACHABLE = "unreachable"
    """No such name, no answer, or an error of the server: it may pass."""


class LinkChecker(Protocol):
    """Looks at addresses of the web."""

    async def check(self, url: str) -> Trouble | None:
        """What is wrong with an address. None when it leads to a page, also one that asks who you are."""
        ...


@dataclass(frozen=True, slots=True)
class BrokenLink:
    tip_id: str
    title: str
    url: str
    trouble: Trouble


def is_broken(trouble: Trouble | None, since: datetime | None, now: datetime) -> bool:
    """Whether authors have to mend it, when there has been trouble since then."""
    if trouble is not Trouble.UNREACHABLE:
        return trouble is not None
    return since is not None and now - since >= AGAIN_AFTER / 2


def is_our_own_line(found: Mapping[str, Trouble | None]) -> bool:
    sites = {urlsplit(url).hostname for url in found}
    return len(sites) >= OUR_OWN_LINE and set(found.values()) == {Trouble.UNREACHABLE}


async def sweep_links(desk: Desk) -> int:
    """Have the addresses of all tips looked at, once in a week. 1 when this week's look begins."""
    async with desk.units() as unit:
        year, week, _ = desk.organisation.day(unit.now).isocalendar()
        await _look_at(unit, f"{year}-{week:02}", "")
        return len(unit.rung)


async def _look_at(unit: Unit, week: str, after: str) -> None:
    await unit.enqueue(CHECK, {"week": week, "after": after}, key=f"{CHECK}:{week}:{after}", lane=CHECK)


def handlers(desk: Desk, checker: LinkChecker) -> dict[str, JobHandler]:
    async def check(job: ClaimedJob) -> None:
        """Looking twice finds the same."""
        week, after, once_more = job.payload["week"], job.payload.get("after"), job.payload.get("tips")
        async with desk.units.read() as unit:
            tips = await _addresses(unit, after, once_more)
            urls = {url for of_tip in tips.values() for url in of_tip}
            found = {} if once_more else await _fresh(unit, urls)
        looked = await _look(checker, sorted(urls - found.keys()))
        if is_our_own_line(looked):
            log.warning("tip_links_unreachable", extra={"addresses": len(looked)})
            return
        found |= looked
        async with desk.units() as unit:
            still = await _addresses(unit, after, once_more)  # a tip may have been changed while we looked
            tips = {tip_id: urls & still.get(tip_id, set()) for tip_id, urls in tips.items()}
            doubtful = await _note(unit, tips, found)
            if once_more:
                return
            last = max(tips, default="")
            if doubtful:
                payload = {"week": week, "tips": doubtful}
                key = f"{CHECK}:{week}:again:{last}"
                await unit.enqueue(CHECK, payload, key=key, lane=CHECK, at=unit.now + AGAIN_AFTER)
            if len(tips) == PAGE:
                await _look_at(unit, week, last)
                return
            await unit.db.execute(delete(TipLinkRow).where(TipLinkRow.checked_at < unit.now - FORGET_AFTER))
            # After the second look at what was in doubt.
            at = unit.now + AGAIN_AFTER + timedelta(hours=1)
            await unit.enqueue(TELL, {"week": week}, key=f"{TELL}:{week}", at=at)

    async def tell(job: ClaimedJob) -> None:
        """Telling twice shows the same card in the same place."""
        everybody = sorted(person.id for person in await desk.directory.with_role(Role.TIP_AUTHOR))
        async with desk.units() as unit:
            for person_id in everybody:
                if await broken_for(unit, person_id, everybody, limit=1):
                    await show(unit, LINKS_VIEW, job.payload["week"], person_id)

    return {CHECK: check, TELL: tell}


async def _addresses(unit: Unit, after: str | None, once_more: Sequence[str] | None) -> dict[str, set[str]]:
    """The addresses of a page of published tips, those without any too; or of these ones."""
    query = select(TipRow.id, TipRow.source_url, TipRow.links).where(TipRow.state == TipState.PUBLISHED)
    if once_more is None:
        query = query.where(TipRow.id > (after or "")).order_by(TipRow.id).limit(PAGE)
    else:
        query = query.where(TipRow.id.in_(once_more))
    return {
        row.id: {url for url in (row.source_url, *(link["url"] for link in row.links or ())) if url}
        for row in await unit.db.execute(query)
    }


async def _fresh(unit: Unit, urls: set[str]) -> dict[str, Trouble | None]:
    """What was found of these a short while ago."""
    query = select(TipLinkRow.url, TipLinkRow.trouble).where(
        TipLinkRow.url.in_(urls), TipLinkRow.checked_at > unit.now - FRESH_FOR
    )
    return {row.url: Trouble(row.trouble) if row.trouble else None for row in await unit.db.execute(query)}


async def _look(checker: LinkChecker, urls: Sequence[str]) -> dict[str, Trouble | None]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(url: str) -> Trouble | None:
        async with turn:
            return await checker.check(url)

    return dict(zip(urls, await asyncio.gather(*map(one, urls)), strict=True))


async def _note(unit: Unit, tips: Mapping[str, set[str]], found: Mapping[str, Trouble | None]) -> list[str]:
    """Write down what was found, and forget what these tips no longer have. The tips with something in doubt."""
    known = {
        (row.tip_id, row.url): row.since
        for row in await unit.db.execute(
            select(TipLinkRow.tip_id, TipLinkRow.url, TipLinkRow.since).where(TipLinkRow.tip_id.in_(tips))
        )
    }
    rows: list[dict[str, Any]] = []
    doubtful = set()
    for tip_id, urls in tips.items():
        for url in urls:
            trouble = found[url]
            since = (known.get((tip_id, url)) or unit.now) if trouble else None
            broken = is_broken(trouble, since, unit.now)
            if trouble and not broken:
                doubtful.add(tip_id)
            row = {"tip_id": tip_id, "url": url, "checked_at": unit.now, "trouble": trouble, "since": since}
            rows.append(row | {"broken": broken})
    gone = known.keys() - {(row["tip_id"], row["url"]) for row in rows}
    if gone:
        keys = tuple_(TipLinkRow.tip_id, TipLinkRow.url)
        await unit.db.execute(delete(TipLinkRow).where(keys.in_(sorted(gone))))
    if rows:
        statement = dialect_insert(unit.db.dialect.name, TipLinkRow)
        newer = {name: statement.excluded[name] for name in ("checked_at", "trouble", "since", "broken")}
        await unit.db.execute(
            statement.on_conflict_do_update(index_elements=["tip_id", "url"], set_=newer), rows
        )
    return sorted(doubtful)


async def broken_in(unit: Unit, tip_id: str) -> Sequence[BrokenLink]:
    """The broken links of a published tip."""
    return await _broken(unit, TipRow.id == tip_id, limit=20)


async def broken_for(
    unit: Unit, person_id: str, authors: Sequence[str], *, limit: int
) -> Sequence[BrokenLink]:
    """The broken links in this author's tips, and in those of nobody who still writes."""
    others = [one for one in authors if one != person_id]
    return await _broken(unit, or_(TipRow.author_id.is_(None), TipRow.author_id.not_in(others)), limit=limit)


async def _broken(unit: Unit, whose: Any, *, limit: int) -> Sequence[BrokenLink]:
    query = (
        select(TipRow.id, TipRow.title, TipLinkRow.url, TipLinkRow.trouble)
        .join(TipRow, TipRow.id == TipLinkRow.tip_id)
        .where(TipLinkRow.broken, TipRow.state == TipState.PUBLISHED, whose)
        .order_by(TipLinkRow.tip_id, TipLinkRow.url)
        .limit(limit)
    )
    found = await unit.db.execute(query)
    return [BrokenLink(row.id, row.title, row.url, Trouble(row.trouble)) for row in found]


def has_broken_links() -> Any:
    """Whether a row of `tips` has a broken link: for a list of tips."""
    return TipRow.id.in_(select(TipLinkRow.tip_id).where(sql("tip_links.broken")))
