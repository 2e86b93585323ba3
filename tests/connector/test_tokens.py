"""Entra ID tokens: only what this city's tenant signed for this API, for a person, with scopes, gets in."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from adapters.database.engine import DatabaseUnits
from adapters.openid.keys import PublishedKeys
from adapters.organisation.directory import YamlDirectory
from connector.authentication import Caller, Callers
from connector.tokens import EntraTokens
from domain.actor import Role
from domain.api_keys.actions import create_key
from domain.api_keys.models import Scope
from domain.errors import DeskError, Forbidden, Unauthenticated, Unavailable
from tests.cast import person
from tests.servers.entra import API_CLIENT_ID, POWER_AUTOMATE, TENANT_ID, Entra

AMINA, BRAM = person("amina").object_id, person("bram").object_id


@pytest.fixture
async def entra() -> AsyncIterator[Entra]:
    async with Entra() as server:
        yield server


@pytest.fixture
def keys(entra: Entra) -> PublishedKeys:
    return PublishedKeys(entra.metadata_url, refresh_at_most_every=0)


@pytest.fixture
def callers(units: DatabaseUnits, directory: YamlDirectory, keys: PublishedKeys) -> Callers:
    tokens = EntraTokens(API_CLIENT_ID, TENANT_ID, keys)
    return Callers(units, directory, tokens, challenge='Bearer authorization_uri="here"')


async def by_token(callers: Callers, token: str) -> Caller:
    return await callers.caller({"Authorization": f"Bearer {token}"})


async def test_a_person_acts_as_themselves_with_the_scopes_of_the_application(
    callers: Callers, entra: Entra
) -> None:
    caller = await by_token(callers, entra.sign(AMINA, "tickets.read tickets.create openid"))
    assert caller.actor == person("amina").as_actor()
    assert caller.scopes == {Scope.READ, Scope.CREATE}
    assert caller.connection == f"person:{AMINA}@{POWER_AUTOMATE}"
    caller.check(Scope.READ)
    with pytest.raises(Forbidden):
        caller.check(Scope.APPROVALS_DECIDE)


async def test_an_application_may_do_all_that_its_person_may(callers: Callers, entra: Entra) -> None:
    amina = await by_token(callers, entra.sign(AMINA, "access_as_user"))
    bram = await by_token(callers, entra.sign(BRAM, "access_as_user", aud=f"api://{API_CLIENT_ID}"))
    assert amina.scopes == bram.scopes == set(Scope)
    assert (amina.may_act_on_behalf, bram.may_act_on_behalf) == (False, True)  # bram is at the desk


async def test_app_roles_count_beside_those_of_the_directory(callers: Callers, entra: Entra) -> None:
    caller = await by_token(callers, entra.sign(AMINA, roles=["agent", "Something.Else"]))
    assert caller.actor.roles == {Role.EMPLOYEE, Role.AGENT}
    assert (await by_token(callers, entra.sign(AMINA))).actor.roles == {Role.EMPLOYEE}


UNAUTHENTICATED: Mapping[str, dict[str, Any]] = {
    "another API's audience": {"aud": "https://graph.microsoft.com"},
    "no audience": {"leave_out": ("aud",)},
    "another issuer": {"iss": f"https://sts.windows.net/{TENANT_ID}/"},
    "no issuer": {"leave_out": ("iss",)},
    "long expired": {"exp": int(time.time()) - 600},
    "no end": {"leave_out": ("exp",)},
    "not yet valid": {"nbf": int(time.time()) + 3600},
    "nobody": {"leave_out": ("oid",)},
    "no tenant": {"leave_out": ("tid",)},
    "an unknown key": {"key_id": "entra-99"},
    "a known key's name, signed with another key": {"key": "rogue", "key_id": "entra-1"},
    "no key id": {"leave_out": ("kid",)},
    "no signature": {"algorithm": "none"},
    "a shared secret": {"algorithm": "HS256"},
}
FORBIDDEN: Mapping[str, dict[str, Any]] = {
    "another tenant": {"tid": "another-city"},
    "an application on its own": {"idtyp": "app"},
    "no scopes": {"leave_out": ("scp",)},
    "scopes of something else": {"scopes": "User.Read openid"},
    "somebody who is not known here": {"object_id": "00000000-0000-4000-8000-000000000000"},
}


@pytest.mark.parametrize("changed", UNAUTHENTICATED.values(), ids=UNAUTHENTICATED.keys())
async def test_a_wrong_token_is_refused_with_the_way_to_sign_in(
    callers: Callers, entra: Entra, changed: dict[str, Any]
) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await by_token(callers, entra.sign(AMINA, **changed))
    assert refused.value.headers["WWW-Authenticate"] == 'Bearer authorization_uri="here"'


@pytest.mark.parametrize("changed", FORBIDDEN.values(), ids=FORBIDDEN.keys())
async def test_a_good_token_of_the_wrong_one_is_forbidden(
    callers: Callers, entra: Entra, changed: dict[str, Any]
) -> None:
    with pytest.raises(Forbidden):
        await by_token(callers, entra.sign(**{"object_id": AMINA} | changed))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic YW1pbmE6eA=="},
        {"Authorization": "Bearer a.b.c"},
        {"Authorization": "Bearer a b"},
        {"Authorization": "x" * 9000},
    ],
    ids=str,
)
async def test_a_request_without_a_readable_token_is_refused(
    callers: Callers, headers: dict[str, str]
) -> None:
    with pytest.raises(Unauthenticated):
        await callers.caller(headers)


async def test_keys_rotate_while_old_ones_still_sign(callers: Callers, entra: Entra) -> None:
    old = entra.sign(AMINA)
    await by_token(callers, old)
    entra.rotate(keep_old=True)
    await by_token(callers, entra.sign(AMINA))
    await by_token(callers, old)
    assert entra.downloads == 2  # at first, and for the key that was new


async def test_a_withdrawn_key_opens_no_longer_once_the_new_ones_are_known(
    callers: Callers, entra: Entra
) -> None:
    old = entra.sign(AMINA)
    await by_token(callers, old)
    entra.rotate()
    await by_token(callers, entra.sign(BRAM))
    with pytest.raises(Unauthenticated):
        await by_token(callers, old)


async def test_a_token_that_was_good_ends_with_its_time(
    units: DatabaseUnits, directory: YamlDirectory, entra: Entra, keys: PublishedKeys
) -> None:
    now = time.time()
    tokens = EntraTokens(API_CLIENT_ID, TENANT_ID, keys, clock=lambda: now)
    token = entra.sign(AMINA, exp=int(now) - 200)  # over, but within what clocks may differ
    assert (await tokens.read(token)).object_id == AMINA
    old = entra.sign(AMINA, exp=int(now) - 301)
    with pytest.raises(Unauthenticated):
        await tokens.read(old)


async def test_while_the_issuer_is_away_known_keys_do_and_unknown_ones_wait(
    callers: Callers, entra: Entra
) -> None:
    entra.down = True
    with pytest.raises(Unavailable):
        await by_token(callers, entra.sign(AMINA))
    entra.down = False
    await by_token(callers, entra.sign(AMINA))
    entra.down = True
    await by_token(callers, entra.sign(BRAM))


async def test_a_stranger_with_invented_key_ids_causes_no_downloads(
    units: DatabaseUnits, directory: YamlDirectory, entra: Entra
) -> None:
    keys = PublishedKeys(entra.metadata_url)
    callers = Callers(units, directory, EntraTokens(API_CLIENT_ID, TENANT_ID, keys))
    await by_token(callers, entra.sign(AMINA))
    for number in range(5):
        with pytest.raises(Unauthenticated):
            await by_token(callers, entra.sign(AMINA, key="rogue", key_id=f"invented-{number}"))
    assert entra.downloads == 1


async def test_a_key_opens_where_no_tokens_do_also_sent_as_a_bearer(
    units: DatabaseUnits, directory: YamlDirectory, entra: Entra
) -> None:
    callers = Callers(units, directory)
    async with units() as unit:
        key = await create_key(unit, "intake", Scope)
    by_header = await callers.caller({"X-API-Key": key})
    assert by_header == await by_token(callers, key)
    assert by_header.actor.id == "flow:intake"
    with pytest.raises(DeskError, match="API keys only"):
        await by_token(callers, entra.sign(AMINA))


def test_without_an_app_registration_there_are_no_tokens(keys: PublishedKeys) -> None:
    for client_id, tenant_id in (("", TENANT_ID), (API_CLIENT_ID, "")):
        with pytest.raises(ValueError, match="every token"):
            EntraTokens(client_id, tenant_id, keys)


@pytest.fixture
def database_url(tmp_path: Any) -> str:
    """Nothing about tokens depends on the kind of database."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
