"""The names of people a card mentions."""

from __future__ import annotations

from collections.abc import Iterable

from domain.people.ports import Directory


async def names_of(directory: Directory, person_ids: Iterable[str]) -> dict[str, str]:
    """Person id → name. Somebody who left the city keeps their id as a name."""
    names: dict[str, str] = {}
    for person_id in dict.fromkeys(person_ids):
        person = await directory.person(person_id)
        names[person_id] = person.name if person else person_id
    return names
