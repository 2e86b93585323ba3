"""The limits Microsoft publishes, with the clock in the test's hand."""

from __future__ import annotations

import pytest

from localhost.tenant.throttle import SHAREPOINT, Throttle

GROUPS = "/graph/v1.0/groups(uniqueName='wijzer-1')"
TEAMS = "/graph/v1.0/teams"
ONE_TEAM = "/graph/v1.0/teams/8b1c/operations/1"
INVITATIONS = "/graph/v1.0/invitations"
WEB = "/sites/prj-markt/_api/web"


class Caller:
    def __init__(self) -> None:
        self.now = 1000.0
        self.throttle = Throttle()

    def ask(self, method: str, path: str, time_scale: float = 1.0) -> str | None:
        return self.throttle.retry_after(method, path, self.now, time_scale)

    def until_refused(self, method: str, path: str, time_scale: float = 1.0) -> int:
        allowed = 0
        while self.ask(method, path, time_scale) is None:
            allowed += 1
        return allowed


@pytest.mark.parametrize(
    ("method", "path", "amount", "seconds"),
    [
        ("PATCH", GROUPS, 3000, 150),
        ("POST", INVITATIONS, 150, 5),
        ("POST", TEAMS, 10, 1),
        ("GET", ONE_TEAM, 4, 1),
        ("GET", WEB, 2400, 60),
        ("PATCH", WEB, 1200, 60),
        ("POST", WEB + "/associatedownergroup/users", 480, 60),
        ("GET", "/graph/v1.0/sites/host,a,b/lists", 1200, 60),
    ],
)
def test_so_many_calls_are_taken_and_then_the_caller_has_to_wait(
    method: str, path: str, amount: int, seconds: int
) -> None:
    caller = Caller()
    assert caller.until_refused(method, path) == amount
    caller.now += seconds
    assert caller.ask(method, path) is None


def test_reading_the_directory_is_not_limited() -> None:
    caller = Caller()
    assert all(caller.ask("GET", "/graph/v1.0/groups") is None for _ in range(5000))


def test_who_waits_as_long_as_asked_is_let_through() -> None:
    caller = Caller()
    caller.until_refused("POST", TEAMS)
    caller.now += 0.25
    wait = caller.ask("POST", TEAMS)
    assert wait == "1", "in whole seconds, as Microsoft writes it"
    caller.now += float(wait)
    assert caller.ask("POST", TEAMS) is None


def test_each_team_has_a_limit_of_its_own() -> None:
    caller = Caller()
    caller.until_refused("GET", ONE_TEAM)
    assert caller.ask("GET", "/graph/v1.0/teams/other/operations/1") is None


def test_sharepoint_counts_what_it_refuses_and_the_directory_does_not() -> None:
    hasty = Caller()
    hasty.until_refused("GET", WEB)
    for _ in range(SHAREPOINT.amount + 600):
        hasty.now += 0.01
        assert hasty.ask("GET", WEB) is not None
    hasty.now = 1060.1
    assert hasty.ask("GET", WEB) is not None, "the refused calls fill the next minute"

    patient = Caller()
    patient.until_refused("PATCH", GROUPS)
    for _ in range(3000):
        assert patient.ask("PATCH", GROUPS) is not None
    patient.now += 150
    assert patient.ask("PATCH", GROUPS) is None


def test_with_another_time_scale_the_same_happens_quicker() -> None:
    caller = Caller()
    assert caller.until_refused("PATCH", GROUPS, 0.01) == 3000
    wait = float(caller.ask("PATCH", GROUPS, 0.01) or 0)
    assert 1.4 < wait <= 1.51
    caller.now += wait
    assert caller.ask("PATCH", GROUPS, 0.01) is None
