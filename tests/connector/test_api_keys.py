"""API keys: who gets in, to do what, and for how long."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from connector.authentication import TRUSTED_FOR, ApiKeys
from domain.api_keys.actions import create_key, list_keys, revoke_key
from domain.api_keys.models import ApiKeyRow, Scope
from domain.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from tests.conftest import Clock
from tests.connector.conftest import Call
from tests.connector.test_tickets import PRINTER, ticket

FUNCTIONS = ("create_ticket", "list_tickets", "get_ticket")


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("wrong", [None, "", "wijzer_unknown", "Bearer x", "é" * 300])
async def test_nobody_gets_in_without_a_good_key(call: Call, name: str, wrong: str | None) -> None:
    body = b"{" if name == "create_ticket" else b""  # who may not come in learns nothing of the body
    refused = await call(name, raw=body, id="x", X_API_Key=wrong)
    assert refused.problem[:2] == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("scope", "allowed"), [(Scope.CREATE, {"create_ticket"}), (Scope.READ, {"list_tickets", "get_ticket"})]
)
async def test_a_key_does_what_its_scopes_say(
    call: Call, units: DatabaseUnits, scope: Scope, allowed: set[str]
) -> None:
    made = await call("create_ticket", PRINTER)
    async with units() as unit:
        narrow = await create_key(unit, "narrow", [scope])
    for name in FUNCTIONS:
        answer = await call(name, PRINTER, id=made.body["id"], X_API_Key=narrow)
        assert answer.status == ({"create_ticket": 201}.get(name, 200) if name in allowed else 403)
        if name not in allowed:
            assert answer.problem == (403, "forbidden", None)


async def test_only_a_key_that_may_reports_for_a_colleague(call: Call, units: DatabaseUnits) -> None:
    async with units() as unit:
        narrow = await create_key(unit, "narrow", [Scope.CREATE])
    for email in ("amina.elidrissi@vlaskerke.example", "nobody@vlaskerke.example"):
        refused = await call("create_ticket", ticket(onBehalfOf=email), X_API_Key=narrow)
        assert refused.problem == (403, "forbidden", None)


async def test_two_flows_have_keys_and_repeats_of_their_own(call: Call, units: DatabaseUnits) -> None:
    async with units() as unit:
        other = await create_key(unit, "other", Scope)
    first = await call("create_ticket", PRINTER, Idempotency_Key="k")
    second = await call("create_ticket", PRINTER, Idempotency_Key="k", X_API_Key=other)
    assert first.body["id"] != second.body["id"]


async def test_what_is_kept_does_not_let_anyone_in(units: DatabaseUnits, key: str) -> None:
    assert re.fullmatch(r"wijzer_[\w-]{43}", key)
    async with units.read() as unit:
        row = (await unit.db.execute(select(ApiKeyRow))).one()
    assert key not in repr(row)
    with pytest.raises(Unauthenticated):
        await ApiKeys(units).caller(row.key_hash, Scope.READ)


async def test_a_revoked_key_is_out_at_once_where_it_was_not_seen_and_soon_everywhere(
    units: DatabaseUnits, key: str
) -> None:
    now = 0.0
    here, elsewhere = ApiKeys(units, lambda: now), ApiKeys(units, lambda: now)
    assert (await here.caller(key, Scope.READ)).name == "intake"
    async with units() as unit:
        await revoke_key(unit, "intake")
        await revoke_key(unit, "intake")
    with pytest.raises(Unauthenticated):
        await elsewhere.caller(key, Scope.READ)
    now = TRUSTED_FOR - 0.1
    assert (await here.caller(key, Scope.READ)).name == "intake"
    now = TRUSTED_FOR
    with pytest.raises(Unauthenticated):
        await here.caller(key, Scope.READ)
    async with units.read() as unit:
        [kept] = await list_keys(unit)
    assert kept.revoked_at is not None


async def test_the_last_use_is_kept_to_the_hour_and_not_written_by_every_call(
    units: DatabaseUnits, key: str, clock: Clock
) -> None:
    async def last_used() -> object:
        async with units.read() as unit:
            return (await list_keys(unit))[0].last_used_at

    assert await last_used() is None
    first = clock.now
    await ApiKeys(units).caller(key, Scope.READ)
    clock.forward(minutes=59)
    await ApiKeys(units).caller(key, Scope.READ)
    assert await last_used() == first
    clock.forward(minutes=1)
    await ApiKeys(units).caller(key, Scope.READ)
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


async def test_a_good_key_without_the_scope_is_forbidden_rather_than_unknown(
    units: DatabaseUnits, key: str
) -> None:
    async with units() as unit:
        narrow = await create_key(unit, "narrow", [])
    with pytest.raises(Forbidden):
        await ApiKeys(units).caller(narrow, Scope.READ)


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
    assert (await ApiKeys(units).caller(made.stdout.strip(), Scope.CREATE)).name == "flow-a"
    assert run("create", "flow-a").returncode == 1
    assert run("create", "flow-b", "everything").returncode == 2
    assert run("revoke", "flow-a").returncode == 0
    listed = run("list").stdout
    assert "flow-a" in listed
    assert "revoked" in listed
    assert made.stdout.strip() not in listed
    with pytest.raises(Unauthenticated):
        await ApiKeys(units).caller(made.stdout.strip(), Scope.CREATE)
