"""The fixed cast of the tests, from the demo city, and the desk they meet at.

`amina` reports, `bram` and `carla` are agents (and own her team), `fatima` is her supervisor, `els` the information
manager, `gust` the administrator, and `dirk`, of another team, is the outsider: what is Amina's is not for him.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from adapters.organisation.loader import YamlDirectory, load_organisation
from domain.actor import Actor
from domain.desk import Desk
from domain.organisation import Organisation
from domain.people.models import Person
from domain.unit import Units

ORGANISATION = Path(__file__).resolve().parent.parent / "organisation"


@cache
def demo_city() -> Organisation:
    return load_organisation(ORGANISATION)


def person(person_id: str) -> Person:
    return next(person for person in demo_city().people if person.id == person_id)


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    return demo_city()


@pytest.fixture(scope="session")
def directory(organisation: Organisation) -> YamlDirectory:
    return YamlDirectory(organisation)


@pytest.fixture
def desk(units: Units, organisation: Organisation, directory: YamlDirectory) -> Desk:
    """Everything real: the demo city, its intents and its tips, on the test's own database."""
    from adapters.intents.embedded import EmbeddedIntents
    from adapters.search.embedded import EmbeddedSearch

    return Desk(units, organisation, directory, EmbeddedIntents(ORGANISATION), EmbeddedSearch(units))


@pytest.fixture
def amina() -> Actor:
    return person("amina").as_actor()


@pytest.fixture
def bram() -> Actor:
    return person("bram").as_actor()


@pytest.fixture
def carla() -> Actor:
    return person("carla").as_actor()


@pytest.fixture
def dirk() -> Actor:
    return person("dirk").as_actor()


@pytest.fixture
def els() -> Actor:
    return person("els").as_actor()


@pytest.fixture
def fatima() -> Actor:
    return person("fatima").as_actor()


@pytest.fixture
def gust() -> Actor:
    return person("gust").as_actor()
