"""Keeping within the published limits: pure, with the clock in the test's hand; and against the tenant that counts."""

from __future__ import annotations

import pytest

from adapters.graph.pace import BURST, SHAREPOINT, Pace, uses
from localhost.tenant.throttle import Throttle


class Watch:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


CALLS = [
    ("GET", "/sites/prj-x/_api/web"),
    ("POST", "/sites/prj-x/_api/web/associatedmembergroup/users"),
    ("GET", "/sites/host,a,b/lists?$select=id"),
    ("POST", "/sites/host,a,b/lists"),
    ("GET", "/groups/1/sites/root?$select=id"),
    ("POST", "/invitations"),
    ("POST", "/teams"),
    ("POST", "/teams/1/archive"),
    ("PATCH", "/groups(uniqueName='wijzer-1')"),
    ("GET", "/groups/1/members"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("speed", [0.25, 1.0, 20.0])
def test_whoever_keeps_the_pace_is_never_throttled(method: str, path: str, speed: float) -> None:
    watch = Watch()
    pace, throttle = Pace(speed, watch), Throttle()
    graph = "" if "/_api/" in path else "/graph/v1.0"
    for _ in range(3000):
        watch.now += pace.wait(method, path, longest=1e9)
        refused = throttle.retry_after(method, graph + path.partition("?")[0], watch.now, 1 / max(speed, 1))
        assert refused is None


def test_nearly_all_of_what_is_allowed_is_used() -> None:
    watch = Watch()
    pace, began, units = Pace(1.0, watch), watch.now, 0
    while watch.now - began < 600:
        watch.now += pace.wait("POST", "/sites/host,a,b/lists", longest=1e9)
        units += 2
    assert units >= 0.93 * 600 / SHAREPOINT.seconds * SHAREPOINT.amount


def test_a_few_calls_at_once_do_not_wait() -> None:
    pace = Pace(1.0, Watch())
    few = int(SHAREPOINT.amount * BURST) // 2  # a write is 2 units
    assert max(pace.wait("POST", "/sites/host,a,b/lists", longest=5) for _ in range(few)) < 0.001
    assert pace.wait("POST", "/sites/host,a,b/lists", longest=5) > 0.01


def test_who_would_wait_long_is_told_and_takes_no_room() -> None:
    watch = Watch()
    pace = Pace(1.0, watch)
    waits = [pace.wait("POST", "/teams", longest=2.0) for _ in range(40)]
    let_through = [wait for wait in waits if wait <= 2.0]
    assert len(let_through) < 25
    watch.now += 10
    assert pace.wait("POST", "/teams", longest=2.0) <= 0, "those who were told to come back took nothing"


def test_after_a_refusal_nothing_of_its_kind_goes_out_for_so_long() -> None:
    watch = Watch()
    pace = Pace(1.0, watch)
    pace.pause("GET", "/sites/x/_api/web", 30)
    assert pace.wait("GET", "/sites/y/_api/web", longest=5) > 25
    assert pace.wait("POST", "/groups/1/members/$ref", longest=5) <= 0, "the directory has a limit of its own"
    watch.now += 31
    assert pace.wait("GET", "/sites/y/_api/web", longest=5) <= 0


def test_reading_the_directory_is_not_limited_here() -> None:
    assert list(uses("GET", "/users/1")) == []
