"""`approvals.yaml` as a city writes it; what is wrong with it is named by path, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.organisation.approvals import load_approvals
from adapters.organisation.files import OrganisationError
from domain.approvals.policy import ALL, ApprovalPolicy, Circle, Condition, Stage
from domain.organisation import Organisation


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return tmp_path


GOOD = """\
boards:
  - id: raad
    name: De raad
    members: [carla, els, gust]
policies:
  - id: alles
    name: {nl: van alles}
    bulk: true
    after_change: resume
    stages:
      - approvers: [team_owner, {board: raad}, {people: [bram]}]
        rule: any
        deadline: 5
        reminders: [1, 3]
        escalate_to: [supervisor]
        auto_approve:
          - scenario: [1, "2"]
            cost: {at_most: 50}
      - approvers: [{board: raad}]
        rule: 2
      - approvers: [{board: raad}]
        rule: all
"""


def load(city: Path, content: str) -> tuple[ApprovalPolicy, ...]:
    (city / "approvals.yaml").write_text(content, encoding="utf-8")
    return load_approvals(city, {"bram", "carla", "els", "gust"})


def test_everything_a_policy_can_say(city: Path) -> None:
    (policy,) = load(city, GOOD)
    board = Circle("De raad", ("carla", "els", "gust"))
    first, second, third = policy.plan.stages
    assert first == Stage(
        approvers=(Circle("team_owner"), board, Circle("people", ("bram",))),
        needed=1,
        deadline=5,
        reminders=(1, 3),
        escalate_to=(Circle("supervisor"),),
        auto_approve=(Condition({"scenario": ("1", "2")}, {"cost": 50.0}),),
    )
    assert (second.needed, third.needed) == (2, ALL)
    assert (policy.plan.bulk, policy.plan.restart) == (True, False)


def test_a_site_is_approved_by_the_team_owner_and_then_by_the_information_manager(
    organisation: Organisation,
) -> None:
    site = next(policy for policy in organisation.approvals if policy.id == "site")
    assert [stage.approvers[0].role for stage in site.plan.stages] == ["team_owner", "information_manager"]


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("members: [carla, els, gust]", "members: [carla, niemand]", 4, "boards.0.members.1"),
        ("members: [carla, els, gust]", "members: []", 4, "boards.0.members"),
        ("id: alles", "id: Alles!", 6, "policies.0.id"),
        ("name: {nl: van alles}", "name: {en: all}", 7, "policies.0.name.nl"),
        ("after_change: resume", "after_change: soms", 9, "policies.0.after_change"),
        ("[team_owner, {", "[de_baas, {", 11, "policies.0.stages.0.approvers.0.role"),
        ("{people: [bram]}", "{people: [niemand]}", 11, "policies.0.stages.0.approvers.2.people.0"),
        ("{people: [bram]}", "{people: [bram], board: raad}", 11, "policies.0.stages.0.approvers.2"),
        ("rule: any", "rule: most", 12, "policies.0.stages.0.rule"),
        ("rule: any", "rule: 0", 12, "policies.0.stages.0.rule"),
        ("rule: any", "rule: 2", 12, "policies.0.stages.0.rule"),
        ("deadline: 5", "deadline: -5", 13, "policies.0.stages.0.deadline"),
        ("deadline: 5", "deadline: 2", 11, "policies.0.stages.0"),
        ("        deadline: 5\n", "", 11, "policies.0.stages.0"),
        ("reminders: [1, 3]", "reminders: [3, 1]", 11, "policies.0.stages.0"),
        ("at_most: 50", "at_most: veel", 18, "policies.0.stages.0.auto_approve.0.cost"),
        ("        rule: 2", "        rule: 4", 20, "policies.0.stages.1.rule"),
        ("rule: all", "rulez: all", 22, "policies.0.stages.2.rulez"),
        (
            "{board: raad}]\n        rule: 2",
            "{board: club}]\n        rule: 2",
            19,
            "policies.0.stages.1.approvers.0.board",
        ),
    ],
)
def test_what_is_wrong_is_named_by_path_line_and_field(
    city: Path, old: str, new: str, line: int, field: str
) -> None:
    assert old in GOOD
    with pytest.raises(OrganisationError) as wrong:
        load(city, GOOD.replace(old, new, 1))
    assert wrong.value.path == city / "approvals.yaml"
    named = [(problem.line, problem.field) for problem in wrong.value.problems]
    assert any(at == line and name.startswith(field) for at, name in named), named


def test_a_name_that_stands_twice_is_refused(city: Path) -> None:
    twice = GOOD + GOOD[GOOD.index("  - id: alles") :]
    with pytest.raises(OrganisationError) as wrong:
        load(city, twice)
    assert (wrong.value.line, wrong.value.field) == (23, "policies.1.id")
