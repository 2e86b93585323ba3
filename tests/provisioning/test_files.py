"""`building.yaml`, and the query of a view: what is wrong is said where it stands, what is odd is written safely."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from adapters.organisation.building import load_building
from adapters.organisation.files import OrganisationError
from adapters.organisation.sites import load_scenarios
from adapters.sharepoint.views import query
from domain.building.policy import BuildingPolicy
from domain.sites.library import ME, Column, ColumnType, Filter, LibraryView, Sort
from tests.cast import ORGANISATION, demo_city

SCENARIOS = load_scenarios(ORGANISATION)


def load(folder: Path, text: str) -> BuildingPolicy:
    (folder / "building.yaml").write_text(text, "utf-8")
    return load_building(folder, SCENARIOS)


def test_the_demo_city_gives_its_team_sites_a_team_and_asks_people_for_labels() -> None:
    policy = demo_city().building
    assert policy.team_scenario_ids == {"3"}
    assert {task.id for task in policy.tasks} == {"sensitivity-label", "welcome-message", "access-review"}


def test_a_city_without_the_file_has_no_teams_and_no_tasks(tmp_path: Path) -> None:
    assert load_building(tmp_path, SCENARIOS) == BuildingPolicy()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('teams: ["1"]', "no scenario with a group"),
        ('teams: ["9"]', "no scenario with a group"),
        ("check_days: 0", "check_days"),
        ('tasks: [{id: x1, scenarios: ["9"], who: owner, title: {nl: T}, how: {nl: H}}]', "no scenario 9"),
        ('tasks: [{id: x1, scenarios: ["1"], who: burgemeester, title: {nl: T}, how: {nl: H}}]', "who"),
        (
            "tasks:\n" + '  - {id: x1, scenarios: ["1"], who: owner, title: {nl: T}, how: {nl: H}}\n' * 2,
            "twice",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    shutil.copy(ORGANISATION / "sites.yaml", tmp_path)
    with pytest.raises(OrganisationError, match=said):
        load(tmp_path, text)


COLUMNS = (Column("Fase", "Status", ColumnType.CHOICE), Column("Auteur", "Auteur", ColumnType.PERSON))


def test_a_view_groups_sorts_and_filters() -> None:
    view = LibraryView(
        "Wat ik maak",
        ("LinkFilename",),
        sort=(Sort("Modified", descending=True),),
        group_by="Fase",
        filter=Filter("Auteur", ME),
    )
    written = ElementTree.fromstring(f"<View>{query(view, COLUMNS)}</View>")  # noqa: S314 - our own
    assert [part.tag for part in written] == ["GroupBy", "OrderBy", "Where"]
    field = written.find("OrderBy/FieldRef")
    assert field is not None
    assert field.attrib == {"Name": "Modified", "Ascending": "FALSE"}
    assert written.find("Where/Eq/Value/UserID") is not None


def test_a_value_with_signs_stays_a_value() -> None:
    odd = 'Fase 4: <klaar> & "af"</Value><Neq>'
    view = LibraryView("Klaar", ("LinkFilename",), filter=Filter("Fase", odd, equal=False))
    written = ElementTree.fromstring(f"<View>{query(view, COLUMNS)}</View>")  # noqa: S314 - our own
    value = written.find("Where/Neq/Value")
    assert value is not None
    assert (value.text, value.attrib["Type"]) == (odd, "Choice")


def test_a_plain_view_has_no_query() -> None:
    assert query(LibraryView("Alles", ("LinkFilename",)), COLUMNS) == ""
