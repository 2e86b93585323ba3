"""The city's own scenarios, advice and libraries: what is shipped, and how a mistake in it is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from adapters.organisation.files import OrganisationError
from adapters.organisation.libraries import load_libraries
from adapters.organisation.sites import load_advice, load_life_cycle, load_naming, load_scenarios
from domain.sites.library import ColumnType, RetentionPlan
from domain.sites.policy import Container, LifeCycle, Sharing
from domain.sites.site import ChangeKind
from tests.cast import ORGANISATION, demo_city


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("sites.yaml", "libraries.yaml"):
        shutil.copy(ORGANISATION / name, tmp_path / name)
    return tmp_path


def line_of(path: Path, text: str) -> int:
    return next(n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)


def test_the_governance_table_is_what_the_city_decided() -> None:
    table = {
        one.id: (one.sharing, one.container, one.guests, bool(one.service_account), one.needs_completed_track)
        for one in load_scenarios(ORGANISATION)
    }
    assert table == {
        "1": (Sharing.EXTERNALS, Container.SITE, True, False, False),
        "2": (Sharing.ORGANISATION, Container.GROUP, False, False, False),
        "3": (Sharing.ORGANISATION, Container.GROUP, False, True, True),
        "4": (Sharing.MEMBERS, Container.GROUP, False, True, True),
        "5": (Sharing.MEMBERS, Container.SITE, False, False, True),
    }
    assert [one.classification for one in load_scenarios(ORGANISATION)] == [1, 2, 2, 3, 4]
    assert "test" in load_naming(ORGANISATION).blocked_words


def test_every_scenario_is_explained_in_three_languages_and_falls_back_on_dutch() -> None:
    for scenario in load_scenarios(ORGANISATION):
        for words in (scenario.name, scenario.meaning, scenario.access_decided_by, scenario.shared_with):
            assert len({words("nl"), words("en"), words("fr")}) == 3
            assert words("de") == words("nl")


def test_a_site_and_every_change_of_one_has_a_policy() -> None:
    policies = {policy.id: policy for policy in demo_city().approvals}
    site = [[circle.role for circle in stage.approvers] for stage in policies["site"].plan.stages]
    assert [roles[0] for roles in site] == ["team_owner", "information_manager"]
    assert {kind.approval_kind for kind in ChangeKind} <= policies.keys()


def test_the_libraries_that_are_shipped() -> None:
    libraries, retention = load_libraries(ORGANISATION)
    assert len(libraries) == 8
    by_id = {library.id: library for library in libraries}
    magazine = by_id["publicaties"]
    phases = next(column for column in magazine.columns if column.title == "Status")
    assert (phases.choices[0], phases.choices[-1]) == ("Fase 1: concept", "Fase 4: klaar voor opmaak")
    assert magazine.document_set is not None
    assert magazine.document_set.example == "202011 Stadsmagazine November 2020"
    assert {by_id[one].classification for one in ("personeelsdossiers", "sociale-dossiers")} == {4}
    for library in libraries:
        assert library.retention_label in {label.name for label in retention.labels}
        assert len(library.views) >= 2
        assert {column.type for column in library.columns} >= {ColumnType.CHOICE, ColumnType.DATE}
    assert {column.type for library in libraries for column in library.columns} == set(ColumnType)
    assert retention.default == "000 Werkdocumenten"


def test_a_city_without_libraries_has_none(tmp_path: Path) -> None:
    assert load_libraries(tmp_path) == ((), RetentionPlan())


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("group_by: Fase,", "group_by: Fasen,", "has no column 'Fasen'"),
        ("sort: [Inleverdatum]}", "sort: [-Inlever]}", "has no column 'Inlever'"),
        ('is: "Fase 4: klaar voor opmaak"', 'is: "Fase 5"', "which is no choice of Fase"),
        ("columns: [Verschijnt]", "columns: [Verschenen]", "document set has no column"),
        ('retention_label: "610"', 'retention_label: "999"', "there is no label '999'"),
        ('default_label: "000"', 'default_label: "001"', "there is no label '001'"),
        ('{id: "112"', '{id: "000"', "'000' stands here twice"),
        ("url_name: bestuur", "url_name: publicaties", "'publicaties' stands here twice"),
        ("- {name: Auteur,", "- {name: Editor,", "that every library has"),
        (
            "title: Auteur, type: person",
            "title: Auteur, type: choice",
            "choices are for a column of type choice",
        ),
        ('filter: {column: Auteur, is: "[Me]"}', "filter: {column: Auteur}", "`is` or `is_not`"),
    ],
)
def test_a_mistake_in_the_libraries_is_said(folder: Path, was: str, becomes: str, says: str) -> None:
    path = folder / "libraries.yaml"
    line = line_of(path, was)
    path.write_text(path.read_text("utf-8").replace(was, becomes, 1), "utf-8")
    with pytest.raises(OrganisationError) as wrong:
        load_libraries(folder)
    assert says in str(wrong.value)
    assert wrong.value.line <= line


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('  - {scenario: "1"}', '  - {audience: team, scenario: "1"}', "has to be for everybody"),
        ('  - {audience: city, scenario: "2"}', '  - {scenario: "2"}', "those after it never count"),
        ('  - {audience: team, scenario: "3"}', '  - {audience: team, scenario: "8"}', "no scenario '8'"),
    ],
)
def test_advice_that_cannot_be_is_refused(folder: Path, was: str, becomes: str, says: str) -> None:
    path = folder / "sites.yaml"
    path.write_text(path.read_text("utf-8").replace(was, becomes, 1), "utf-8")
    with pytest.raises(OrganisationError, match=says):
        load_advice(folder)


def test_a_life_cycle_is_in_order(folder: Path) -> None:
    assert load_life_cycle(folder) == LifeCycle()
    path = folder / "sites.yaml"
    path.write_text(path.read_text("utf-8").replace("escalate_after: 28", "escalate_after: 14"), "utf-8")
    with pytest.raises(OrganisationError, match="comes after"):
        load_life_cycle(folder)


@pytest.mark.parametrize(
    ("was", "becomes", "field"),
    [
        ("    sharing: externals", "    sharing: iedereen", "scenarios.0.sharing"),
        ("    classification: 1", "    classification: 9", "scenarios.0.classification"),
        ("    address_prefix: prj-", "    address_prefix: Prj", "scenarios.0.address_prefix"),
        ("    hub: true", "    hup: true", "scenarios.1.hup"),
        ('  - id: "2"', '  - id: "1"', "scenarios.1.id"),
    ],
)
def test_a_mistake_in_the_table_is_named_by_line_and_field(
    folder: Path, was: str, becomes: str, field: str
) -> None:
    path = folder / "sites.yaml"
    line = line_of(path, was)
    path.write_text(path.read_text("utf-8").replace(was, becomes, 1), "utf-8")
    with pytest.raises(OrganisationError) as wrong:
        load_scenarios(folder)
    assert (wrong.value.path, wrong.value.line, wrong.value.field) == (path, line, field)


@pytest.mark.parametrize(
    ("scenario", "line", "says"),
    [
        ("5", "    service_account: sitebeheer@vlaskerke.example", "has no group"),
        ("2", "    guests: true", "may be shared with externals"),
    ],
)
def test_a_scenario_that_contradicts_itself_is_refused(
    folder: Path, scenario: str, line: str, says: str
) -> None:
    path = folder / "sites.yaml"
    text = path.read_text("utf-8").replace(f'  - id: "{scenario}"\n', f'  - id: "{scenario}"\n{line}\n')
    path.write_text(text, "utf-8")
    with pytest.raises(OrganisationError, match=says):
        load_scenarios(folder)
