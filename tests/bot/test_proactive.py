"""Cards that appear, or change, without anybody having typed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.bridge.endpoint import Bridge
from domain.chats.actions import SHOW, Address, Posted, post_of, remember_chat, remember_post
from domain.jobs.handling import ClaimedJob, PermanentFailureError, RetryLaterError, WaitForError
from domain.unit import Units
from tests.bot.conftest import BridgeMaker, Probe, card_of
from tests.servers.connector import ConnectorServer, Mishap
from tests.servers.teams import BOT_ID, Teams

CONVERSATION = "a:amina"


@pytest.fixture
async def bridge(bridges: BridgeMaker, units: Units, connector_server: ConnectorServer) -> Bridge:
    """Amina has a chat with the bot."""
    address = Address("amina", connector_server.url, CONVERSATION, "msteams", "t", BOT_ID, "29:amina")
    async with units() as unit:
        await remember_chat(unit, address)
    return bridges()


async def show(bridge: Bridge, **changed: Any) -> None:
    payload = {"view": "probe", "subject": "s-1", "person": "amina", "only_if_posted": False} | changed
    await bridge.handlers[SHOW](ClaimedJob("job-1", SHOW, payload, 1))


async def posted(units: Units, connector_server: ConnectorServer) -> Posted:
    """The view stands in Amina's chat already."""
    post = Posted(connector_server.url, CONVERSATION, connector_server.stand(CONVERSATION))
    async with units() as unit:
        await remember_post(unit, "probe", "s-1", "amina", post)
    return post


async def test_a_new_view_is_posted_and_remembered(
    bridge: Bridge, units: Units, connector_server: ConnectorServer
) -> None:
    await show(bridge)
    [call] = connector_server.calls
    assert (call.method, call.card["speak"]) == ("POST", "as it stands")
    assert call.body["from"]["id"] == BOT_ID
    assert call.body["recipient"]["id"] == "29:amina"
    async with units.read() as unit:
        post = await post_of(unit, "probe", "s-1", "amina")
    assert post is not None
    assert (post.conversation_id, post.activity_id) in connector_server.standing


async def test_a_view_that_stands_is_updated(
    bridge: Bridge, units: Units, connector_server: ConnectorServer
) -> None:
    post = await posted(units, connector_server)
    await show(bridge)
    await show(bridge)
    assert [call.method for call in connector_server.calls] == ["PUT", "PUT"]
    assert list(connector_server.standing) == [(CONVERSATION, post.activity_id)]


async def test_a_post_that_is_gone_comes_anew(
    bridge: Bridge, units: Units, connector_server: ConnectorServer
) -> None:
    await posted(units, connector_server)
    connector_server.standing.clear()
    await show(bridge)
    assert [call.method for call in connector_server.calls] == ["PUT", "POST"]
    connector_server.calls.clear()
    await show(bridge)
    assert [call.method for call in connector_server.calls] == ["PUT"]


async def test_only_if_posted_makes_nothing_new(
    bridge: Bridge, units: Units, connector_server: ConnectorServer
) -> None:
    await show(bridge, only_if_posted=True)
    assert not connector_server.calls
    await posted(units, connector_server)
    connector_server.standing.clear()
    await show(bridge, only_if_posted=True)
    assert [call.method for call in connector_server.calls] == ["PUT"]


async def test_a_view_with_nothing_to_show_shows_nothing(
    bridge: Bridge, probe: Probe, connector_server: ConnectorServer
) -> None:
    probe.shown = None
    await show(bridge)
    assert not connector_server.calls


async def test_without_a_chat_the_job_waits_for_one(bridge: Bridge) -> None:
    with pytest.raises(WaitForError) as waiting:
        await show(bridge, person="bram")
    assert waiting.value.what == "chat:bram"


@pytest.mark.parametrize("changed", [{"view": "no.such"}, {"person": "nobody"}])
async def test_what_does_not_exist_is_permanent(bridge: Bridge, changed: dict[str, str]) -> None:
    with pytest.raises(PermanentFailureError):
        await show(bridge, **changed)


@pytest.mark.parametrize("status", [403, 404])
async def test_a_blocked_bot_or_a_gone_chat_is_permanent(
    bridge: Bridge, connector_server: ConnectorServer, status: int
) -> None:
    connector_server.fail(Mishap(status))
    with pytest.raises(PermanentFailureError):
        await show(bridge)
    assert len(connector_server.calls) == 1


async def test_a_busy_channel_says_when_to_come_back(
    bridge: Bridge, connector_server: ConnectorServer
) -> None:
    connector_server.fail(Mishap(429, {"Retry-After": "90"}))
    with pytest.raises(RetryLaterError) as later:
        await show(bridge)
    assert later.value.after == 90


async def test_a_channel_that_is_down_is_tried_later(
    bridge: Bridge, connector_server: ConnectorServer
) -> None:
    connector_server.fail(Mishap(503), times=9)
    with pytest.raises(RetryLaterError):
        await show(bridge)


async def test_a_card_that_is_too_large_becomes_a_clear_message(
    bridge: Bridge, probe: Probe, connector_server: ConnectorServer, caplog: pytest.LogCaptureFixture
) -> None:
    probe.shown = card_of("x" * 40_000)
    await show(bridge)
    assert connector_server.calls[0].text
    assert "card_too_large" in caplog.messages


async def test_the_bots_token_goes_to_remembered_chats(
    guarded: Teams, connector_server: ConnectorServer
) -> None:
    await guarded.say("help")
    assert isinstance(guarded.bridge, Bridge)
    await show(guarded.bridge)
    assert len({call.authorization for call in connector_server.calls}) == 1
    assert (connector_server.calls[-1].authorization or "").startswith("Bearer ")
