"""New systems: digicoaches who want to know hear of them before everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, or_, select

from domain.actor import Actor, Role
from domain.chats.actions import show
from domain.desk import Desk
from domain.digicoaches.models import NewSystemRow
from domain.digicoaches.register import coach_of, coaches_of
from domain.errors import Forbidden, Invalid, InvalidForm, NotFound
from domain.helpdesk.texts import clean
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.tables import is_id, new_id
from domain.unit import Unit

TELL = "digicoaches.system"
"""Job kind: the digicoaches who want it hear of a system. Payload `{system}`."""
SYSTEM_VIEW = "digicoach.system"
TELLERS = frozenset({Role.INFORMATION_MANAGER, Role.AGENT, Role.ADMIN})
"""Who tells digicoaches of a new system."""
LONGEST_NAME, LONGEST_TEXT, LONGEST_LINK = 120, 2000, 500


@dataclass(frozen=True, slots=True)
class TellSystem:
    """`link` is empty or begins with `https://`; everybody has the system from `starts_on`."""

    name: str
    text: str
    starts_on: date
    link: str = ""


@dataclass(frozen=True, slots=True)
class NewSystem:
    id: str
    name: str
    text: str
    link: str | None
    starts_on: date
    told_by: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class SystemPage:
    """`cursor` fetches the next page; None on the last one."""

    systems: tuple[NewSystem, ...]
    cursor: str | None


def may_tell(actor: Actor) -> bool:
    return bool(TELLERS & actor.roles)


async def tell_system(unit: Unit, desk: Desk, actor: Actor, command: TellSystem, key: str) -> NewSystem:
    """Announce a system to the digicoaches who want to know.

    Raises `Forbidden` for who may not, `InvalidForm` with `name`, `text`, `link` or `starts_on`.
    """
    if not may_tell(actor):
        raise Forbidden("Only the helpdesk and the information managers announce new systems.")
    name, text, link = clean(command.name), clean(command.text), clean(command.link)
    problems = [
        Invalid("Write something here, please.", field=field)
        for field, value in (("name", name), ("text", text))
        if not value
    ]
    for field, value, limit in (("name", name, LONGEST_NAME), ("text", text, LONGEST_TEXT)):
        if len(value) > limit:
            problems.append(
                Invalid("This is too long: {limit} characters at most.", field=field, limit=limit)
            )
    if link and not (link.startswith("https://") and " " not in link and len(link) <= LONGEST_LINK):
        problems.append(Invalid("This is no web address. It begins with https://.", field="link"))
    if command.starts_on <= desk.organisation.day(unit.now):
        problems.append(
            Invalid("Choose a day that is still to come: digicoaches hear it first.", field="starts_on")
        )
    if problems:
        raise InvalidForm(problems)
    system = NewSystem(new_id(), name, text, link or None, command.starts_on, actor.id, unit.now)
    first = await unit.once(actor.id, key, command, system.id)
    if first is not None:
        return await _load(unit, first)
    await unit.db.execute(
        insert(NewSystemRow),
        {
            "id": system.id,
            "name": system.name,
            "text": system.text,
            "link": system.link,
            "starts_on": system.starts_on,
            "told_by": system.told_by,
            "told_at": system.told_at,
        },
    )
    await unit.enqueue(TELL, {"system": system.id})
    return system


async def access_system(unit: Unit, desk: Desk, actor: Actor, system_id: str) -> NewSystem:
    """For digicoaches and for who announces. Raises `NotFound` for everybody else."""
    if not may_tell(actor) and await coach_of(unit, desk, actor.id) is None:
        raise NotFound("There is no such system.")
    return await _load(unit, system_id)


async def list_systems(
    unit: Unit, desk: Desk, actor: Actor, *, limit: int = 10, cursor: str | None = None
) -> SystemPage:
    """What is coming, the soonest first. Raises `NotFound` as `access_system` does."""
    if not may_tell(actor) and await coach_of(unit, desk, actor.id) is None:
        raise NotFound("There is no such system.")
    query = select(NewSystemRow).where(NewSystemRow.starts_on >= desk.organisation.day(unit.now))
    after = await _load(unit, cursor) if cursor else None
    if after is not None:
        same_day = (NewSystemRow.starts_on == after.starts_on) & (NewSystemRow.id > after.id)
        query = query.where(or_(NewSystemRow.starts_on > after.starts_on, same_day))
    query = query.order_by(NewSystemRow.starts_on, NewSystemRow.id).limit(limit + 1)
    rows: Sequence[Row[Any]] = (await unit.db.execute(query)).all()
    systems = tuple(_system(row) for row in rows[:limit])
    return SystemPage(systems, systems[-1].id if len(rows) > limit else None)


async def _load(unit: Unit, system_id: str) -> NewSystem:
    found = None
    if is_id(system_id):
        known = select(NewSystemRow).where(NewSystemRow.id == system_id)
        found = (await unit.db.execute(known)).one_or_none()
    if found is None:
        raise NotFound("There is no such system.")
    return _system(found)


def _system(row: Row[Any]) -> NewSystem:
    return NewSystem(row.id, row.name, row.text, row.link, row.starts_on, row.told_by, row.told_at)


def handlers(desk: Desk) -> dict[str, JobHandler]:
    async def tell(job: ClaimedJob) -> None:
        """A service at a time. Doing it twice updates the cards that stand."""
        for team in await desk.directory.teams():
            async with desk.units() as unit:
                for coach in await coaches_of(unit, desk, [team.id]):
                    if coach.wants_news:
                        await show(unit, SYSTEM_VIEW, job.payload["system"], coach.person_id)

    return {TELL: tell}
