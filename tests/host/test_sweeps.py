"""What the timers do: every sweep there is is run by one, and one that fails keeps no other from its work."""

from __future__ import annotations

from typing import cast

from domain.desk import Desk
from wiring.sweeps import minutely, nightly, run_sweeps

NO_DESK = cast("Desk", None)


def test_clocks_and_messages_are_swept_every_minute() -> None:
    assert {"clocks", "held messages"} <= set(minutely())
    assert "messages told" in nightly()


async def test_a_sweep_that_fails_keeps_no_other_from_its_work() -> None:
    async def fails(desk: Desk) -> int:
        raise ZeroDivisionError

    async def works(desk: Desk) -> int:
        return 3

    assert await run_sweeps(NO_DESK, {"first": fails, "second": works}) == {"second": 3}
