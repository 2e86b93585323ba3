"""The directory of the demo city: who is found, and how."""

from __future__ import annotations

import pytest

from adapters.organisation.loader import YamlDirectory
from domain.actor import Role
from domain.people.names import names_of


async def test_a_person_is_found_by_id_object_id_and_address_in_any_case(directory: YamlDirectory) -> None:
    amina = await directory.person("amina")
    assert amina is not None
    assert await directory.by_object_id(amina.object_id.upper()) == amina
    assert await directory.by_email(" Amina.ElIdrissi@vlaskerke.example ") == amina


async def test_who_is_not_there_is_not_found(directory: YamlDirectory) -> None:
    assert await directory.person("nobody") is None
    assert await directory.by_object_id("") is None
    assert await directory.by_email("amina@elsewhere.example") is None
    assert await directory.team("nowhere") is None


async def test_people_are_found_by_role(directory: YamlDirectory) -> None:
    assert [person.id for person in await directory.with_role(Role.AGENT)] == [
        "bram",
        "carla",
        "stijn",
        "tine",
    ]
    assert [person.id for person in await directory.with_role(Role.ADMIN)] == ["gust"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("petrovic", ["goran"]),
        ("PETROVIĆ goran", ["goran"]),
        ("el idrissi", ["amina"]),
        ("thompson@vlaskerke", ["sarah"]),
        ("nobody at all", []),
        ("   ", []),
    ],
)
async def test_search_finds_all_words_without_accents_or_capitals(
    directory: YamlDirectory, typed: str, found: list[str]
) -> None:
    assert [person.id for person in await directory.search(typed)] == found


async def test_search_gives_no_more_than_asked(directory: YamlDirectory) -> None:
    assert len(await directory.search("vlaskerke", limit=3)) == 3


async def test_somebody_who_left_keeps_the_id_as_a_name(directory: YamlDirectory) -> None:
    assert await names_of(directory, ["amina", "gone"]) == {"amina": "Amina El Idrissi", "gone": "gone"}
