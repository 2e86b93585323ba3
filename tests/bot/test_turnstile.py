"""Who starts when, seen round by round of the event loop."""

from __future__ import annotations

import asyncio

from bot.bridge.turnstile import Turnstile


async def come(turnstile: Turnstile, number: int, came: list[int]) -> None:
    await turnstile.through()
    came.append(number)


async def test_who_comes_alone_waits_for_no_round() -> None:
    turnstile = Turnstile(together=1)
    for _ in range(3):
        turn = turnstile.through()
        try:
            turn.send(None)
        except StopIteration:
            await asyncio.sleep(0)
        else:
            raise AssertionError("it waited")


async def test_a_crowd_goes_through_a_few_at_a_time_in_its_order() -> None:
    turnstile, came = Turnstile(together=2), list[int]()
    crowd = [asyncio.create_task(come(turnstile, number, came)) for number in range(7)]
    grown = []
    while len(came) < 7:
        before = len(came)
        await asyncio.sleep(0)
        grown.append(len(came) - before)

    assert came == list(range(7))
    assert max(grown) == 2
    await asyncio.gather(*crowd)


async def test_who_leaves_the_crowd_does_not_hold_up_the_others() -> None:
    turnstile, came = Turnstile(together=1), list[int]()
    crowd = [asyncio.create_task(come(turnstile, number, came)) for number in range(4)]
    await asyncio.sleep(0)
    crowd[1].cancel()
    crowd[3].cancel()
    await asyncio.gather(*crowd, return_exceptions=True)

    assert came == [0, 2]
    await asyncio.wait_for(turnstile.through(), 1)
