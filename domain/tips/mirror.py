"""An index outside that holds the tips too, for a search service: kept in step by jobs, a page of changes at a time.

What it holds says itself how far it came, so that nothing has to be written down here, and an index that is lost or
new fills itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import func, select, tuple_

from domain.desk import Desk
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.tips.contents import tip_of
from domain.tips.models import TipRow
from domain.tips.tip import Tip, TipState
from domain.unit import Unit, Units

MIRROR = "tips.mirror"
"""Job kind: payload `{}`, or `{at, id}` to go on after that change."""
PAGE = 200
OVERLAP = timedelta(minutes=10)
"""Changes this long before the newest one it holds are sent again: a transaction may end, and a clock be, this late."""


@dataclass(frozen=True, slots=True)
class Reflection:
    """A tip as such an index has to hold it: what is not `published` has to be found no more."""

    tip: Tip
    published: bool
    changed_at: datetime


class TipMirror(Protocol):
    """Its errors are those of a job: what passes, and what somebody has to mend."""

    async def newest(self) -> datetime | None:
        """The newest change it holds; None when it is empty. Makes the index when there is none."""
        ...

    async def put(self, reflections: Sequence[Reflection]) -> None:
        """Hold these as they are now. The same again changes nothing."""
        ...


async def sweep_mirror(desk: Desk) -> int:
    """Have what changed sent, when there is a mirror. 1 when something changed since the last time."""
    if not desk.mirrors_tips:
        return 0
    async with desk.units() as unit:
        newest = (await unit.db.execute(select(func.max(TipRow.changed_at)))).scalar_one()
        if newest is not None:
            await unit.enqueue(MIRROR, {}, key=f"{MIRROR}:{newest.isoformat()}", lane=MIRROR)
        return len(unit.rung)


def handlers(units: Units, mirror: TipMirror) -> dict[str, JobHandler]:
    async def send(job: ClaimedJob) -> None:
        """Sending twice changes nothing. In the order of their changes, so that what was sent is all before it."""
        after: tuple[datetime, str] | None = None
        if "at" in job.payload:
            after = (datetime.fromisoformat(job.payload["at"]), str(job.payload["id"]))
        elif newest := await mirror.newest():
            after = (newest - OVERLAP, "")
        async with units.read() as unit:
            page = await _changes(unit, after)
        if page:
            await mirror.put(page)
        if len(page) == PAGE:
            at, tip_id = page[-1].changed_at.isoformat(), page[-1].tip.id
            key = f"{MIRROR}:{job.id}:{at}:{tip_id}"
            async with units() as unit:
                await unit.enqueue(MIRROR, {"at": at, "id": tip_id}, key=key, lane=MIRROR)

    return {MIRROR: send}


async def _changes(unit: Unit, after: tuple[datetime, str] | None) -> list[Reflection]:
    """The tips by their last change, from the oldest on."""
    query = select(TipRow).order_by(TipRow.changed_at, TipRow.id).limit(PAGE)
    if after is not None:
        query = query.where(tuple_(TipRow.changed_at, TipRow.id) > after)
    return [
        Reflection(tip_of(row), row.state == TipState.PUBLISHED, row.changed_at)
        for row in await unit.db.execute(query)
    ]
