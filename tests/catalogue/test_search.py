"""Finding an item of the demo city's catalogue by what people type."""

from __future__ import annotations

import pytest

from domain.organisation import Organisation


def found(organisation: Organisation, typed: str) -> list[str]:
    catalogue = organisation.catalogue
    return [item.id for item in catalogue.index.find(typed, set(catalogue.by_id), 5)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ik heb een nieuwe laptop nodig", "laptop"),
        ("laptop", "laptop"),
        ("latpop", "laptop"),
        ("j'ai besoin d'un ordinateur", "laptop"),
        ("I need a new monitor", "scherm"),
        ("Ik wil graag een tweede scherm op mijn bureau", "scherm"),
        ("een smartphone voor op de baan", "smartphone"),
        ("nieuwe collega start maandag", "starter"),
        ("account voor een starter", "starter"),
        ("een collega gaat met pensioen", "uitdienst"),
        ("wat met de onedrive van een collega die vertrekt?", "uitdienst"),
        ("ik heb een nieuwe gsm en mijn authenticator werkt niet", "tweestaps"),
        ("MFA resetten", "tweestaps"),
        ("ik wil visio", "licentie"),
        ("licentie voor Acrobat", "licentie"),
        ("een distributielijst voor de jeugddienst", "distributielijst"),
        ("gedeelde mailbox aanvragen", "mailbox"),
        ("toegang tot de boekhouding", "toepassing-toegang"),
        ("gedeelde pc voor de kleedkamer van het zwembad", "gedeelde-pc"),
        ("camera en scherm in vergaderzaal 3", "vergaderzaal"),
        ("kan ik een projector lenen?", "lenen"),
        ("vpn", "thuiswerk"),
    ],
)
def test_people_find_what_they_mean(organisation: Organisation, typed: str, first: str) -> None:
    assert found(organisation, typed)[0] == first


@pytest.mark.parametrize(
    "typed", ["", "   ", "ik heb iets nodig", "een fiets", "🙂", "x" * 5000, "''", "\x00"]
)
def test_what_is_not_there_is_not_found(organisation: Organisation, typed: str) -> None:
    assert found(organisation, typed) == []


def test_only_what_somebody_may_order_is_found(organisation: Organisation) -> None:
    found = organisation.catalogue.index.find("een laptop lenen", {"lenen"}, 5)
    assert [item.id for item in found] == ["lenen"]


def test_every_item_is_found_by_its_own_name(organisation: Organisation) -> None:
    for item in organisation.catalogue.items:
        assert item.id in found(organisation, item.name)[:2], item.name
