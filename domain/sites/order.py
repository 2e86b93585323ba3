"""From a request to what the platform is asked for: people looked up, templates taken from the city's own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from domain.building.plan import Step, steps_for
from domain.desk import Desk
from domain.people.models import Person
from domain.sites.library import LibraryTemplate
from domain.sites.models import SiteRequestRow
from domain.sites.policy import Container, Scenario
from domain.sites.ports import RefusedError, SiteOrder
from domain.sites.register import find_site
from domain.sites.request import SiteRequest
from domain.sites.site import StandingState
from domain.unit import Unit


def scenario_of(desk: Desk, request: SiteRequest) -> Scenario:
    """Raises `LookupError` when the city took a scenario out of its table that is still in use."""
    return scenario_named(desk, request.scenario_id)


def scenario_named(desk: Desk, scenario_id: str) -> Scenario:
    for scenario in desk.organisation.scenarios:
        if scenario.id == scenario_id:
            return scenario
    raise LookupError(f"scenario {scenario_id} is in use, and not in the governance table")


def planned_steps(desk: Desk, request: SiteRequest) -> tuple[Step, ...]:
    """What building this request takes."""
    scenario = scenario_of(desk, request)
    return steps_for(
        scenario,
        libraries=libraries_of(desk, request),
        retention_label=request.retention_label,
        joins_hub=request.hub_id is not None,
        team=gets_team(desk, scenario),
    )


def gets_team(desk: Desk, scenario: Scenario) -> bool:
    in_group = scenario.container is Container.GROUP
    return in_group and scenario.id in desk.organisation.building.team_scenario_ids


def libraries_of(desk: Desk, request: SiteRequest) -> tuple[LibraryTemplate, ...]:
    """Raises `LookupError` when the city took a template away that is still asked for."""
    templates = {template.id: template for template in desk.organisation.libraries}
    if unknown := [one for one in request.library_ids if one not in templates]:
        raise LookupError(f"library template {', '.join(unknown)} of {request.number} is not there")
    return tuple(templates[one] for one in request.library_ids)


async def order_of(unit: Unit, desk: Desk, request: SiteRequest) -> SiteOrder:
    """What to build or, of a site that stands, what it should be by now: it may have another name and other people.

    People who left the city are left out. Raises `RefusedError` when it cannot be built like this.
    """
    site = await find_site(unit, request.id)
    owners = await _people(desk, site.owner_ids if site else request.owner_ids)
    if not owners:
        raise RefusedError("No owner of this site works for the city any more.")
    try:
        scenario, libraries = scenario_of(desk, request), libraries_of(desk, request)
    except LookupError as error:
        raise RefusedError(str(error)) from error
    return SiteOrder(
        key=f"wijzer-{request.id}",
        number=request.number,
        name=site.name if site else request.name,
        alias=request.alias,
        purpose=request.purpose,
        scenario=scenario,
        owners=owners,
        members=await _people(desk, site.member_ids if site else request.member_ids),
        guests=request.guests,
        language=request.language,
        hub_url=await _hub_url(unit, request),
        libraries=libraries,
        retention_label=request.retention_label,
        team=gets_team(desk, scenario),
    )


async def is_archived(unit: Unit, request_id: str) -> bool:
    site = await find_site(unit, request_id)
    return site is not None and site.state is StandingState.ARCHIVED


async def _hub_url(unit: Unit, request: SiteRequest) -> str | None:
    if request.hub_id is None:
        return None
    found = await unit.db.execute(select(SiteRequestRow.url).where(SiteRequestRow.id == request.hub_id))
    url = found.scalar_one_or_none()
    if url is None:
        raise RefusedError("The hub of this site is not there.")
    return str(url)


async def _people(desk: Desk, ids: Sequence[str]) -> tuple[Person, ...]:
    found = [await desk.directory.person(person_id) for person_id in ids]
    return tuple(person for person in found if person is not None)
