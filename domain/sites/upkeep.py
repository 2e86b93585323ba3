"""Looking after sites that stand: the yearly question, the end, and owners who left. Each thing once, however often
and by however many workers it is looked at."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select, update

from domain.actor import Actor
from domain.approvals.actions import ask_approval
from domain.chats.actions import show
from domain.desk import Desk
from domain.errors import Conflict
from domain.sites import lifecycle
from domain.sites.changes import access_to_change, approval_for, order_change, refresh_site
from domain.sites.lifecycle import Due, Reminder
from domain.sites.models import SiteChangeRow, SitePersonRow, SiteRow
from domain.sites.people import information_managers
from domain.sites.register import load_sites, write_people
from domain.sites.site import ChangeKind, ChangeState, Part, Site, StandingState
from domain.tables import new_id
from domain.unit import Unit

log = logging.getLogger(__name__)

NOTICE_VIEW = "site.notice"
"""What is due for a site; its subject is that of `notice`."""
ORPHAN_VIEW = "site.orphan"
"""An owner left, and what was done about it; its subject is the site."""

BITE = 50
"""Sites per transaction: a sweep never holds the others up."""


def notice(site_id: str, one: Due) -> str:
    """The subject of a notice: a new card each time something is due, as the old one is far up in the chat by then."""
    return f"{site_id}:{one.reminder.value}:{one.day.isoformat()}"


def read_notice(subject: str) -> tuple[str, Reminder]:
    """The site's id and what was due. Raises `ValueError` for a subject that is not a notice."""
    site_id, reminder, _day = subject.split(":")
    return site_id, Reminder(reminder)


async def sweep_sites(desk: Desk) -> int:
    """Send what became due, for every site, while people are at work. How many sites there was something for."""
    looked_at = 0
    while True:
        async with desk.units() as unit:
            if not desk.organisation.calendar.is_open(unit.now):
                return looked_at
            sites = await _due_sites(unit, desk.organisation.day(unit.now))
            for site in sites:
                await _look(unit, desk, site)
        looked_at += len(sites)
        if len(sites) < BITE:
            return looked_at


async def still_needed(unit: Unit, desk: Desk, actor: Actor, site_id: str) -> Site:
    """Somebody who answers for it says so: the next question comes in a year. Saying it twice changes nothing."""
    site = await access_to_change(unit, desk, actor, site_id)
    today, policy = desk.organisation.day(unit.now), desk.organisation.life_cycle
    if site.review_on <= today:
        await close_notices(unit, desk, site)
        review_on = lifecycle.months_later(today, policy.review_months)
        await plan(unit, desk, site.id, review_on, site.end_date)
    return (await load_sites(unit, [site.id]))[0]


async def plan(unit: Unit, desk: Desk, site_id: str, review_on: date, end_date: date | None) -> None:
    """New days for a site; what was due up to today is behind it."""
    today = desk.organisation.day(unit.now)
    look_on = lifecycle.next_look(review_on, end_date, today, desk.organisation.life_cycle)
    values = {"review_on": review_on, "end_date": end_date, "looked_on": today, "look_on": look_on}
    await unit.db.execute(update(SiteRow).where(SiteRow.id == site_id).values(**values))


async def close_notices(unit: Unit, desk: Desk, site: Site) -> None:
    """The cards about what was due follow: it was answered."""
    policy = desk.organisation.life_cycle
    past = lifecycle.so_far(site.review_on, site.end_date, desk.organisation.day(unit.now), policy)
    managers = await information_managers(desk, site.team_id)
    for one in past[-6:]:
        for person_id in dict.fromkeys((*site.owner_ids, *(manager.id for manager in managers))):
            await show(unit, NOTICE_VIEW, notice(site.id, one), person_id, only_if_posted=True)


async def sweep_orphans(desk: Desk) -> int:
    """Find owners who left or whose account is off, and have somebody step in. How many sites there were."""
    found, last = 0, ""
    while True:
        async with desk.units.read() as unit:
            owners = await _owners_after(unit, last)
        for owner_id in owners:
            person = await desk.directory.person(owner_id)
            if person is None or not person.active:
                found += await _replace(desk, owner_id)
        if not owners:
            return found
        last = owners[-1]


async def _due_sites(unit: Unit, today: date) -> list[Site]:
    """Active sites to look at, held by this transaction: a second sweep at this moment gets others."""
    due = (SiteRow.state == StandingState.ACTIVE, SiteRow.look_on <= today)
    statement = (
        select(SiteRow.id)
        .where(*due)
        .order_by(SiteRow.look_on, SiteRow.id)
        .limit(BITE)
        .with_for_update(skip_locked=True)
    )
    return await load_sites(unit, (await unit.db.execute(statement)).scalars().all())


async def _look(unit: Unit, desk: Desk, site: Site) -> None:
    today, policy = desk.organisation.day(unit.now), desk.organisation.life_cycle
    await plan(unit, desk, site.id, site.review_on, site.end_date)
    for one in lifecycle.due(site.review_on, site.end_date, site.looked_on, today, policy):
        if one.reminder is Reminder.ENDED:
            if site.change is not None:  # first that; tomorrow we see
                again = {"looked_on": site.end_date, "look_on": today + timedelta(1)}
                await unit.db.execute(update(SiteRow).where(SiteRow.id == site.id).values(**again))
                continue
            await _end(unit, desk, site)
        for person_id in await _whom(desk, site, one.reminder):
            await show(unit, NOTICE_VIEW, notice(site.id, one), person_id)
        log.info("site_due", extra={"site": site.number, "what": one.reminder.value})


async def _whom(desk: Desk, site: Site, reminder: Reminder) -> Sequence[str]:
    if reminder is Reminder.REVIEW_TAKEN_OVER:
        return [person.id for person in await information_managers(desk, site.team_id)]
    return site.owner_ids


async def _end(unit: Unit, desk: Desk, site: Site) -> None:
    """Its last day has passed: the archive is asked for, in the name of who answers for the site."""
    owner = await desk.directory.person(site.owner_ids[0]) if site.owner_ids else None
    if owner is None:
        return  # found and repaired by `sweep_orphans`; the question of next year catches it
    change_id = new_id()
    row = {
        "id": change_id,
        "site_id": site.id,
        "kind": ChangeKind.ARCHIVE.value,
        "wanted": {"ended": str(site.end_date)},
        "reason": "",
        "requester_id": owner.id,
        "state": ChangeState.ASKED.value,
        "created_at": unit.now,
    }
    if await unit.insert_new(SiteChangeRow, row):
        try:
            await ask_approval(unit, desk, owner, approval_for(desk, site, ChangeKind.ARCHIVE, change_id))
        except Conflict:
            log.warning("site_end_not_asked", extra={"site": site.number})
            refused = {"state": ChangeState.REFUSED.value, "finished_at": unit.now}
            await unit.db.execute(
                update(SiteChangeRow).where(SiteChangeRow.id == change_id).values(**refused)
            )


async def _owners_after(unit: Unit, last: str, limit: int = 200) -> Sequence[str]:
    owners = (SitePersonRow.part == Part.OWNER, SitePersonRow.person_id > last)
    statement = select(SitePersonRow.person_id).where(*owners).distinct()
    found = await unit.db.execute(statement.order_by(SitePersonRow.person_id).limit(limit))
    return found.scalars().all()


async def _replace(desk: Desk, gone_id: str) -> int:
    """Have somebody step in on every site this person owns. How many sites that were."""
    last, found = "", 0
    while True:
        async with desk.units() as unit:
            owned = [SitePersonRow.part == Part.OWNER, SitePersonRow.person_id == gone_id]
            if last:
                owned.append(SitePersonRow.site_id > last)
            statement = select(SitePersonRow.site_id).where(*owned).order_by(SitePersonRow.site_id)
            ids = (await unit.db.execute(statement.limit(BITE))).scalars().all()
            for site in await load_sites(unit, ids):
                await _step_in(unit, desk, site, gone_id)
        found += len(ids)
        if len(ids) < BITE:
            return found
        last = ids[-1]


async def _step_in(unit: Unit, desk: Desk, site: Site, gone_id: str) -> None:
    """Who is next in line owns the site from now on; without anybody, or to name a second owner, a person looks."""
    await unit.hold(f"site:{site.id}")
    (site,) = await load_sites(unit, [site.id])
    if gone_id not in site.owner_ids:
        return  # another sweep was first
    team = await desk.directory.team(site.team_id)
    gone = await _gone(desk, (*site.owner_ids, *(team.owner_ids if team else ())))
    owners = lifecycle.next_owners(site.owner_ids, gone, team.owner_ids if team else ())
    for manager in await information_managers(desk, site.team_id):
        await show(unit, ORPHAN_VIEW, site.id, manager.id)
    if not owners or site.change is not None:
        log.warning("site_without_owner", extra={"site": site.number})
        return
    members = [member for member in site.member_ids if member not in owners]
    await write_people(unit, site.id, owners, members)
    change_id = await order_change(unit, site, ChangeKind.OWNER, {"owners": owners, "gone": sorted(gone)})
    for owner_id in owners:
        await show(unit, ORPHAN_VIEW, site.id, owner_id)
    await refresh_site(unit, change_id)
    log.info("site_owner_stepped_in", extra={"site": site.number, "owners": len(owners)})


async def _gone(desk: Desk, person_ids: Sequence[str]) -> set[str]:
    found = {person_id: await desk.directory.person(person_id) for person_id in person_ids}
    return {person_id for person_id, person in found.items() if person is None or not person.active}
