"""Reading the demo city, and refusing a city that does not fit together."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from adapters.organisation.files import OrganisationError
from adapters.organisation.loader import load_organisation
from domain.actor import Role
from domain.helpdesk.policy import Impact, Priority, Urgency
from domain.organisation import Organisation
from domain.people.models import TrackPhase
from tests.cast import ORGANISATION


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ORGANISATION, tmp_path / "organisation"))


def change(path: Path, old: str, new: str) -> int:
    """Replace the first `old` in a file; the line it stood on."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_demo_city_has_its_people_in_twelve_teams(organisation: Organisation) -> None:
    assert (len(organisation.people), len(organisation.teams)) == (42, 12)
    clusters = {team.cluster for team in organisation.teams}
    assert clusters == {"DT", "PER", "VT", "DSB", "BC", "RUIMTE", "KBT", "ZORG", "FIN"}
    assert {team.phase for team in organisation.teams} == set(TrackPhase)
    assert {team.id for team in organisation.teams} == {person.team_id for person in organisation.people}
    assert {person.language for person in organisation.people} == {"nl", "en", "fr"}
    assert any(person.frontline for person in organisation.people)


def test_every_role_is_held(organisation: Organisation) -> None:
    held = Counter(role for person in organisation.people for role in person.roles)
    assert set(held) == set(Role)
    assert held[Role.EMPLOYEE] == len(organisation.people)
    assert held[Role.AGENT] >= 2


def test_owners_and_supervisors_have_their_role_without_saying_so(organisation: Organisation) -> None:
    owners = {owner for team in organisation.teams for owner in team.owner_ids}
    supervisors = {person.supervisor_id for person in organisation.people} - {None}
    assert owners == {person.id for person in organisation.people if Role.TEAM_OWNER in person.roles}
    assert supervisors == {person.id for person in organisation.people if Role.SUPERVISOR in person.roles}


def test_the_cast_is_who_the_tests_take_them_for(organisation: Organisation) -> None:
    people = {person.id: person for person in organisation.people}
    teams = {team.id: team for team in organisation.teams}
    assert people["amina"].supervisor_id == "fatima"
    assert people["amina"].team_id == "digitaal" != people["dirk"].team_id
    assert teams["digitaal"].owner_ids == ("bram", "carla")
    assert teams["digitaal"].phase.completed
    assert {Role.AGENT, Role.TEAM_OWNER} <= people["bram"].roles
    assert {Role.AGENT, Role.TEAM_OWNER} <= people["carla"].roles
    assert Role.INFORMATION_MANAGER in people["els"].roles
    assert Role.ADMIN in people["gust"].roles
    assert people["dirk"].roles == {Role.EMPLOYEE}


def test_more_impact_or_urgency_never_comes_later(organisation: Organisation) -> None:
    policy = organisation.helpdesk
    assert policy.matrix[Impact.HIGH][Urgency.HIGH] is Priority.CRITICAL
    for impact in Impact:
        row = policy.matrix[impact]
        assert row[Urgency.HIGH] <= row[Urgency.MEDIUM] <= row[Urgency.LOW]
    for urgency in Urgency:
        column = [policy.matrix[impact][urgency] for impact in (Impact.HIGH, Impact.MEDIUM, Impact.LOW)]
        assert column == sorted(column)


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "said"),
    [
        ("people.yaml", "supervisor: katrien", "supervisor: nobody", "supervisor", "no person nobody"),
        ("people.yaml", "team: omgeving", "team: nowhere", "team", "no team nowhere"),
        ("people.yaml", "id: bram", "id: amina", "id", "amina stands here twice"),
        ("people.yaml", "bram.desmet@", "Amina.ElIdrissi@", "email", "stands here twice"),
        ("people.yaml", "bram.desmet@vlaskerke.example", "bram", "email", "pattern"),
        ("people.yaml", "becaa437-e7b8-5dc7-ab88-0ba7b99949c0", "1234", "object_id", "UUID"),
        ("people.yaml", "roles: [admin]", "roles: [boss]", "roles.0", "'agent'"),
        ("people.yaml", "roles: [admin]", "roles: [team_owner]", "roles.0", "'agent'"),
        ("people.yaml", "language: fr", "language: de", "language", "'nl'"),
        ("teams.yaml", "owners: [bram, carla]", "owners: [bram, nobody]", "owners.1", "no person nobody"),
        ("teams.yaml", "owners: [nadia]", "owners: []", "owners", "at least 1"),
        ("teams.yaml", "cluster: DT", "cluster: XX", "cluster", "no cluster XX"),
        ("teams.yaml", "phase: nazorg", "phase: bijna", "phase", "'nazorg'"),
        (
            "teams.yaml",
            "information_manager: els",
            "information_manager: bram",
            "information_manager",
            "bram",
        ),
        ("teams.yaml", "id: personeel", "id: digitaal", "id", "digitaal stands here twice"),
        ("city.yaml", "Europe/Brussels", "Europe/Vlaskerke", "time_zone", "Europe/Brussels"),
        ("helpdesk.yaml", "low: normal", "low: sometimes", "low", "'critical'"),
        ("helpdesk.yaml", "reopen_days: 14", "reopen_days: -1", "reopen_days", "greater than"),
        ("helpdesk.yaml", 'phone: "8500"', "phone: 8500", "phone", "string"),
    ],
)
def test_what_does_not_fit_is_named_by_path_line_and_field(
    city: Path, file: str, old: str, new: str, field: str, said: str
) -> None:
    line = change(city / file, old, new)
    with pytest.raises(OrganisationError) as refusal:
        load_organisation(city)
    assert refusal.value.path == city / file
    assert refusal.value.field == field or refusal.value.field.endswith(f".{field}")
    assert said in str(refusal.value)
    if field != "id":  # of two that are the same, the second is named
        assert refusal.value.line == line


def test_supervisors_that_go_round_are_refused(city: Path) -> None:
    change(city / "people.yaml", "team: communicatie\n", "team: communicatie\n    supervisor: fatima\n")
    with pytest.raises(OrganisationError, match="go round in a circle"):
        load_organisation(city)


def test_a_helpdesk_without_agents_is_refused(city: Path) -> None:
    path = city / "people.yaml"
    path.write_text(path.read_text("utf-8").replace("[agent, ", "[").replace("[agent]", "[]"))
    with pytest.raises(OrganisationError, match="Nobody has the role agent"):
        load_organisation(city)


def test_a_missing_row_of_the_matrix_is_named(city: Path) -> None:
    path = city / "helpdesk.yaml"
    start, _, rest = path.read_text("utf-8").partition("  medium: # één team")
    path.write_text(start + rest[rest.index("  low: # één persoon") :])
    with pytest.raises(OrganisationError) as refusal:
        load_organisation(city)
    assert refusal.value.field == "priority.medium"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("members: [stijn, tine]", "members: [stijn, niemand]", "groups.2.members.1"),
        (
            "    escalates_to: tweede_lijn\n    sharing",
            "    escalates_to: werkplek\n    sharing",
            "groups.1.escalates_to",
        ),
        ("    categories: [netwerk]", "    categories: [net]", "routes.1.categories"),
        ("  werf: [wegen]", "  werf: [wegenis]", "locations.werf.0"),
        ("noem {number}.", "noem {nummer}.", "standard_replies.2.text"),
    ],
)
def test_a_name_in_the_helpdesk_that_nothing_has_is_said_at_its_place(
    city: Path, old: str, new: str, field: str
) -> None:
    path = city / "helpdesk.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(OrganisationError) as wrong:
        load_organisation(city)
    assert (wrong.value.path, wrong.value.field) == (path, field)
