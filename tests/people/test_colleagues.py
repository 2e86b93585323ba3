"""Finding the one colleague somebody typed."""

from __future__ import annotations

import pytest

from adapters.organisation.loader import YamlDirectory
from domain.errors import Invalid
from domain.people.colleagues import find_colleague


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Els", "els"),  # also a part of Wouters' colleagues: Verhelst, Roels
        ("els wouters", "els"),
        ("An", "an"),
        ("verhelst", "gust"),
        ("Els.Wouters@vlaskerke.example", "els"),
    ],
)
async def test_a_first_name_goes_before_a_part_of_a_name(
    directory: YamlDirectory, typed: str, found: str
) -> None:
    assert (await find_colleague(directory, typed)).id == found


@pytest.mark.parametrize("typed", ["el", "Niemand Bestaand", "…", "a@b.example"])
async def test_who_is_not_clear_is_asked_for(directory: YamlDirectory, typed: str) -> None:
    with pytest.raises(Invalid):
        await find_colleague(directory, typed)
