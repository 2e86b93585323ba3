"""Calls to the platform when it throttles, breaks, or takes our token no longer."""

from __future__ import annotations

import time

import pytest

from adapters.graph.http import CallRefusedError, Http, MissingError
from adapters.graph.tokens import AppRegistration, MsalTokens
from domain.sites.ports import BusyError, RefusedError
from localhost.tenant.authority import Authority
from localhost.tenant.trouble import Fault
from tests.servers.tenant import TenantServer, registration, tenant

__all__ = ["tenant"]  # the plain one: here calls are made that the product never makes

INVITATION = {
    "invitedUserEmailAddress": "jan@provincie.example",
    "inviteRedirectUrl": "https://wijzer.example/",
}


@pytest.fixture
def graph(tenant: TenantServer) -> str:
    return tenant.addresses.graph


@pytest.fixture
def http(tenant: TenantServer) -> Http:
    return tenant.platform._http


def calls(tenant: TenantServer) -> list[tuple[str, int]]:
    return [(call.method, call.status) for call in tenant.tenant.watch.calls]


async def test_a_short_wait_is_waited_for_on_the_spot(tenant: TenantServer, http: Http, graph: str) -> None:
    tenant.go_wrong(Fault(method="POST", path="invitations", status=429, retry_after=0.3))
    started = time.monotonic()
    answer = await http.call("POST", f"{graph}/invitations", INVITATION)
    assert answer.status == 201
    assert time.monotonic() - started >= 0.3
    assert calls(tenant) == [("POST", 429), ("POST", 201)]


async def test_a_long_wait_is_left_to_who_called(tenant: TenantServer, http: Http, graph: str) -> None:
    tenant.go_wrong(Fault(method="GET", path="users", status=429, retry_after=120, times=9))
    with pytest.raises(BusyError) as busy:
        await http.get(f"{graph}/users")
    assert busy.value.after == 120
    assert len(calls(tenant)) == 1


@pytest.mark.parametrize("status", [0, 500, 503, 504])
async def test_what_may_have_been_done_is_not_sent_again(
    tenant: TenantServer, http: Http, graph: str, status: int
) -> None:
    tenant.go_wrong(Fault(method="POST", path="invitations", status=status, after_work=True, times=9))
    with pytest.raises(BusyError):
        await http.call("POST", f"{graph}/invitations", INVITATION)
    assert tenant.tenant.trouble.faults[0].times == 8


@pytest.mark.parametrize("status", [0, 502, 503])
async def test_what_can_be_repeated_is(tenant: TenantServer, http: Http, graph: str, status: int) -> None:
    tenant.go_wrong(Fault(method="GET", path="users", status=status, times=2))
    assert (await http.get(f"{graph}/users")).status == 200
    tenant.go_wrong(Fault(method="GET", path="users", status=status, times=9))
    with pytest.raises(BusyError):
        await http.get(f"{graph}/users")
    assert (
        3 <= tenant.tenant.trouble.faults[0].times <= 6
    )  # aiohttp itself repeats a GET on a broken connection


async def test_a_token_that_is_taken_no_longer_is_replaced_once(
    tenant: TenantServer, http: Http, graph: str
) -> None:
    assert (await http.get(f"{graph}/users")).status == 200
    (tenant.folder / "signing.pem").unlink()
    tenant.authority._key = Authority(tenant.folder)._key  # the tenant signs with another key from now on
    tenant.authority._seen.clear()
    assert (await http.get(f"{graph}/users")).status == 200
    assert [status for _, status in calls(tenant)] == [200, 401, 200]


async def test_a_refusal_says_what_and_why(http: Http, graph: str) -> None:
    with pytest.raises(CallRefusedError) as refused:
        await http.call("POST", f"{graph}/invitations", {"invitedUserEmailAddress": "geen adres"})
    assert refused.value.status == 400
    assert "POST /graph/v1.0/invitations was refused with 400" in str(refused.value)
    with pytest.raises(MissingError):
        await http.get(f"{graph}/users/niemand@vlaskerke.example")


async def test_a_token_goes_to_our_own_addresses_only(http: Http) -> None:
    for url in ("https://kwaad.example/v1.0/users", "http://127.0.0.1:1/users"):
        with pytest.raises(RefusedError, match="none of our addresses"):
            await http.get(url)


async def test_a_sign_in_that_is_away_is_tried_again_later_and_a_wrong_one_is_not(
    tenant: TenantServer,
) -> None:
    app = registration(tenant.tenant.base, tenant.folder)
    away = AppRegistration(app.tenant_id, app.client_id, app.certificate, "http://127.0.0.1:9")
    with pytest.raises(BusyError):
        await MsalTokens(away).get("https://graph.example")
    for wrong in (
        AppRegistration(app.tenant_id, app.client_id, None, app.login_url),
        AppRegistration(app.tenant_id, app.client_id, tenant.folder / "nergens.pem", app.login_url),
        AppRegistration(app.tenant_id, "another-app", app.certificate, app.login_url),
    ):
        with pytest.raises(RefusedError):
            await MsalTokens(wrong).get("https://graph.example")
