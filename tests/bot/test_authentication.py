"""Nobody gets in without a token that the channel signed for this bot, this channel and this service URL."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from adapters.openid.keys import PublishedKeys
from bot.bridge.authentication import TokenAuthentication
from bot.bridge.connector import ConnectorError
from bot.bridge.endpoint import Bridge
from domain.desk import Desk
from domain.errors import Unauthenticated, Unavailable
from tests.bot.conftest import Probe
from tests.servers.connector import ConnectorServer, Mishap
from tests.servers.teams import Teams
from tests.servers.token_issuer import APP_ID, TokenIssuer

REFUSED: dict[str, dict[str, Any]] = {
    "another bot's audience": {"aud": "another-bot"},
    "no audience": {"leave_out": ("aud",)},
    "another issuer": {"iss": "https://sts.example"},
    "no issuer": {"leave_out": ("iss",)},
    "another service url": {"serviceurl": "https://elsewhere.example/"},
    "no service url": {"leave_out": ("serviceurl",)},
    "a service url that is no text": {"serviceurl": ["a"]},
    "long expired": {"exp": int(time.time()) - 600},
    "no end": {"leave_out": ("exp",)},
    "an end that is no time": {"exp": "tomorrow"},
    "not yet valid": {"nbf": int(time.time()) + 3600},
    "an unknown key": {"key_id": "key-99"},
    "a known key's name, signed with another key": {"key": "rogue", "key_id": "key-1"},
    "no key id": {"leave_out": ("kid",)},
    "no signature": {"algorithm": "none"},
    "a shared secret": {"algorithm": "HS256"},
    "a stronger algorithm of the right key": {"algorithm": "RS512"},
}


@pytest.mark.parametrize("changed", REFUSED.values(), ids=REFUSED.keys())
async def test_a_wrong_token_is_refused(
    guarded: Teams, issuer: TokenIssuer, probe: Probe, changed: dict[str, Any]
) -> None:
    token = issuer.sign(guarded.service_url, **changed)
    answer = await guarded.deliver(guarded.activity(), Authorization=f"Bearer {token}")
    assert answer.status == 401
    assert answer.body is not None
    assert answer.body["error"]["code"] == "unauthenticated"
    assert not probe.turns


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic YW1pbmE6eA==", "Bearer abc", "Bearer a.b.c", "Bearer a b", "x" * 9000],
)
async def test_a_request_without_a_readable_token_is_refused(
    guarded: Teams, probe: Probe, header: str
) -> None:
    answer = await guarded.deliver(guarded.activity(), Authorization=header)
    assert answer.status == 401
    assert not probe.turns


async def test_an_unsigned_request_is_refused_before_its_body_is_looked_at(guarded: Teams) -> None:
    assert (await guarded.deliver_raw(b"{", Authorization="")).status == 401


async def test_the_right_token_is_taken(guarded: Teams, connector_server: ConnectorServer) -> None:
    assert (await guarded.say("help")).status == 200
    assert len(connector_server.calls) == 1


async def test_a_lower_case_scheme_and_header_name_are_taken(guarded: Teams, issuer: TokenIssuer) -> None:
    token = issuer.sign(guarded.service_url)
    assert (
        await guarded.deliver(guarded.activity(), Authorization="", authorization=f"bearer {token}")
    ).status == 200


async def test_a_token_that_ended_within_the_leeway_is_taken(guarded: Teams, issuer: TokenIssuer) -> None:
    token = issuer.sign(guarded.service_url, exp=int(time.time()) - 120)
    answer = await guarded.deliver(guarded.activity(), Authorization=f"Bearer {token}")
    assert answer.status == 200


async def test_a_key_not_endorsed_for_the_channel_is_refused(guarded: Teams, issuer: TokenIssuer) -> None:
    answer = await guarded.deliver(guarded.activity(channelId="webchat"))
    assert answer.status == 401
    assert answer.body is not None
    assert answer.body["error"]["field"] == "channelId"


async def test_a_key_without_endorsements_may_sign_for_no_channel(
    guarded: Teams, issuer: TokenIssuer
) -> None:
    issuer.endorsements = []
    assert (await guarded.say("help")).status == 401


async def test_another_organisation_is_refused(guarded: Teams, probe: Probe) -> None:
    elsewhere = {"id": "a:x", "conversationType": "personal", "tenantId": "another-city"}
    answer = await guarded.deliver(guarded.activity(conversation=elsewhere))
    assert answer.status == 403
    assert not probe.turns


async def test_a_tenant_in_the_channel_data_counts(guarded: Teams) -> None:
    answer = await guarded.deliver(
        guarded.activity(conversation={"id": "a:x", "conversationType": "personal"})
    )
    assert answer.status == 200


async def test_new_keys_are_taken_at_once(guarded: Teams, issuer: TokenIssuer) -> None:
    assert (await guarded.say("help")).status == 200
    issuer.rotate()
    assert (await guarded.say("help")).status == 200
    assert issuer.metadata_requests == 2


async def test_a_withdrawn_key_ends_the_tokens_it_signed(guarded: Teams, issuer: TokenIssuer) -> None:
    old = issuer.sign(guarded.service_url)
    assert (await guarded.deliver(guarded.activity(), Authorization=f"Bearer {old}")).status == 200
    issuer.rotate()
    assert (await guarded.say("help")).status == 200  # the new key is seen
    assert (await guarded.deliver(guarded.activity(), Authorization=f"Bearer {old}")).status == 401


async def test_made_up_key_ids_do_not_make_us_download_on_and_on(issuer: TokenIssuer) -> None:
    authentication = TokenAuthentication(APP_ID, PublishedKeys(issuer.metadata_url, refresh_at_most_every=30))
    for number in range(20):
        with pytest.raises(Unauthenticated):
            await authentication.sender(f"Bearer {issuer.sign('https://x', key_id=f'made-up-{number}')}")
    assert issuer.metadata_requests == 1


async def test_many_requests_at_once_share_one_download(issuer: TokenIssuer) -> None:
    authentication = TokenAuthentication(APP_ID, PublishedKeys(issuer.metadata_url))
    tokens = [issuer.sign("https://x", nonce=number) for number in range(10)]
    await asyncio.gather(*(authentication.sender(f"Bearer {token}") for token in tokens))
    assert issuer.metadata_requests == 1


async def test_without_keys_we_are_unavailable_and_recover(
    guarded: Teams, issuer: TokenIssuer, keys: PublishedKeys
) -> None:
    issuer.down = True
    answer = await guarded.say("help")
    assert answer.status == 503
    issuer.down = False
    assert (await guarded.say("help")).status == 200


async def test_keys_that_cannot_be_renewed_are_kept(issuer: TokenIssuer) -> None:
    now = 0.0
    authentication = TokenAuthentication(APP_ID, PublishedKeys(issuer.metadata_url, clock=lambda: now))
    await authentication.sender(f"Bearer {issuer.sign('https://x')}")
    now = 48 * 3600
    issuer.down = True
    await authentication.sender(f"Bearer {issuer.sign('https://x', nonce=1)}")
    assert issuer.metadata_requests == 2


async def test_old_keys_are_renewed(issuer: TokenIssuer) -> None:
    now = 0.0
    authentication = TokenAuthentication(APP_ID, PublishedKeys(issuer.metadata_url, clock=lambda: now))
    await authentication.sender(f"Bearer {issuer.sign('https://x')}")
    now = 25 * 3600
    await authentication.sender(f"Bearer {issuer.sign('https://x', nonce=1)}")
    assert issuer.metadata_requests == 2


async def test_a_metadata_server_that_hangs_is_not_waited_for(issuer: TokenIssuer) -> None:
    issuer.delay = 5
    began = time.monotonic()
    with pytest.raises(Unavailable):
        await PublishedKeys(issuer.metadata_url, time_limit=0.1).find("key-1")
    assert time.monotonic() - began < 4.5


async def test_a_verified_token_ends_when_it_says(issuer: TokenIssuer) -> None:
    now = time.time()
    authentication = TokenAuthentication(APP_ID, PublishedKeys(issuer.metadata_url), clock=lambda: now)
    header = f"Bearer {issuer.sign('https://x', exp=int(time.time()) - 200)}"
    first = await authentication.sender(header)
    assert (
        await authentication.sender(header) is not first
    )  # past its end: looked at again, within the leeway
    header = f"Bearer {issuer.sign('https://x')}"
    first = await authentication.sender(header)
    assert await authentication.sender(header) is first


def test_an_empty_app_id_turns_nothing_off(desk: Desk) -> None:
    with pytest.raises(ValueError, match="app id"):
        Bridge.build(
            desk,
            app_id="",
            app_password="",
            tenant_id="",
            channel_keys=PublishedKeys("http://127.0.0.1:1/"),
            login_url="https://127.0.0.1:1",
        )


async def test_without_authentication_only_this_machine_is_answered(teams: Teams, probe: Probe) -> None:
    answer = await teams.deliver(teams.activity(serviceUrl="https://elsewhere.example/"))
    assert answer.status == 401
    assert not probe.turns


async def test_the_bots_own_token_goes_along_and_is_asked_for_once(
    guarded: Teams, issuer: TokenIssuer, connector_server: ConnectorServer
) -> None:
    await asyncio.gather(*(guarded.say("help") for _ in range(5)))
    assert [call.authorization for call in connector_server.calls] == [f"Bearer {issuer.issued[0]}"] * 5
    [asked] = issuer.token_requests
    assert asked["scope"] == "https://api.botframework.com/.default"


async def test_a_token_the_channel_does_not_take_is_renewed(
    guarded: Teams, issuer: TokenIssuer, connector_server: ConnectorServer
) -> None:
    await guarded.say("help")
    revoked = f"Bearer {issuer.issued[0]}"
    connector_server.takes_token = lambda token: token != revoked
    assert (await guarded.say("help")).status == 200
    assert connector_server.calls[-1].authorization == f"Bearer {issuer.issued[1]}"


async def test_a_login_that_is_down_leaves_the_delivery_to_be_repeated(
    guarded: Teams, issuer: TokenIssuer
) -> None:
    await guarded.bridge.receive(b"", {})
    activity = guarded.activity(text="help")
    token = issuer.sign(guarded.service_url)
    await guarded.deliver_raw(b"{", Authorization=f"Bearer {token}")  # the keys are known now
    issuer.down = True
    assert (await guarded.deliver(activity, Authorization=f"Bearer {token}")).status == 503
    issuer.down = False
    assert (await guarded.deliver(activity, Authorization=f"Bearer {token}")).status == 200


async def test_our_token_never_goes_to_an_address_nobody_vouched_for(
    guarded: Teams, connector_server: ConnectorServer
) -> None:
    assert isinstance(guarded.bridge, Bridge)
    with pytest.raises(ConnectorError) as refused:
        await guarded.bridge.connector.post(connector_server.url, "a:1", {"type": "message"})
    assert refused.value.permanent
    assert not connector_server.calls


async def test_our_token_does_not_follow_a_redirect(
    guarded: Teams, connector_server: ConnectorServer
) -> None:
    async with ConnectorServer() as elsewhere:
        connector_server.fail(Mishap(307, {"Location": elsewhere.url}))
        await guarded.say("help")
        assert len(connector_server.calls) == 1
        assert not elsewhere.calls
