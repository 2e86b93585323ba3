"""API keys: made, renewed and ended by administrators; a secret opens for as long as it should and no longer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.api_keys.actions import (
    MadeKey,
    MakeKey,
    access_key,
    authenticate_key,
    end_key,
    find_keys,
    hash_of,
    make_key,
    page_of_keys,
    rotate_key,
)
from domain.api_keys.models import ApiKeyRow, Scope
from domain.errors import Conflict, DeskError, Forbidden, Invalid, NotFound, Unauthenticated
from tests.conftest import Clock

INTAKE = MakeKey("intake", frozenset({Scope.READ, Scope.CREATE}))


async def made(units: DatabaseUnits, gust: Actor, command: MakeKey = INTAKE, key: str = "k") -> MadeKey:
    async with units() as unit:
        return await make_key(unit, gust, command, key)


async def opens(units: DatabaseUnits, secret: str | None) -> bool:
    assert secret is not None
    try:
        async with units.read() as unit:
            await authenticate_key(unit, secret)
    except Unauthenticated:
        return False
    return True


async def test_an_administrator_makes_a_key_and_its_secret_is_kept_nowhere(
    units: DatabaseUnits, gust: Actor
) -> None:
    new = await made(units, gust)
    assert (new.key.name, new.key.scopes, new.key.owner_id) == ("intake", INTAKE.scopes, "gust")
    assert await opens(units, new.secret)
    async with units.read() as unit:
        row = (await unit.db.execute(select(ApiKeyRow))).one()
    assert new.secret is not None
    assert new.secret not in repr(row)


async def test_the_same_press_twice_makes_one_key_and_shows_its_secret_once(
    units: DatabaseUnits, gust: Actor
) -> None:
    first, again = await made(units, gust), await made(units, gust)
    assert (again.key, again.secret) == (first.key, None)
    with pytest.raises(Conflict):
        await made(units, gust, MakeKey("intake", frozenset({Scope.READ})))


async def test_a_name_given_out_at_once_is_one_keys(units: DatabaseUnits, gust: Actor) -> None:
    found = await asyncio.gather(
        *(made(units, gust, key=f"k{number}") for number in range(4)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in found) == ["Conflict"] * 3 + ["MadeKey"]


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (MakeKey("", INTAKE.scopes), "name"),
        (MakeKey("In Take", INTAKE.scopes), "name"),
        (MakeKey("x" * 61, INTAKE.scopes), "name"),
        (MakeKey("nul\x00", INTAKE.scopes), "name"),
        (MakeKey("intake", frozenset()), "scopes"),
    ],
)
async def test_a_key_that_cannot_be_is_refused_by_its_field(
    units: DatabaseUnits, gust: Actor, command: MakeKey, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await made(units, gust, command)
    assert refused.value.field == field


async def test_only_administrators_see_or_touch_keys(
    units: DatabaseUnits, gust: Actor, bram: Actor, els: Actor
) -> None:
    key_id = (await made(units, gust)).key.id
    async with units() as unit:
        for actor in (bram, els):
            for refused in (
                make_key(unit, actor, INTAKE, "other"),
                access_key(unit, actor, key_id),
                page_of_keys(unit, actor),
                rotate_key(unit, actor, key_id, timedelta(0), "r"),
                end_key(unit, actor, key_id),
            ):
                with pytest.raises(Forbidden):
                    await refused


@pytest.mark.parametrize("unknown", ["", "nonsense", "00000000-0000-7000-8000-000000000000"])
async def test_an_unknown_key_is_not_found(units: DatabaseUnits, gust: Actor, unknown: str) -> None:
    with pytest.raises(NotFound):
        async with units() as unit:
            await end_key(unit, gust, unknown)


async def test_a_new_secret_leaves_the_old_one_its_time(
    units: DatabaseUnits, gust: Actor, clock: Clock
) -> None:
    first = await made(units, gust)
    async with units() as unit:
        second = await rotate_key(unit, gust, first.key.id, timedelta(days=1), "r")
        again = await rotate_key(unit, gust, first.key.id, timedelta(days=1), "r")
    assert again.secret is None
    assert [await opens(units, one.secret) for one in (first, second)] == [True, True]
    hashes = [hash_of(one.secret or "") for one in (first, second)]
    async with units.read() as unit:
        found = await find_keys(unit, hashes)
    assert {found[one].id for one in hashes} == {first.key.id}
    clock.forward(days=1)
    assert [await opens(units, one.secret) for one in (first, second)] == [False, True]


async def test_a_second_renewal_ends_what_was_kept_from_before(units: DatabaseUnits, gust: Actor) -> None:
    kept = [await made(units, gust)]
    for number, days in enumerate((7, 1, 0)):
        async with units() as unit:
            kept.append(await rotate_key(unit, gust, kept[0].key.id, timedelta(days=days), f"r{number}"))
        now = [await opens(units, one.secret) for one in kept]
        assert now == [False] * number + [days > 0, True]


async def test_an_ended_key_is_out_with_all_its_secrets_and_stays_so(
    units: DatabaseUnits, gust: Actor
) -> None:
    first = await made(units, gust)
    async with units() as unit:
        second = await rotate_key(unit, gust, first.key.id, timedelta(days=7), "r")
        ended = await end_key(unit, gust, first.key.id)
        assert await end_key(unit, gust, first.key.id) == ended
    assert [await opens(units, one.secret) for one in (first, second)] == [False, False]
    with pytest.raises(Conflict):
        async with units() as unit:
            await rotate_key(unit, gust, first.key.id, timedelta(0), "r2")
    with pytest.raises(DeskError):
        await made(units, gust, key="another")  # the name stays with what it did


async def test_keys_come_page_by_page_by_name_the_ended_ones_apart(units: DatabaseUnits, gust: Actor) -> None:
    for name in ("d", "b", "a", "c", "e"):
        new = await made(units, gust, MakeKey(name, INTAKE.scopes), name)
        if name in "be":
            async with units() as unit:
                await end_key(unit, gust, new.key.id)

    async def names(*, revoked: bool) -> list[list[str]]:
        pages, cursor = [], None
        async with units.read() as unit:
            while True:
                page = await page_of_keys(unit, gust, limit=2, cursor=cursor, revoked=revoked)
                pages.append([key.name for key in page.keys])
                if (cursor := page.next_cursor) is None:
                    return pages

    assert await names(revoked=False) == [["a", "c"], ["d"]]
    assert await names(revoked=True) == [["b", "e"]]
