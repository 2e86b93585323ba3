"""Finding the people somebody typed: names or addresses, of the city or of guests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.actor import Role
from domain.desk import Desk
from domain.errors import Invalid
from domain.people.models import Person
from domain.people.ports import Directory
from domain.sites.rules import plain, unclear_people_problem

_BETWEEN = re.compile(r"[,;\n]+")
_ADDRESS = re.compile(r"[^@\s<>()\[\]\\,;:\"]+@[^@\s<>()\[\]\\,;:\"]+\.[a-zA-Z]{2,}")
_IN_BRACKETS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
"""As mail programs write a person: `Bram De Smet <bram@…>`."""
_LONGEST = 120
_MOST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """`unknown` and `several` are as typed: nobody, or more than one person, answers to them."""

    people: tuple[Person, ...]
    guests: tuple[str, ...]
    unknown: tuple[str, ...]
    several: tuple[str, ...]


def entries(text: str) -> tuple[str, ...]:
    """What stands between commas, semicolons and line ends."""
    return tuple(dict.fromkeys(entry for part in _BETWEEN.split(text) if (entry := part.strip())))[:_MOST]


async def find_people(directory: Directory, domain: str, typed: Sequence[str]) -> Found:
    """Look each entry up. An address outside `domain`, the city's own, is a guest's."""
    people: dict[str, Person] = {}
    guests: dict[str, None] = {}
    unknown: list[str] = []
    several: list[str] = []
    for text in typed:
        written = _IN_BRACKETS.search(text)
        entry = written[1] if written else text
        if "@" in entry:
            person = await directory.by_email(entry)
            if person is None and _is_guest(entry, domain):
                guests[entry.lower()] = None
            elif person is None:
                unknown.append(entry[:_LONGEST])
            else:
                people[person.id] = person
            continue
        found = await directory.search(entry) if len(entry) <= _LONGEST else ()
        named = [person for person in found if plain(person.name) == plain(entry)] or found
        if len(named) == 1:
            people[named[0].id] = named[0]
        else:
            (several if found else unknown).append(entry[:_LONGEST])
    return Found(tuple(people.values()), tuple(guests), tuple(unknown), tuple(several))


async def find_owners(
    directory: Directory, domain: str, owner: str, second_owner: str
) -> tuple[list[Person], list[Invalid]]:
    """Who was typed or chosen, by id, name or address, and what is not exactly one person of the city."""
    owners: list[Person] = []
    problems: list[Invalid] = []
    for field, typed in (("owner", owner), ("second_owner", second_owner)):
        if not typed:
            continue
        person = await directory.person(typed) or await directory.by_object_id(typed)
        found = Found((person,), (), (), ()) if person else await find_people(directory, domain, [typed])
        owners += found.people
        if problem := unclear_people_problem((*found.unknown, *found.guests), found.several, field):
            problems.append(problem)
    return owners, problems


async def information_managers(desk: Desk, team_id: str) -> Sequence[Person]:
    """The information manager of a team; without one, all of them."""
    team = await desk.directory.team(team_id)
    if team and team.information_manager_id:
        one = await desk.directory.person(team.information_manager_id)
        if one is not None and one.active:
            return [one]
    return await desk.directory.with_role(Role.INFORMATION_MANAGER)


def _is_guest(address: str, domain: str) -> bool:
    return (
        len(address) <= _LONGEST
        and _ADDRESS.fullmatch(address) is not None
        and not address.lower().endswith(("@" + domain.lower(), "." + domain.lower()))
    )
