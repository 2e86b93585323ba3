"""The directory port: Entra in a city, YAML in `organisation/` on a laptop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.actor import Role
from domain.people.models import Person, Team


class Directory(Protocol):
    """Only `person` also finds who is not active any more: to say their name."""

    async def person(self, person_id: str) -> Person | None: ...

    async def by_object_id(self, object_id: str) -> Person | None:
        """Find who sent an activity, by the Entra object id the channel vouches for."""
        ...

    async def by_email(self, email: str) -> Person | None: ...

    async def with_role(self, role: Role) -> Sequence[Person]: ...

    async def search(self, text: str, limit: int = 10) -> Sequence[Person]:
        """People whose name or address has the words of `text`."""
        ...

    async def team(self, team_id: str) -> Team | None: ...

    async def teams(self) -> Sequence[Team]: ...

    async def team_members(self, team_id: str) -> Sequence[Person]:
        """By name."""
        ...
