"""The city's own table of scenarios and approval policies: what is shipped, and how a mistake in it is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from adapters.organisation.approvals import load_approvals
from adapters.organisation.files import OrganisationError
from adapters.organisation.sites import load_naming, load_scenarios
from domain.actor import Role
from domain.sites.policy import Container, Sharing
from tests.cast import ORGANISATION


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("sites.yaml", "approvals.yaml"):
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


def test_a_site_is_approved_by_the_team_owner_first() -> None:
    (policy,) = load_approvals(ORGANISATION)
    assert policy.id == "site"
    assert policy.stages[0].approvers == (Role.TEAM_OWNER, Role.SUPERVISOR, Role.INFORMATION_MANAGER)


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


def test_an_unknown_approver_is_named_by_line_and_field(folder: Path) -> None:
    path = folder / "approvals.yaml"
    path.write_text(path.read_text("utf-8").replace("[team_owner,", "[burgemeester,"), "utf-8")
    with pytest.raises(OrganisationError) as wrong:
        load_approvals(folder)
    assert wrong.value.line == line_of(path, "burgemeester")
    assert wrong.value.field == "policies.0.stages.0.approvers.0"
