"""The list of sites that stand: a site gets in once it is ready, and is looked up by who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, insert, select

from domain.actor import Actor
from domain.desk import Desk
from domain.errors import Invalid, NotFound
from domain.sites import lifecycle
from domain.sites.models import OPEN_CHANGE_STATES, SiteChangeRow, SitePersonRow, SiteRow
from domain.sites.policy import LifeCycle
from domain.sites.request import SiteRequest
from domain.sites.site import ChangeKind, ChangeState, Part, Site, SiteChange, StandingState
from domain.tables import is_id
from domain.unit import Unit


@dataclass(frozen=True, slots=True)
class SitePage:
    """`next_cursor` asks for the next page; None when this is the last."""

    sites: tuple[Site, ...]
    next_cursor: str | None


async def open_site(unit: Unit, request: SiteRequest, policy: LifeCycle, url: str | None) -> None:
    """The request was built: its site stands from now on. Doing so twice changes nothing."""
    today = unit.today
    review_on = lifecycle.months_later(today, policy.review_months)
    row = {
        "id": request.id,
        "number": request.number,
        "name": request.name,
        "alias": request.alias,
        "team_id": request.team_id,
        "scenario_id": request.scenario_id,
        "state": StandingState.ACTIVE.value,
        "url": url,
        "end_date": request.end_date,
        "review_on": review_on,
        "looked_on": today,
        "look_on": lifecycle.next_look(review_on, request.end_date, today, policy),
        "opened_at": unit.now,
    }
    if await unit.insert_new(SiteRow, row):
        await write_people(unit, request.id, request.owner_ids, request.member_ids)


async def write_people(unit: Unit, site_id: str, owner_ids: Sequence[str], member_ids: Sequence[str]) -> None:
    """These, in this order, and nobody else. An owner is not a member besides."""
    members = [person_id for person_id in member_ids if person_id not in owner_ids]
    parts = {**dict.fromkeys(owner_ids, Part.OWNER), **dict.fromkeys(members, Part.MEMBER)}
    await unit.db.execute(delete(SitePersonRow).where(SitePersonRow.site_id == site_id))
    rows = [
        {"site_id": site_id, "person_id": person_id, "part": part.value, "position": position}
        for position, (person_id, part) in enumerate(parts.items())
    ]
    await unit.db.execute(insert(SitePersonRow), rows)


async def access_site(unit: Unit, desk: Desk, actor: Actor, site_id: str) -> Site:
    """For its owners and members, the owners of its team and who governs sites; `NotFound` for anybody else."""
    site = await find_site(unit, site_id) if is_id(site_id) else None
    if site is None or not lifecycle.may_see(site, actor, await desk.directory.team(site.team_id)):
        raise NotFound("This site is not there.")
    return site


async def find_site(unit: Unit, site_id: str) -> Site | None:
    """A site for a caller that has access already, such as a job."""
    found = await load_sites(unit, [site_id])
    return found[0] if found else None


async def my_sites(unit: Unit, actor: Actor, *, limit: int = 10, cursor: str | None = None) -> SitePage:
    """The sites this person owns or is a member of, the newest first."""
    column = SitePersonRow.site_id
    statement = select(column).where(SitePersonRow.person_id == actor.id)
    return await _page(unit, statement, column, limit, cursor)


async def team_sites(
    unit: Unit, desk: Desk, actor: Actor, team_id: str, *, limit: int = 10, cursor: str | None = None
) -> SitePage:
    """The sites of a team, the newest first: all of them for the team and for who governs sites, and for anybody else
    those they are in."""
    statement = select(SiteRow.id).where(SiteRow.team_id == team_id)
    team = await desk.directory.team(team_id)
    owns = team is not None and actor.id in team.owner_ids
    if not (lifecycle.governs(actor) or owns or actor.team_id == team_id):
        mine = (SitePersonRow.site_id == SiteRow.id, SitePersonRow.person_id == actor.id)
        statement = statement.where(exists().where(*mine))
    return await _page(unit, statement, SiteRow.id, limit, cursor)


async def hubs(unit: Unit, desk: Desk, team_id: str, limit: int = 20) -> Sequence[Site]:
    """The hubs a new site can come under: those of its team first, then the newest of the city."""
    scenario_ids = [scenario.id for scenario in desk.organisation.scenarios if scenario.hub]
    statement = (
        select(SiteRow.id)
        .where(SiteRow.scenario_id.in_(scenario_ids), SiteRow.state == StandingState.ACTIVE)
        .order_by((SiteRow.team_id == team_id).desc(), SiteRow.id.desc())
        .limit(limit)
    )
    ids = (await unit.db.execute(statement)).scalars().all()
    found = {site.id: site for site in await load_sites(unit, ids)}
    return [found[site_id] for site_id in ids]


async def hub_ids(unit: Unit, desk: Desk, ids: Sequence[str]) -> Sequence[str]:
    """Which of these sites are hubs that stand."""
    scenario_ids = [scenario.id for scenario in desk.organisation.scenarios if scenario.hub]
    hub = (SiteRow.scenario_id.in_(scenario_ids), SiteRow.state == StandingState.ACTIVE)
    wanted = [one for one in ids if is_id(one)]
    return (await unit.db.execute(select(SiteRow.id).where(SiteRow.id.in_(wanted), *hub))).scalars().all()


async def load_sites(unit: Unit, ids: Sequence[str]) -> list[Site]:
    """These sites, the newest first, each with the change that is open; ids that are not there are left out."""
    if not ids:
        return []
    rows = (
        await unit.db.execute(select(SiteRow).where(SiteRow.id.in_(ids)).order_by(SiteRow.id.desc()))
    ).all()
    people: dict[tuple[str, str], list[str]] = {}
    order = (SitePersonRow.site_id, SitePersonRow.position)
    for row in await unit.db.execute(
        select(SitePersonRow).where(SitePersonRow.site_id.in_(ids)).order_by(*order)
    ):
        people.setdefault((row.site_id, row.part), []).append(row.person_id)
    is_open = (SiteChangeRow.site_id.in_(ids), SiteChangeRow.state.in_(OPEN_CHANGE_STATES))
    changes = {
        row.site_id: read_change(row) for row in await unit.db.execute(select(SiteChangeRow).where(*is_open))
    }
    return [
        Site(
            id=row.id,
            number=row.number,
            name=row.name,
            alias=row.alias,
            team_id=row.team_id,
            scenario_id=row.scenario_id,
            state=StandingState(row.state),
            url=row.url,
            end_date=row.end_date,
            review_on=row.review_on,
            looked_on=row.looked_on,
            opened_at=row.opened_at,
            archived_at=row.archived_at,
            owner_ids=tuple(people.get((row.id, Part.OWNER), ())),
            member_ids=tuple(people.get((row.id, Part.MEMBER), ())),
            change=changes.get(row.id),
        )
        for row in rows
    ]


def read_change(row: Any) -> SiteChange:
    """A row of `site_changes`."""
    return SiteChange(
        id=row.id,
        site_id=row.site_id,
        kind=ChangeKind(row.kind),
        wanted=row.wanted,
        reason=row.reason,
        requester_id=row.requester_id,
        state=ChangeState(row.state),
        created_at=row.created_at,
        finished_at=row.finished_at,
        error=row.error,
    )


async def _page(unit: Unit, statement: Any, column: Any, limit: int, cursor: str | None) -> SitePage:
    limit = max(1, min(limit, 50))
    if cursor is not None:
        if not is_id(cursor):
            raise Invalid("This list cannot be continued from here.", field="cursor")
        statement = statement.where(column < cursor)
    ids = (await unit.db.execute(statement.order_by(column.desc()).limit(limit + 1))).scalars().all()
    sites = await load_sites(unit, ids[:limit])
    return SitePage(tuple(sites), ids[limit - 1] if len(ids) > limit else None)
