"""`digicoaches.yaml`: what is wrong in it is named, at its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.organisation.digicoaches import load_digicoaches
from adapters.organisation.files import OrganisationError
from domain.organisation import Organisation
from tests.cast import ORGANISATION

FILE = "digicoaches.yaml"


@pytest.fixture
def load(tmp_path: Path, organisation: Organisation) -> Callable[[str, str], object]:
    def changed(old: str, new: str) -> object:
        text = (ORGANISATION / FILE).read_text("utf-8")
        assert old in text
        (tmp_path / FILE).write_text(text.replace(old, new, 1), "utf-8")
        return load_digicoaches(tmp_path, organisation.people, organisation.teams)

    return changed


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("team: wegen", "team: nergens", "services.0.team"),
        ("contacts: [an]", "contacts: [niemand]", "services.0.contacts.0"),
        ("person: joris", "person: niemand", "profiles.0.person"),
        ("person: thomas", "person: joris", "profiles.1.person"),
        ('until: "15:00"', 'until: "06:00"', "profiles.2.until"),
        ('thanks_on: "12-10"', 'thanks_on: "02-30"', "thanks_on"),
        ("{coach} (digicoach)", "{wie} (digicoach)", "handover.words"),
        ("per_week: 3", "per_week: 0", "per_week"),
        ("accept_within_hours: 4", "accept_within_hours: 9", ""),
    ],
)
def test_what_is_wrong_is_named_at_its_place(
    load: Callable[[str, str], object], old: str, new: str, field: str
) -> None:
    with pytest.raises(OrganisationError) as refused:
        load(old, new)
    assert refused.value.field == field


def test_whoever_leads_a_team_is_the_contact_when_the_city_named_nobody(organisation: Organisation) -> None:
    team = next(team for team in organisation.teams if team.id == "kinderopvang")
    service = organisation.digicoaches.service(team.id, team.owner_ids)
    assert service.contact_ids == ("koen",)
