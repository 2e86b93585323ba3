"""The directory of a laptop: the people and teams of `organisation/`."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from domain.actor import Role
from domain.organisation import Organisation
from domain.people.models import Person, Team


class YamlDirectory:
    """Implements `domain.people.ports.Directory` from what was read at start."""

    def __init__(self, organisation: Organisation) -> None:
        self._people = {person.id: person for person in organisation.people}
        self._active = [person for person in organisation.people if person.active]
        self._teams = {team.id: team for team in organisation.teams}
        self._by_object_id = {person.object_id.lower(): person for person in self._active}
        self._by_email = {person.email.lower(): person for person in self._active}
        self._with_role = {
            role: tuple(person for person in self._active if role in person.roles) for role in Role
        }
        self._words = [(_fold(f"{person.name} {person.email}"), person) for person in self._active]

    async def person(self, person_id: str) -> Person | None:
        return self._people.get(person_id)

    async def by_object_id(self, object_id: str) -> Person | None:
        return self._by_object_id.get(object_id.lower())

    async def by_email(self, email: str) -> Person | None:
        return self._by_email.get(email.strip().lower())

    async def with_role(self, role: Role) -> Sequence[Person]:
        return self._with_role[role]

    async def search(self, text: str, limit: int = 10) -> Sequence[Person]:
        wanted = _fold(text).split()
        if not wanted:
            return ()
        return [person for words, person in self._words if all(word in words for word in wanted)][:limit]

    async def team(self, team_id: str) -> Team | None:
        return self._teams.get(team_id)

    async def teams(self) -> Sequence[Team]:
        return tuple(self._teams.values())

    async def team_members(self, team_id: str) -> Sequence[Person]:
        members = (person for person in self._active if person.team_id == team_id)
        return sorted(members, key=lambda person: _fold(person.name))


def _fold(text: str) -> str:
    """Without accents and capitals: people type `petrovic` and mean Petrović."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()
