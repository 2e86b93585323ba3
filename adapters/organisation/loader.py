"""Reads the whole organisation. Blocking and called once, at start."""

from __future__ import annotations

from pathlib import Path

from adapters.organisation.approvals import load_approvals
from adapters.organisation.attachments import load_attachments
from adapters.organisation.authoring import load_authoring
from adapters.organisation.building import load_building
from adapters.organisation.calendar import load_calendar
from adapters.organisation.catalogue import load_catalogue
from adapters.organisation.changes import load_changes
from adapters.organisation.digicoaches import load_digicoaches
from adapters.organisation.directory import YamlDirectory
from adapters.organisation.files import OrganisationError
from adapters.organisation.helpdesk import load_helpdesk
from adapters.organisation.libraries import load_libraries
from adapters.organisation.notifications import load_notifications
from adapters.organisation.people import load_people
from adapters.organisation.service_levels import load_service_levels
from adapters.organisation.sites import load_advice, load_life_cycle, load_naming, load_scenarios
from domain.organisation import Organisation

__all__ = ["OrganisationError", "YamlDirectory", "load_organisation"]


def load_organisation(folder: Path) -> Organisation:
    """The city in `folder`. Raises `OrganisationError`, which names the path, line and field that is wrong."""
    city, people, teams = load_people(folder)
    libraries, retention = load_libraries(folder)
    scenarios = load_scenarios(folder)
    approvals = load_approvals(folder, {person.id for person in people})
    helpdesk = load_helpdesk(folder, people, teams)
    return Organisation(
        name=city.name,
        domain=city.domain,
        time_zone=city.time_zone,
        language=city.language,
        people=people,
        teams=teams,
        calendar=load_calendar(folder, city.time_zone, city.language),
        service_levels=load_service_levels(folder),
        notifications=load_notifications(folder),
        helpdesk=helpdesk,
        approvals=approvals,
        catalogue=load_catalogue(folder, approvals, teams, city.clusters, helpdesk),
        changes=load_changes(folder, approvals),
        digicoaches=load_digicoaches(folder, people, teams),
        scenarios=scenarios,
        naming=load_naming(folder),
        attachments=load_attachments(folder),
        advice=load_advice(folder),
        life_cycle=load_life_cycle(folder),
        libraries=libraries,
        retention=retention,
        building=load_building(folder, scenarios),
        authoring=load_authoring(folder),
    )
