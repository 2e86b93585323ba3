"""What categories and teams are called, for who reads a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.desk import Desk


@dataclass(frozen=True, slots=True)
class Names:
    """By id. An id that is not in it is that of something the city has no longer."""

    categories: Mapping[str, str]
    teams: Mapping[str, str]


async def names_for(desk: Desk) -> Names:
    categories = {category.id: category.name for category in desk.organisation.helpdesk.categories}
    return Names(categories, {team.id: team.name for team in await desk.directory.teams()})
