"""What comes in: checked, taken once, answered in time, whatever it is."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from domain.intents.models import Intent
from domain.unit import Units
from tests.bot.conftest import BridgeMaker, Probe
from tests.cast import person
from tests.servers.connector import ConnectorServer, Mishap
from tests.servers.teams import Teams

DEEP = b'{"type":' + b"[" * 100_000 + b"]" * 100_000 + b"}"

NOT_AN_ACTIVITY: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "a text": b'"hallo"',
    "no UTF-8": b'{"type": "\xff"}',
    "not a number": b'{"type": "message", "value": NaN}',
    "a number without end": b'{"value": ' + b"9" * 10_000 + b"}",
    "nested without end": DEEP,
}

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no type": ({"type": None}, "type"),
    "an empty type": ({"type": ""}, "type"),
    "a type that is a number": ({"type": 7}, "type"),
    "no channel": ({"channelId": None}, "channelId"),
    "no service url": ({"serviceUrl": None}, "serviceUrl"),
    "a service url of another kind": ({"serviceUrl": "file:///etc/passwd"}, "serviceUrl"),
    "a service url without a host": ({"serviceUrl": "http://"}, "serviceUrl"),
    "a service url that cannot be read": ({"serviceUrl": "http://[::1"}, "serviceUrl"),
    "no conversation": ({"conversation": None}, "conversation"),
    "a conversation that is a text": ({"conversation": "a:1"}, "conversation"),
    "a conversation without id": ({"conversation": {}}, "conversation.id"),
    "a conversation with a number for its id": ({"conversation": {"id": 1}}, "conversation.id"),
    "a message without id": ({"id": None}, "id"),
    "a message from nobody": ({"from": None}, "from.id"),
    "a sender that is a list": ({"from": []}, "from"),
    "a timestamp that is none": ({"timestamp": "yesterday"}, "timestamp"),
    "a timestamp that is a number": ({"localTimestamp": 20261123}, "localTimestamp"),
    "text that is an object": ({"text": {}}, "text"),
    "attachments that are no list": ({"attachments": {}}, "attachments"),
    "an attachment of the wrong shape": ({"attachments": [{"contentType": 1}]}, "attachments.0.contentType"),
    "a group that is a text": ({"conversation": {"id": "a", "isGroup": "yes"}}, "conversation.isGroup"),
    "members that are texts": (
        {"type": "conversationUpdate", "membersAdded": ["amina"]},
        "membersAdded.0",
    ),
    "a press without a value": ({"type": "invoke", "name": "adaptiveCard/action"}, "value.action"),
    "a press that is no Action.Execute": (
        {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"type": "Action.Submit"}}},
        "value.action.type",
    ),
    "a press without a verb": (
        {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"type": "Action.Execute"}}},
        "value.action.verb",
    ),
    "a press with a list for data": (
        {
            "type": "invoke",
            "name": "adaptiveCard/action",
            "value": {"action": {"type": "Action.Execute", "verb": "probe.echo", "data": []}},
        },
        "value.action.data",
    ),
}


@pytest.mark.parametrize("body", NOT_AN_ACTIVITY.values(), ids=NOT_AN_ACTIVITY.keys())
async def test_what_is_not_an_activity_is_refused(teams: Teams, body: bytes) -> None:
    answer = await teams.deliver_raw(body)
    assert answer.status == 400
    assert answer.body is not None
    assert answer.body["error"]["code"] == "invalid"
    assert answer.body["error"]["message"]


@pytest.mark.parametrize(("changed", "field"), WRONG.values(), ids=WRONG.keys())
async def test_a_wrong_field_is_named(
    teams: Teams, probe: Probe, changed: dict[str, Any], field: str
) -> None:
    answer = await teams.deliver(teams.activity(**changed))
    assert answer.status == 400
    assert answer.body is not None
    assert answer.body["error"]["field"] == field
    assert not probe.turns


async def test_a_body_over_a_megabyte_is_refused(teams: Teams) -> None:
    answer = await teams.say("x" * 1_100_000)
    assert answer.status == 413
    assert answer.body is not None
    assert answer.body["error"]["code"] == "too_large"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", " "]
)
async def test_only_json_is_taken(teams: Teams, kind: str) -> None:
    answer = await teams.deliver(teams.activity(), Content_Type=kind)
    assert answer.status == 415


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "typing", "text": None},
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        {"type": "endOfConversation"},
        {"type": "somethingNew", "id": None, "from": None},
        {"type": "event", "name": "application/vnd.microsoft.readReceipt", "value": {}},
        {"type": "installationUpdate", "action": "remove"},
        {"type": "conversationUpdate", "channelData": None, "text": None},
        {"type": "conversationUpdate", "membersRemoved": [{"id": "29:x"}]},
        {"timestamp": "2026-11-23T08:30:00Z", "unknownField": {"a": 1}},
    ],
)
async def test_whatever_else_the_channel_sends_is_taken(teams: Teams, changed: dict[str, Any]) -> None:
    assert (await teams.deliver(teams.activity(**changed))).status == 200


async def test_an_unknown_invoke_is_not_implemented(teams: Teams) -> None:
    answer = await teams.deliver(teams.activity(type="invoke", name="task/fetch", value={}))
    assert answer.status == 501


ANY_TEXT = {
    "long": ("Kom morgen! 😀🇧🇪 مرحبا بالعالم <b>**vet**</b> & [a](http://b) " * 200)[:10_000].strip(),
    "families and flags": "👩\u200d👩\u200d👧\u200d👦🇧🇪",
    "right to left": "שלום עולם",
    "right to left by a control character": "\u202eabc",
    "markup": "<script>alert(1)</script> **x** [a](b) &lt;",
    "lines": "a\r\nb\tc",
}


@pytest.mark.parametrize("text", ANY_TEXT.values(), ids=ANY_TEXT.keys())
async def test_any_text_comes_through_as_it_was_typed(
    teams: Teams, probe: Probe, connector_server: ConnectorServer, text: str
) -> None:
    assert (await teams.say(text)).status == 200
    assert probe.turns[0].text == text
    [call] = connector_server.calls
    if len(text) < 5000:
        assert call.card["body"][0]["text"] == text


async def test_a_sender_that_expects_replies_in_the_answer_gets_them_posted(
    teams: Teams, connector_server: ConnectorServer
) -> None:
    assert (await teams.say("hallo", deliveryMode="expectReplies")).status == 200
    [call] = connector_server.calls
    assert call.card["body"][0]["text"] == "hallo"


async def test_half_a_surrogate_pair_and_nul_are_taken_out(teams: Teams, probe: Probe) -> None:
    body = (
        json.dumps(teams.activity(text="TEXT")).replace("TEXT", "a\\ud83db\\u0000c \\ud83d\\ude00").encode()
    )
    assert (await teams.deliver_raw(body)).status == 200
    assert probe.turns[0].text == "a?bc 😀"


async def test_a_repeated_delivery_is_dropped(teams: Teams, connector_server: ConnectorServer) -> None:
    activity = teams.activity(text="help")
    assert [(await teams.deliver(activity)).status for _ in range(3)] == [200, 200, 200]
    assert len(connector_server.calls) == 1


async def test_the_same_activity_id_in_another_conversation_is_another_activity(
    teams: Teams, connector_server: ConnectorServer
) -> None:
    for conversation_id in ("a:1", "a:2"):
        conversation = {"id": conversation_id, "conversationType": "personal"}
        await teams.deliver(teams.activity(id="same", conversation=conversation))
    assert len(connector_server.calls) == 2


async def test_a_press_repeated_while_the_first_is_busy_acts_once_and_gets_the_same_answer(
    teams: Teams, probe: Probe
) -> None:
    pressing = teams.pressing("probe.wait")
    first, second = asyncio.create_task(teams.deliver(pressing)), asyncio.create_task(teams.deliver(pressing))
    await probe.busy.wait()
    probe.gate.set()
    assert await first == await second == await teams.deliver(pressing)
    assert (await first).body is not None
    assert len(probe.turns) == 1


async def test_two_workers_with_the_same_delivery_write_once(
    bridges: BridgeMaker, connector_server: ConnectorServer, probe: Probe
) -> None:
    workers = [Teams(bridges(), connector_server.url, person("amina"), None) for _ in range(2)]
    activity = workers[0].activity(text="incident alles stuk")
    answers = await asyncio.gather(*(worker.deliver(activity) for worker in workers))
    assert [answer.status for answer in answers] == [200, 200]
    assert len(probe.turns) == 2
    assert len(probe.written) == 1


async def test_a_caller_that_hangs_up_does_not_cut_off_the_turn(teams: Teams, probe: Probe) -> None:
    activity = teams.pressing("probe.wait")
    caller = asyncio.create_task(teams.deliver(activity))
    await probe.busy.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    again = asyncio.create_task(teams.deliver(activity))
    await asyncio.sleep(0)
    probe.gate.set()
    assert (await again).status == 200
    assert len(probe.turns) == 1


async def test_a_slow_message_is_acknowledged_and_answered_afterwards(
    bridges: BridgeMaker, connector_server: ConnectorServer, probe: Probe
) -> None:
    bridge = bridges(answer_within=0.05)
    teams = Teams(bridge, connector_server.url, person("amina"), None)
    assert (await teams.say(f"{Intent.REQUEST} laptop")).status == 200
    assert not connector_server.calls
    probe.gate.set()
    await bridge.close()
    [call] = connector_server.calls
    assert call.card["speak"] == "request laptop"


async def test_a_slow_press_says_so_and_changes_its_card_afterwards(
    bridges: BridgeMaker, connector_server: ConnectorServer, probe: Probe
) -> None:
    bridge = bridges(answer_within=0.05)
    teams = Teams(bridge, connector_server.url, person("amina"), None)
    card_id = connector_server.stand("a:amina")
    answer = await teams.press("probe.wait", card_id)
    assert answer.status == 200
    assert answer.body is not None
    assert answer.body["type"] == "application/vnd.microsoft.activity.message"
    probe.gate.set()
    await bridge.close()
    [call] = connector_server.calls
    assert (call.method, call.path) == ("PUT", f"/v3/conversations/a:amina/activities/{card_id}")
    assert call.card["speak"] == "waited"


async def test_a_reply_that_could_not_be_sent_is_sent_when_the_channel_delivers_again(
    teams: Teams, connector_server: ConnectorServer, probe: Probe
) -> None:
    activity = teams.activity(text="incident x")
    connector_server.fail(Mishap(502), times=4)
    answer = await teams.deliver(activity)
    assert answer.status == 503
    assert (await teams.deliver(activity)).status == 200
    assert len(probe.written) == 1
    assert len(connector_server.calls) == 5


async def test_a_reply_the_channel_will_never_take_is_not_asked_for_again(
    teams: Teams, connector_server: ConnectorServer
) -> None:
    connector_server.fail(Mishap(403, code="BotNotInConversationRoster"))
    activity = teams.activity(text="help")
    assert (await teams.deliver(activity)).status == 200
    assert (await teams.deliver(activity)).status == 200
    assert len(connector_server.calls) == 1


async def test_memory_of_deliveries_is_bounded() -> None:
    from bot.bridge.answers import TAKEN, Answer
    from bot.bridge.deliveries import MAX_REMEMBERED, REMEMBER_FOR, Deliveries

    now = 0.0
    deliveries = Deliveries(lambda: now)

    async def turn() -> Answer:
        return TAKEN

    for number in range(MAX_REMEMBERED + 10):
        await deliveries.take(str(number), turn)[0]
    assert len(deliveries) == MAX_REMEMBERED
    assert deliveries.take("10", turn)[1] is False
    assert deliveries.take("9", turn)[1] is True
    now = REMEMBER_FOR + 1
    assert deliveries.take("late", turn)[1] is True
    assert len(deliveries) == 1


async def test_the_database_being_away_is_told_to_the_person(
    teams: Teams, connector_server: ConnectorServer, units: Units
) -> None:
    await teams.say("help")
    elsewhere = {"id": "a:new", "conversationType": "personal"}
    async with units() as unit:
        await unit.db.exec_driver_sql("DROP TABLE chats")
    assert (await teams.deliver(teams.activity(text="help", conversation=elsewhere))).status == 200
    assert connector_server.calls[-1].text
