"""The catalogue and the changes of the demo city, and every mistake in them by path, line and field."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from adapters.organisation.files import OrganisationError
from adapters.organisation.loader import load_organisation
from domain.catalogue.item import NO, YES, Costs, FieldType, Per
from domain.changes.policy import ChangeType, Risk
from domain.organisation import Organisation
from tests.cast import ORGANISATION
from tests.organisation.test_loader import change


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ORGANISATION, tmp_path / "organisation"))


def test_the_demo_city_offers_what_a_city_offers(organisation: Organisation) -> None:
    catalogue = organisation.catalogue
    assert len(catalogue.items) >= 25
    assert {
        "laptop", "gedeelde-pc", "smartphone", "licentie", "mailbox", "distributielijst", "starter", "uitdienst",
        "toepassing-toegang", "tweestaps", "vergaderzaal",
    } <= catalogue.by_id.keys()  # fmt: skip
    assert {field.type for item in catalogue.items for field in item.form} == set(FieldType)
    assert {item.category_id for item in catalogue.items} == {one.id for one in catalogue.categories}
    assert all(item.form for item in catalogue.items)
    assert any(item.approval is None for item in catalogue.items)


def test_an_item_is_read_as_it_is_written(organisation: Organisation) -> None:
    item = organisation.catalogue.by_id["licentie"]
    assert (item.costs, item.delivery_days, item.approval) == (Costs(1400, Per.MONTH), 2, "supervisor")
    leaver = {field.id: field for field in organisation.catalogue.by_id["uitdienst"].form}
    assert leaver["laatste"].earliest is None
    assert leaver["hoelang"].when
    assert leaver["hoelang"].when.values == {"overdracht"}
    keyboard = {field.id: field for field in organisation.catalogue.by_id["toetsenbord"].form}
    assert keyboard["advies"].when
    assert keyboard["advies"].when.values == {YES} != {NO}


def test_changes_are_read_as_they_are_written(organisation: Organisation) -> None:
    changes = organisation.changes
    assert len(changes.questionnaire.questions) == 5
    assert changes.approvals[ChangeType.EMERGENCY][Risk.HIGH] == "change_emergency"
    assert len(changes.standard) >= 3
    assert {"mail", "boekhouding"} <= changes.systems.keys()


@pytest.mark.parametrize(
    ("name", "old", "new", "field", "said"),
    [
        ("werkplek", "delivery_days: 10", "delivery_days: tien", "items.0.delivery_days", "valid integer"),
        ("werkplek", "type: person", "type: mens", "items.0.form.1", "does not match any"),
        ("werkplek", "approval: supervisor", "approval: koning", "items.0.approval", "no policy koning"),
        ("werkplek", "field: wie, is", "field: wat, is", "items.0.form.1.when.field", "called wat"),
        ("werkplek", "is: [collega]", "is: [buur]", "items.0.form.1.when.is.0", "wie is never buur"),
        ("werkplek", "- id: model", "- id: wie", "items.0.form.2.id", "stands here twice"),
        ("werkplek", "- id: scherm", "- id: laptop", "items.2.id", "laptop stands"),
        ("werkplek", '"{aantal} x', '"{hoeveel} x', "items.1.title", "no field hoeveel"),
        ("werkplek", '"{aantal} x', '"{aantal x', "items.1.title", "no field {"),
        ("werkplek", "    maximum: 20", "    maximum: 0", "items.1.form.1", "more than the maximum"),
        (
            "werkplek",
            "{mij: Voor mezelf, collega: Voor een collega}",
            "{mij: Voor mij}",
            "items.0.form.0",
            "2 items",
        ),
        ("werkplek", "amount: 1150", "amount: 0", "items.0.costs.amount", "greater than 0"),
        ("werkplek", "desk: toestel", "desk: zolder", "category.desk", "no category zolder"),
        ("accounts", "    desk: netwerk", "    desk: zolder", "items.7.desk", "no category zolder"),
        ("accounts", "roles: [supervisor,", "roles: [baas,", "items.0.who.roles.0", "Input should be"),
        ("accounts", "who: {roles", "who: {teams: [maan], roles", "items.0.who.teams.0", "no team maan"),
        ("mail", "category:\n  id: mail", "category:\n  id: accounts", "category.id", "another file"),
        ("telefonie", "    form:", "    vorm:", "items.0.vorm", "Extra inputs"),
    ],
)
def test_a_mistake_in_the_catalogue_names_its_place(
    city: Path, name: str, old: str, new: str, field: str, said: str
) -> None:
    path = city / "catalogue" / f"{name}.yaml"
    line = change(path, old, new)
    with pytest.raises(OrganisationError) as refused:
        load_organisation(city)
    [problem] = refused.value.problems
    assert refused.value.path == path
    assert said in problem.message
    assert problem.field.startswith(field)
    assert (
        0 <= line - problem.line <= 4 or problem.line == line + 1
    )  # a field that is wrong as a whole: where it begins
    assert str(refused.value) == f"{path}:{problem.line}: {problem.field}: {problem.message}"


def test_a_city_without_a_catalogue_is_told_so(city: Path) -> None:
    shutil.rmtree(city / "catalogue")
    with pytest.raises(OrganisationError, match="no catalogue"):
        load_organisation(city)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("low: change_normal", "low: change_small", "approvals.normal.low"),
        ("high_from: 8", "high_from: 4", "risk"),
        ("points: 4}", "points: veel}", "risk.questions.0.options.3.points"),
        ("- id: certificaat", "- id: beveiligingsupdates", "standard.1.id"),
        ("- {id: team,", "- {id: niemand,", "risk.questions.0.options.1.id"),
        ("first: 2026-12-14", "first: 2027-12-14", "freezes.0"),
        ("systems:", "system:", "system"),
    ],
)
def test_a_mistake_in_the_changes_names_its_place(city: Path, old: str, new: str, field: str) -> None:
    path = city / "changes.yaml"
    change(path, old, new)
    with pytest.raises(OrganisationError) as refused:
        load_organisation(city)
    assert refused.value.path == path
    assert field in {problem.field for problem in refused.value.problems}
