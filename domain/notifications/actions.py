"""What is told now and what later: held when a person does not want it now, told when it is time, each thing once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from domain.chats.actions import seen_at, show
from domain.desk import Desk
from domain.notifications.models import HeldNotice, NoticeSettings
from domain.notifications.policy import FOR_AGENTS, Kind, Mode, NotificationPolicy, Quiet, Settings
from domain.notifications.rules import due_at
from domain.tables import new_id
from domain.unit import Unit, dialect_insert

BUNDLE = "notifications.bundle"
"""View of things a person is told together."""
IN_A_BUNDLE = 10
PRESENT_FOR = timedelta(minutes=15)
"""Who typed or pressed so recently is at work: then it is not quiet."""
KEPT_FOR = timedelta(days=90)
BITE = 100

_MODES = frozenset(mode.value for mode in Mode)


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: a view of a subject for a person, and what it is about."""

    kind: Kind
    view: str
    subject: str
    person_id: str


async def when_to_tell(unit: Unit, desk: Desk, notice: Notice) -> datetime | None:
    """When the person wants to be told; None is now."""
    settings, told_at = await settings_of(unit, desk.organisation.notifications, notice.person_id)
    if settings.modes[notice.kind] is Mode.ALWAYS:
        return None
    return await _when(unit, desk, notice.kind, notice.person_id, settings, told_at)


async def hold(unit: Unit, notice: Notice, *, until: datetime, key: str) -> None:
    """Keep it until then. With the same `key`, an id, it is kept once; so is what waits for this person already."""
    row = {
        "id": key,
        "person_id": notice.person_id,
        "kind": notice.kind.value,
        "view": notice.view,
        "subject": notice.subject,
        "at": unit.now,
        "due_at": until,
        "bundle_id": None,
    }
    await unit.insert_new(HeldNotice, row)


async def told(unit: Unit, desk: Desk, notice: Notice) -> None:
    """The person was told: what may be bundled with it waits for a while."""
    settings, _ = await settings_of(unit, desk.organisation.notifications, notice.person_id)
    if settings.modes[notice.kind] is Mode.BUNDLED:
        await _remember_told(unit, notice.person_id)


async def sweep_held(desk: Desk) -> int:
    """Tell everybody what is due, each person in a transaction of their own. How many people."""
    swept, page = 0, BITE
    while page == BITE:
        async with desk.units.read() as unit:
            due = (
                select(HeldNotice.person_id)
                .where(HeldNotice.bundle_id.is_(None), HeldNotice.due_at <= unit.now)
                .group_by(HeldNotice.person_id)
                .limit(BITE)
            )
            people = (await unit.db.execute(due)).scalars().all()
        for person_id in people:
            async with desk.units() as unit:
                await tell_held(unit, person_id)
        page = len(people)
        swept += page
    return swept


async def tell_held(unit: Unit, person_id: str) -> None:
    """Show a person what is due: one thing as itself, more of them as one list. Of two sweeps at once, one does."""
    first = new_id()
    taken = (
        await unit.db.execute(
            update(HeldNotice)
            .where(
                HeldNotice.person_id == person_id,
                HeldNotice.bundle_id.is_(None),
                HeldNotice.due_at <= unit.now,
            )
            .values(bundle_id=first)
            .returning(HeldNotice.id, HeldNotice.view, HeldNotice.subject)
        )
    ).all()
    if not taken:
        return
    await _remember_told(unit, person_id)
    if len(taken) == 1:
        await show(unit, taken[0].view, taken[0].subject, person_id, at_once=True)
        return
    ids = sorted(row.id for row in taken)
    await show(unit, BUNDLE, first, person_id, at_once=True)
    for start in range(IN_A_BUNDLE, len(ids), IN_A_BUNDLE):
        bundle_id, here = new_id(), ids[start : start + IN_A_BUNDLE]
        await unit.db.execute(update(HeldNotice).where(HeldNotice.id.in_(here)).values(bundle_id=bundle_id))
        await show(unit, BUNDLE, bundle_id, person_id, at_once=True)


async def in_bundle(unit: Unit, bundle_id: str, person_id: str) -> Mapping[str, Notice]:
    """What this person was told together and has not opened yet, by id, the oldest first."""
    rows = await unit.db.execute(
        select(HeldNotice)
        .where(HeldNotice.bundle_id == bundle_id, HeldNotice.person_id == person_id)
        .order_by(HeldNotice.id)
    )
    return {row.id: Notice(Kind(row.kind), row.view, row.subject, row.person_id) for row in rows}


async def open_held(unit: Unit, notice_id: str, person_id: str) -> None:
    """Show one thing of a bundle as itself, below it. A second press changes nothing."""
    opened = (
        await unit.db.execute(
            delete(HeldNotice)
            .where(
                HeldNotice.id == notice_id,
                HeldNotice.person_id == person_id,
                HeldNotice.bundle_id.is_not(None),
            )
            .returning(HeldNotice.view, HeldNotice.subject)
        )
    ).one_or_none()
    if opened is not None:
        await show(unit, opened.view, opened.subject, person_id, at_once=True)


async def forget_told(desk: Desk) -> int:
    """Delete what was told long ago, a bite per transaction. How many."""
    gone, page = 0, BITE
    while page == BITE:
        async with desk.units() as unit:
            old = (
                select(HeldNotice.id)
                .where(HeldNotice.at < unit.now - KEPT_FOR, HeldNotice.bundle_id.is_not(None))
                .limit(BITE)
            )
            page = (await unit.db.execute(delete(HeldNotice).where(HeldNotice.id.in_(old)))).rowcount
        gone += page
    return gone


# --- how a person is told ---------------------------------------------------------------------------------


async def settings_of(
    unit: Unit, policy: NotificationPolicy, person_id: str
) -> tuple[Settings, datetime | None]:
    """How this person is told, and when they were last told something that may be bundled."""
    row = (
        await unit.db.execute(select(NoticeSettings).where(NoticeSettings.person_id == person_id))
    ).one_or_none()
    if row is None or row.digest_at is None:
        return policy.usual, row.told_at if row else None
    chosen = {kind: Mode(row.modes[kind.value]) for kind in Kind if row.modes.get(kind.value) in _MODES}
    quiet = None
    if row.quiet_from and row.quiet_until:
        quiet = Quiet(
            time.fromisoformat(row.quiet_from), time.fromisoformat(row.quiet_until), row.quiet_closed_days
        )
    settings = Settings({**policy.usual.modes, **chosen}, quiet, time.fromisoformat(row.digest_at))
    return settings, row.told_at


async def save_settings(unit: Unit, desk: Desk, person_id: str, settings: Settings) -> None:
    """From now on the person is told like this; so is what waits for them already."""
    quiet = settings.quiet
    values = {
        "modes": {kind.value: mode.value for kind, mode in settings.modes.items()},
        "quiet_from": quiet.start.isoformat("minutes") if quiet else None,
        "quiet_until": quiet.until.isoformat("minutes") if quiet else None,
        "quiet_closed_days": quiet.closed_days if quiet else False,
        "digest_at": settings.digest_at.isoformat("minutes"),
    }
    await _write(unit, person_id, values)
    waiting = await unit.db.execute(
        select(HeldNotice.id, HeldNotice.kind).where(
            HeldNotice.person_id == person_id, HeldNotice.bundle_id.is_(None)
        )
    )
    _, told_at = await settings_of(unit, desk.organisation.notifications, person_id)
    for row in waiting.all():
        due = await _when(unit, desk, Kind(row.kind), person_id, settings, told_at)
        await unit.db.execute(
            update(HeldNotice).where(HeldNotice.id == row.id).values(due_at=due or unit.now)
        )


def kinds_for(is_agent: bool) -> tuple[Kind, ...]:
    """What somebody can be told about at all."""
    return tuple(kind for kind in Kind if is_agent or kind not in FOR_AGENTS)


async def _when(
    unit: Unit, desk: Desk, kind: Kind, person_id: str, settings: Settings, told_at: datetime | None
) -> datetime | None:
    policy, calendar = desk.organisation.notifications, desk.organisation.calendar
    if settings.quiet is not None:
        seen = await seen_at(unit, person_id)
        if seen is not None and abs(unit.now - seen) < PRESENT_FOR:
            settings = Settings(settings.modes, None, settings.digest_at)
    return due_at(kind, settings, policy, calendar, told_at, unit.now)


async def _remember_told(unit: Unit, person_id: str) -> None:
    await _write(unit, person_id, {"told_at": unit.now})


async def _write(unit: Unit, person_id: str, values: Mapping[str, Any]) -> None:
    row = {"person_id": person_id, "modes": {}, "quiet_closed_days": False, **values}
    await unit.db.execute(
        dialect_insert(unit.db.dialect.name, NoticeSettings)
        .values(row)
        .on_conflict_do_update(index_elements=["person_id"], set_=dict(values))
    )
