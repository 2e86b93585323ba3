"""How much a connection may ask, and that nobody waits for another's hundreds."""

from __future__ import annotations

import asyncio

import pytest

from connector.authentication import Caller, Callers
from connector.door import Door
from connector.rates import FairTurns, Rates
from domain.api_keys.models import Scope
from domain.errors import Invalid, TooMany
from tests.cast import person


class Now:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def test_a_minutes_calls_can_come_at_once_and_then_they_come_evenly() -> None:
    now = Now()
    rates = Rates(60, now)
    left = [int(rates.take("a")["RateLimit-Remaining"]) for _ in range(60)]
    assert left == list(range(59, -1, -1))
    with pytest.raises(TooMany) as refused:
        rates.take("a")
    assert refused.value.headers == {
        "Retry-After": "1",
        "RateLimit-Limit": "60",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": "60",
    }
    now.time += 1
    assert rates.take("a")["RateLimit-Remaining"] == "0"
    with pytest.raises(TooMany):
        rates.take("a")
    now.time += 30
    assert rates.take("a") == {
        "RateLimit-Limit": "60",
        "RateLimit-Remaining": "29",
        "RateLimit-Reset": "31",
    }
    now.time += 3600
    assert rates.take("a")["RateLimit-Remaining"] == "59"  # no more than a minute is saved up


def test_who_waits_as_told_gets_in() -> None:
    now = Now()
    rates = Rates(7, now)
    for _ in range(7):
        rates.take("a")
    for _ in range(5):
        with pytest.raises(TooMany) as refused:
            rates.take("a")
        now.time += int(refused.value.headers["Retry-After"])
        rates.take("a")


def test_one_connections_calls_are_not_anothers() -> None:
    rates = Rates(1, Now())
    rates.take("a")
    with pytest.raises(TooMany):
        rates.take("a")
    assert rates.take("b")["RateLimit-Remaining"] == "0"


async def test_connections_take_turns_when_places_are_short() -> None:
    turns, order = FairTurns(at_once=1), []

    async def call(connection: str) -> None:
        async with turns.of(connection):
            order.append(connection)
            await asyncio.sleep(0)

    await asyncio.gather(*(call(name) for name in "aaaaabbc"))
    assert "".join(order) == "aabcabaa"  # the first had the place; then each in turn
    await asyncio.gather(*(call(name) for name in "ab"))  # and every place came back


async def test_who_gives_up_waiting_takes_no_place() -> None:
    turns = FairTurns(at_once=1)
    async with turns.of("a"):
        waiting = [asyncio.create_task(turns.enter("a")) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
    waiting[1].cancel()  # the place was just given to it
    await waiting[2]
    turns.leave()
    async with asyncio.timeout(10), turns.of("b"):
        pass


async def test_too_many_waiting_are_refused_at_once() -> None:
    turns = FairTurns(at_once=1, most_waiting=1)
    async with turns.of("a"):
        waiting = asyncio.create_task(turns.enter("a"))
        other = asyncio.create_task(turns.enter("b"))
        await asyncio.sleep(0)
        with pytest.raises(TooMany) as refused:
            await turns.enter("a")
        assert refused.value.headers == {"Retry-After": "1"}
    await waiting
    turns.leave()
    await other


class OnlyAmina(Callers):
    def __init__(self) -> None:
        pass

    async def caller(self, headers: object) -> Caller:
        return Caller(person("amina").as_actor(), frozenset(Scope), "a")


async def test_every_answer_says_what_is_left_and_so_does_an_error() -> None:
    door = Door(OnlyAmina(), Rates(3, Now()))

    async def well(caller: Caller) -> str:
        return caller.actor.id

    async def wrong(caller: Caller) -> str:
        raise Invalid("No.")

    assert await door.call({}, well) == (
        "amina",
        {"RateLimit-Limit": "3", "RateLimit-Remaining": "2", "RateLimit-Reset": "20"},
    )
    with pytest.raises(Invalid) as refused:
        await door.call({}, wrong)
    assert refused.value.headers["RateLimit-Remaining"] == "1"
    await door.call({}, well)
    with pytest.raises(TooMany) as limited:
        await door.call({}, well)
    assert (limited.value.status, limited.value.headers["Retry-After"]) == (429, "20")
