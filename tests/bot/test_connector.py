"""Sending: again when that helps, not when it cannot."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from bot.bridge.connector import Connector, ConnectorError
from tests.servers.connector import ConnectorServer, Mishap

MESSAGE = {"type": "message", "text": "hallo", "from": {"id": "28:bot"}}


@pytest.fixture
async def connector() -> AsyncIterator[Connector]:
    connector = Connector(None, attempts=3, first_wait=0.01, longest_wait=2)
    yield connector
    await connector.close()


async def test_a_posted_activity_gives_its_id(
    connector: Connector, connector_server: ConnectorServer
) -> None:
    activity_id = await connector.post(connector_server.url, "a:1/x?y", MESSAGE)
    assert activity_id is not None
    assert ("a:1/x?y", activity_id) in connector_server.standing


async def test_update_and_delete(connector: Connector, connector_server: ConnectorServer) -> None:
    activity_id = connector_server.stand("a:1")
    await connector.update(connector_server.url, "a:1", activity_id, {**MESSAGE, "text": "anders"})
    assert connector_server.standing["a:1", activity_id]["text"] == "anders"
    await connector.delete(connector_server.url, "a:1", activity_id)
    assert not connector_server.standing


async def test_a_conversation_is_created(connector: Connector, connector_server: ConnectorServer) -> None:
    parameters = {"bot": {"id": "28:bot"}, "members": [{"id": "29:amina"}], "tenantId": "t", "isGroup": False}
    conversation_id = await connector.create_conversation(connector_server.url, parameters)
    assert await connector.post(connector_server.url, conversation_id, MESSAGE)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("status", [412, 429, 500, 502, 503, 504])
async def test_it_tries_again(
    connector: Connector, connector_server: ConnectorServer, method: str, status: int
) -> None:
    activity_id = connector_server.stand("a:1")
    connector_server.fail(Mishap(status), times=2)
    if method == "POST":
        await connector.post(connector_server.url, "a:1", MESSAGE)
    elif method == "PUT":
        await connector.update(connector_server.url, "a:1", activity_id, MESSAGE)
    else:
        await connector.delete(connector_server.url, "a:1", activity_id)
    assert len(connector_server.calls) == 3


async def test_it_waits_as_long_as_it_is_asked_to(
    connector: Connector, connector_server: ConnectorServer
) -> None:
    connector_server.fail(Mishap(429, {"Retry-After": "1"}))
    began = time.monotonic()
    await connector.post(connector_server.url, "a:1", MESSAGE)
    assert 1 <= time.monotonic() - began < 10


async def test_a_long_wait_is_left_to_the_caller(
    connector: Connector, connector_server: ConnectorServer
) -> None:
    connector_server.fail(Mishap(429, {"Retry-After": "120"}))
    with pytest.raises(ConnectorError) as error:
        await connector.post(connector_server.url, "a:1", MESSAGE)
    assert error.value.retry_after == 120
    assert not error.value.permanent
    assert len(connector_server.calls) == 1


async def test_it_gives_up_after_some_attempts(
    connector: Connector, connector_server: ConnectorServer
) -> None:
    connector_server.fail(Mishap(502), times=9)
    with pytest.raises(ConnectorError) as error:
        await connector.post(connector_server.url, "a:1", MESSAGE)
    assert (error.value.status, error.value.permanent) == (502, False)
    assert len(connector_server.calls) == 3


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "BotNotInConversationRoster"), (404, "ConversationNotFound"), (400, "BadSyntax")],
)
async def test_what_cannot_get_better_is_permanent(
    connector: Connector, connector_server: ConnectorServer, status: int, code: str
) -> None:
    connector_server.fail(Mishap(status, code=code))
    with pytest.raises(ConnectorError) as error:
        await connector.post(connector_server.url, "a:1", MESSAGE)
    assert (error.value.permanent, error.value.code, error.value.gone) == (True, code, status == 404)
    assert len(connector_server.calls) == 1


async def test_a_post_that_may_have_arrived_is_not_repeated(
    connector: Connector, connector_server: ConnectorServer
) -> None:
    connector_server.fail(Mishap(cut=True))
    with pytest.raises(ConnectorError) as error:
        await connector.post(connector_server.url, "a:1", MESSAGE)
    assert (error.value.code, error.value.permanent) == ("connection_broken", False)
    assert len(connector_server.calls) == 1


async def test_an_update_that_may_have_arrived_is_repeated(
    connector: Connector, connector_server: ConnectorServer
) -> None:
    activity_id = connector_server.stand("a:1")
    connector_server.fail(Mishap(cut=True))
    await connector.update(connector_server.url, "a:1", activity_id, MESSAGE)


async def test_a_channel_that_hangs_is_not_waited_for(connector_server: ConnectorServer) -> None:
    connector = Connector(None, attempts=1, time_limit=0.1)
    connector_server.fail(Mishap(delay=30))
    began = time.monotonic()
    with pytest.raises(ConnectorError):
        await connector.post(connector_server.url, "a:1", MESSAGE)
    assert time.monotonic() - began < 20
    await connector.close()


async def test_a_channel_that_is_not_there_is_no_surprise(connector: Connector) -> None:
    with pytest.raises(ConnectorError) as error:
        await connector.post("http://127.0.0.1:9/", "a:1", MESSAGE)
    assert (error.value.code, error.value.permanent) == ("no_connection", False)


async def test_a_message_that_is_too_large_is_not_sent(
    connector: Connector, connector_server: ConnectorServer
) -> None:
    with pytest.raises(ConnectorError) as error:
        await connector.post(connector_server.url, "a:1", {**MESSAGE, "text": "é" * 15_000})
    assert error.value.code == "message_too_large"
    assert not connector_server.calls
