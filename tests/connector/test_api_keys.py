"""API keys: who gets in, to do what, and for how long."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.database.engine import DatabaseUnits
from connector.api_keys import ApiKeys
from domain.api_keys.actions import create_key, list_keys, revoke_key
from domain.api_keys.models import ApiKey, ApiKeyRow, Scope
from domain.errors import Conflict, Invalid, NotFound, Unauthenticated
from tests.conftest import Clock
from tests.connector.conftest import Call
from tests.connector.test_tickets import PRINTER, ticket

FUNCTIONS = ("CreateTicket", "ListTickets", "GetTicket")
IN_PATH = {"GetTicket": ["x"]}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("wrong", [None, "", "wijzer_unknown", "Bearer x", "é" * 300])
async def test_nobody_gets_in_without_a_good_key(call: Call, name: str, wrong: str | None) -> None:
    body = b"{" if name == "CreateTicket" else b""  # who may not come in learns nothing of the body
    refused = await call(name, None, *IN_PATH.get(name, ()), raw=body, X_API_Key=wrong)
    assert refused.problem[:2] == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("scope", "allowed"), [(Scope.CREATE, {"CreateTicket"}), (Scope.READ, {"ListTickets", "GetTicket"})]
)
async def test_a_key_does_what_its_scopes_say(
    call: Call, units: DatabaseUnits, scope: Scope, allowed: set[str]
) -> None:
    made = await call("CreateTicket", PRINTER)
    async with units() as unit:
        narrow = await create_key(unit, "narrow", [scope])
    for name in FUNCTIONS:
        path = [made.body["id"]] if name == "GetTicket" else []
        answer = await call(name, PRINTER, *path, X_API_Key=narrow)
        assert answer.status == ({"CreateTicket": 201}.get(name, 200) if name in allowed else 403)
        if name not in allowed:
            assert answer.problem == (403, "forbidden", None)


async def test_only_a_key_that_may_reports_for_a_colleague(call: Call, units: DatabaseUnits) -> None:
    async with units() as unit:
        narrow = await create_key(unit, "narrow", [Scope.CREATE])
    for email in ("amina.elidrissi@vlaskerke.example", "nobody@vlaskerke.example"):
        refused = await call("CreateTicket", ticket(onBehalfOf=email), X_API_Key=narrow)
        assert refused.problem == (403, "forbidden", None)


async def test_two_flows_have_keys_and_repeats_of_their_own(call: Call, units: DatabaseUnits) -> None:
    async with units() as unit:
        other = await create_key(unit, "other", Scope)
    first = await call("CreateTicket", PRINTER, Idempotency_Key="k")
    second = await call("CreateTicket", PRINTER, Idempotency_Key="k", X_API_Key=other)
    assert first.body["id"] != second.body["id"]


async def test_what_is_kept_does_not_let_anyone_in(units: DatabaseUnits, key: str) -> None:
    assert re.fullmatch(r"wijzer_[\w-]{43}", key)
    async with units.read() as unit:
        row = (await unit.db.execute(select(ApiKeyRow))).one()
    assert key not in repr(row)
    with pytest.raises(Unauthenticated):
        await ApiKeys(units).find(row.key_hash)


async def test_a_revoked_key_is_out_at_once_everywhere(units: DatabaseUnits, key: str) -> None:
    here, elsewhere = ApiKeys(units), ApiKeys(units)
    for process in (here, elsewhere):
        assert (await process.find(key)).name == "intake"
    async with units() as unit:
        await revoke_key(unit, "intake")
        await revoke_key(unit, "intake")
    for process in (here, elsewhere):
        with pytest.raises(Unauthenticated):
            await process.find(key)
    async with units.read() as unit:
        [kept] = await list_keys(unit)
    assert kept.revoked_at is not None


async def test_many_calls_at_once_share_a_look_up_and_each_gets_its_own_answer(
    units: DatabaseUnits, engine: AsyncEngine, key: str
) -> None:
    async with units() as unit:
        other = await create_key(unit, "other", [Scope.READ])
    keys = ApiKeys(units)
    for known in (key, other):
        await keys.find(known)  # notes its use
    looks = 0

    def count(*_: Any) -> None:
        nonlocal looks
        looks += 1

    event.listen(engine.sync_engine, "checkout", count)  # each takes a connection once
    given = [key, other, "wijzer_unknown"] * 10
    found = await asyncio.gather(*(keys.find(one) for one in given), return_exceptions=True)
    event.remove(engine.sync_engine, "checkout", count)
    names = [one.name if isinstance(one, ApiKey) else type(one).__name__ for one in found]
    assert names == ["intake", "other", "Unauthenticated"] * 10
    assert looks <= 2


async def test_a_caller_that_goes_away_leaves_the_others_their_answer(units: DatabaseUnits, key: str) -> None:
    keys = ApiKeys(units)
    leaving, staying = asyncio.create_task(keys.find(key)), asyncio.create_task(keys.find(key))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).name == "intake"
    assert (await keys.find(key)).name == "intake"


async def test_the_last_use_is_kept_to_the_minute_and_not_written_by_every_call(
    units: DatabaseUnits, key: str, clock: Clock
) -> None:
    async def last_used() -> object:
        async with units.read() as unit:
            return (await list_keys(unit))[0].last_used_at

    assert await last_used() is None
    first = clock.now
    await ApiKeys(units).find(key)
    clock.forward(seconds=59)
    await ApiKeys(units).find(key)
    assert await last_used() == first
    clock.forward(seconds=1)
    await ApiKeys(units).find(key)
    assert await last_used() == clock.now


async def test_a_name_is_taken_once_and_stays_simple(units: DatabaseUnits, key: str) -> None:
    async with units() as unit:
        with pytest.raises(Conflict):
            await create_key(unit, "intake", Scope)
        for name in ("", "Intake", "in take", "x" * 61, "a|b", "nul\x00"):
            with pytest.raises(Invalid):
                await create_key(unit, name, Scope)
        with pytest.raises(NotFound):
            await revoke_key(unit, "unknown")


async def test_keys_are_made_listed_and_revoked_by_command(units: DatabaseUnits, database_url: str) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "scripts.apikey", *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "DATABASE_URL": database_url},
        )

    made = run("create", "flow-a", "tickets.create")
    assert (await ApiKeys(units).find(made.stdout.strip())).name == "flow-a"
    assert run("create", "flow-a").returncode == 1
    assert run("create", "flow-b", "everything").returncode == 2
    for known, code in (("flow-a", 0), ("flow-x", 1)):
        renewed = run("renew", known, "--keep-old", "1")
        assert renewed.returncode == code
        for secret in (made.stdout.strip(), renewed.stdout.strip()) if code == 0 else ():
            assert (await ApiKeys(units).find(secret)).name == "flow-a"
    assert run("revoke", "flow-a").returncode == 0
    assert run("renew", "flow-a").returncode == 1
    listed = run("list").stdout
    assert "flow-a" in listed
    assert "revoked" in listed
    assert made.stdout.strip() not in listed
    with pytest.raises(Unauthenticated):
        await ApiKeys(units).find(made.stdout.strip())
