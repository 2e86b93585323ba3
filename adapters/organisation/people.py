"""`city.yaml`, `teams.yaml` and `people.yaml`: who works where, who leads what, and whether it all fits together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints

from adapters.organisation.files import Shape, read, wrong
from domain.actor import Role
from domain.people.models import Person, Team, TrackPhase

CITY = "city.yaml"
TEAMS = "teams.yaml"
PEOPLE = "people.yaml"

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,49}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Email = Annotated[
    str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=200, to_lower=True)
]
Language = Literal["nl", "en", "fr"]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("Not a time zone, such as Europe/Brussels") from None
    return name


class City(Shape):
    name: Name
    domain: str
    time_zone: Annotated[str, AfterValidator(_zone)]
    language: Language
    clusters: dict[str, Name]


class TeamEntry(Shape):
    id: Id
    name: Name
    cluster: str
    owners: list[Id] = Field(min_length=1)
    phase: TrackPhase
    information_manager: Id | None = None


class TeamsFile(Shape):
    teams: list[TeamEntry] = Field(min_length=1)


class PersonEntry(Shape):
    id: Id
    name: Name
    email: Email
    object_id: UUID
    team: Id
    language: Language = "nl"
    # The roles of an owner and of a supervisor follow from the teams and from who reports to whom.
    roles: list[Literal["agent", "information_manager", "tip_author", "digicoach", "admin"]] = Field(
        default=[]
    )
    supervisor: Id | None = None
    frontline: bool = False
    active: bool = True


class PeopleFile(Shape):
    people: list[PersonEntry] = Field(min_length=1)


def load_people(folder: Path) -> tuple[City, tuple[Person, ...], tuple[Team, ...]]:
    """The city, its people and its teams. Raises `OrganisationError` also for what does not fit across files."""
    city = read(folder / CITY, City)
    teams = read(folder / TEAMS, TeamsFile).teams
    people = read(folder / PEOPLE, PeopleFile).people
    _check_unique(folder / TEAMS, "teams", teams, "id")
    _check_people(folder / PEOPLE, people, {team.id for team in teams})
    _check_teams(folder / TEAMS, teams, {person.id: person for person in people}, city)
    owners = {owner for team in teams for owner in team.owners}
    supervisors = {person.supervisor for person in people}
    return (
        city,
        tuple(_person(entry, entry.id in owners, entry.id in supervisors) for entry in people),
        tuple(_team(entry) for entry in teams),
    )


def _person(entry: PersonEntry, owner: bool, supervisor: bool) -> Person:
    roles = {Role.EMPLOYEE, *(Role(role) for role in entry.roles)}
    roles |= {Role.TEAM_OWNER} if owner else set()
    roles |= {Role.SUPERVISOR} if supervisor else set()
    return Person(
        id=entry.id,
        name=entry.name,
        email=entry.email,
        object_id=str(entry.object_id),
        team_id=entry.team,
        language=entry.language,
        roles=frozenset(roles),
        supervisor_id=entry.supervisor,
        frontline=entry.frontline,
        active=entry.active,
    )


def _team(entry: TeamEntry) -> Team:
    return Team(
        entry.id, entry.name, entry.cluster, tuple(entry.owners), entry.phase, entry.information_manager
    )


def _check_people(path: Path, people: list[PersonEntry], team_ids: set[str]) -> None:
    _check_unique(path, "people", people, "id")
    _check_unique(path, "people", people, "email")
    _check_unique(path, "people", people, "object_id")
    supervisor_of = {person.id: person.supervisor for person in people}
    for index, person in enumerate(people):
        if person.team not in team_ids:
            raise wrong(path, ("people", index, "team"), f"There is no team {person.team}")
        if person.supervisor is None:
            continue
        if person.supervisor not in supervisor_of:
            raise wrong(path, ("people", index, "supervisor"), f"There is no person {person.supervisor}")
        above: str | None = person.supervisor
        for _ in people:  # a longer way up than there are people goes round
            above = supervisor_of.get(above) if above else None
        if above:
            raise wrong(path, ("people", index, "supervisor"), "These supervisors go round in a circle")
    if not any("agent" in person.roles for person in people):
        raise wrong(path, ("people",), "Nobody has the role agent: who would handle the tickets?")


def _check_teams(path: Path, teams: list[TeamEntry], people: dict[str, PersonEntry], city: City) -> None:
    for index, team in enumerate(teams):
        here = ("teams", index)
        if team.cluster not in city.clusters:
            raise wrong(path, (*here, "cluster"), f"{CITY} has no cluster {team.cluster}")
        for nth, owner in enumerate(team.owners):
            if owner not in people:
                raise wrong(path, (*here, "owners", nth), f"There is no person {owner}")
        manager = team.information_manager
        if manager and "information_manager" not in getattr(people.get(manager), "roles", ()):
            raise wrong(path, (*here, "information_manager"), f"{manager} is no information manager")


def _check_unique(path: Path, key: str, entries: Sequence[Shape], name: str) -> None:
    count: Counter[str] = Counter()
    for index, entry in enumerate(entries):
        value = str(getattr(entry, name))
        count[value] += 1
        if count[value] > 1:
            raise wrong(path, (key, index, name), f"{value} stands here twice")
