"""Which colleagues can show a person how something works."""

from __future__ import annotations

from collections.abc import Sequence

from domain.actor import Role
from domain.people.models import Person
from domain.people.ports import Directory

NEAR = 3
"""How many digicoaches a person is shown."""


async def nearest_digicoaches(directory: Directory, person: Person, limit: int = NEAR) -> Sequence[Person]:
    """Digicoaches of the person's own team first, then of the cluster, then of the city; never the person."""
    home = await directory.team(person.team_id)
    teams = {team.id: team for team in await directory.teams()}

    def distance(coach: Person) -> tuple[int, str]:
        team = teams.get(coach.team_id)
        same_cluster = home is not None and team is not None and team.cluster == home.cluster
        return (0 if coach.team_id == person.team_id else 1 if same_cluster else 2, coach.name)

    coaches = [coach for coach in await directory.with_role(Role.DIGICOACH) if coach.id != person.id]
    return sorted(coaches, key=distance)[:limit]
