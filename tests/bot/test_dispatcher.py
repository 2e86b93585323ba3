"""Who acts, and who answers."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from sqlalchemy import text

from bot.bridge.answers import Answer
from bot.bridge.dispatcher import Dispatcher
from bot.turn import Feature
from domain.chats.actions import chat_of, post_of, seen_at
from domain.desk import Desk
from domain.intents.models import Intent
from domain.unit import Units
from locales import translator
from tests.bot.conftest import BridgeMaker, Probe
from tests.cast import person
from tests.conftest import Clock
from tests.servers.connector import ConnectorServer, Mishap
from tests.servers.teams import BOT_ID, Teams
from tests.servers.token_issuer import TENANT_ID


def value_of(answer: Answer, kind: str) -> Any:
    """The value of an invoke's answer of this kind."""
    assert answer.status == 200
    assert answer.body is not None
    assert answer.body["statusCode"] == 200
    assert answer.body["type"] == f"application/vnd.microsoft.{kind}"
    return answer.body["value"]


# --- messages ---------------------------------------------------------------------------------------------


async def test_a_sure_guess_is_acted_upon(
    teams: Teams, probe: Probe, connector_server: ConnectorServer
) -> None:
    await teams.say("help mij")
    [turn] = probe.turns
    assert (turn.text, turn.person.id, turn.actor.id) == ("help mij", "amina", "amina")
    assert turn.guess is not None
    assert turn.guess.first is Intent.HELP
    [call] = connector_server.calls
    assert call.card["speak"] == call.body["summary"] == "help mij"


async def test_an_unsure_guess_lets_the_person_choose(teams: Teams, probe: Probe) -> None:
    await teams.say("incident of toch niet?")
    [turn] = probe.turns
    assert turn.guess is not None
    assert not turn.guess.sure
    assert not probe.written


async def test_a_feature_can_claim_a_text_whatever_it_looks_like(
    teams: Teams, probe: Probe, connector_server: ConnectorServer
) -> None:
    await teams.say("mine, and no incident")
    assert connector_server.calls[0].card["speak"] == "claimed"
    assert not probe.turns


async def test_a_message_without_text_gets_help(teams: Teams, probe: Probe) -> None:
    await teams.deliver(
        teams.activity(text=None, attachments=[{"contentType": "image/png", "contentUrl": "x"}])
    )
    assert len(probe.turns) == 1


def mention(name: str, member: str) -> dict[str, Any]:
    return {"type": "mention", "text": f"<at>{name}</at>", "mentioned": {"id": member, "name": name}}


MENTIONS: dict[str, tuple[str, list[Any], str]] = {
    "the bot in front": (
        "<at>Wijzer</at>&nbsp;help wat kan Wijzer?!",
        [mention("Wijzer", BOT_ID)],
        "help wat kan Wijzer?!",
    ),
    "the bot behind": ("help <at>Wijzer</at>", [mention("Wijzer", BOT_ID)], "help"),
    "the bot in between": ("help <at>Wijzer</at>\xa0nu!", [mention("Wijzer", BOT_ID)], "help nu!"),
    "the bot twice": ("<at>Wijzer</at> help <at>Wijzer</at> !", [mention("Wijzer", BOT_ID)] * 2, "help !"),
    "a colleague of the same name": (
        "<at>Wijzer</at> help <at>Wijzer</at> !",
        [mention("Wijzer", BOT_ID), mention("Wijzer", "29:colleague")],
        "help <at>Wijzer</at> !",
    ),
    "a colleague only": ("help <at>Bram</at> !", [mention("Bram", "29:bram")], "help <at>Bram</at> !"),
    "the bot, with Markdown in its name": ("<at>W*z.r</at> help !", [mention("W*z.r", BOT_ID)], "help !"),
    "a mention without who": (
        "help <at>Wijzer</at> !",
        [{"type": "mention", "text": "<at>Wijzer</at>"}],
        "help <at>Wijzer</at> !",
    ),
    "a mention that is not in the text": ("help !", [mention("Wijzer", BOT_ID)], "help !"),
    "entities of other kinds": (
        "help !",
        ["x", {}, {"type": "clientInfo"}, {"type": "mention", "text": 1}],
        "help !",
    ),
}


@pytest.mark.parametrize(("text", "entities", "typed"), MENTIONS.values(), ids=MENTIONS.keys())
async def test_only_the_bots_own_mention_is_taken_out(
    teams: Teams, probe: Probe, text: str, entities: list[Any], typed: str
) -> None:
    await teams.say(text, entities=entities)
    assert probe.turns[0].text == typed


# --- presses ----------------------------------------------------------------------------------------------


async def test_a_press_gives_the_card_that_takes_its_place(teams: Teams, probe: Probe) -> None:
    answer = await teams.press("probe.echo", "act-1", text="é", id="42")
    assert value_of(answer, "card.adaptive")["speak"] == "é"
    [turn] = probe.turns
    assert (turn.card_id, turn.field("id"), turn.actor.id) == ("act-1", "42", "amina")


async def test_a_text_on_a_press_is_a_notice(teams: Teams) -> None:
    assert value_of(await teams.press("probe.notice"), "activity.message") == "done"
    assert value_of(await teams.press("probe.nothing"), "activity.message") == ""


async def test_who_acts_is_never_read_from_the_card(teams: Teams, probe: Probe) -> None:
    claims: dict[str, Any] = {
        "person": "gust",
        "actor": "gust",
        "from": {"aadObjectId": person("gust").object_id},
    }
    await teams.press("probe.echo", None, **claims)
    assert probe.turns[0].actor == person("amina").as_actor()


async def test_a_button_that_is_no_more_says_so(teams: Teams) -> None:
    assert value_of(await teams.press("probe.from-last-year"), "activity.message")


async def test_a_chosen_intent_goes_to_its_handler_with_the_text(teams: Teams, probe: Probe) -> None:
    answer = await teams.press("intent.choose", intent="incident", text="alles stuk")
    value_of(answer, "card.adaptive")
    assert probe.turns[0].text == "alles stuk"
    assert len(probe.written) == 1


async def test_a_text_that_is_handed_back_is_answered_as_if_it_were_typed(teams: Teams, probe: Probe) -> None:
    value_of(await teams.press("probe.retype", text="incident alles stuk"), "card.adaptive")
    assert probe.turns[0].text == "incident alles stuk"
    assert len(probe.written) == 1


@pytest.mark.parametrize("intent", ["nothing-we-know", "unsure", "", None, 7])
async def test_a_choice_that_is_none_asks_again(teams: Teams, probe: Probe, intent: Any) -> None:
    value_of(await teams.press("intent.choose", intent=intent, text="x"), "card.adaptive")
    assert probe.turns[0].text == "x"


async def test_a_submitted_card_is_updated_in_place(
    teams: Teams, probe: Probe, connector_server: ConnectorServer
) -> None:
    card_id = connector_server.stand("a:amina")
    value = {"verb": "probe.echo", "text": "ingevuld"}
    await teams.deliver(teams.activity(text=None, value=value, replyToId=card_id))
    [call] = connector_server.calls
    assert (call.method, call.card["speak"]) == ("PUT", "ingevuld")
    assert dict(probe.turns[0].data) == {"text": "ingevuld"}


async def test_a_submitted_card_that_is_gone_is_posted_anew(
    teams: Teams, connector_server: ConnectorServer
) -> None:
    value = {"verb": "probe.echo", "text": "ingevuld"}
    await teams.deliver(teams.activity(text=None, value=value, replyToId="gone"))
    assert [call.method for call in connector_server.calls] == ["PUT", "POST"]


# --- what goes wrong --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["amina", "emma"])
async def test_a_turn_that_raises_answers_with_a_reference_that_is_logged(
    bridges: BridgeMaker,
    connector_server: ConnectorServer,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    teams = Teams(bridges(), connector_server.url, person(name), None)
    assert (await teams.say("change alles")).status == 200
    message = connector_server.calls[0].text
    notice = value_of(await teams.press("probe.crash"), "activity.message")
    logged = [record for record in caplog.records if record.message == "turn_failed"]
    for told, record in zip((message, notice), logged, strict=True):
        assert record.levelno == logging.ERROR
        assert record.exc_info
        [reference] = re.findall(r"\b[0-9A-F]{8}\b", told)
        assert reference == record.__dict__["reference"]
        assert "secret" not in told
    first_word = translator(person(name).language)("Sorry, something went wrong here.").split()[0]
    assert message.startswith(first_word)


async def test_what_a_feature_refuses_is_said_in_words(
    teams: Teams, connector_server: ConnectorServer
) -> None:
    assert value_of(await teams.press("probe.refuse"), "activity.message") == "Somebody was first."
    await teams.say("site x")
    assert connector_server.calls[0].text == "Somebody was first."
    assert connector_server.calls[0].body["textFormat"] == "plain"


async def test_a_card_that_is_too_large_becomes_a_clear_message(
    teams: Teams, connector_server: ConnectorServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert value_of(await teams.press("probe.large"), "activity.message")
    await teams.say("question x")
    assert connector_server.calls[0].text
    assert "card_too_large" in caplog.messages


async def test_two_features_with_one_verb_are_refused(desk: Desk, probe: Probe) -> None:
    with pytest.raises(ValueError, match=r"probe\.echo"):
        Dispatcher(desk, [probe.feature(), Feature("other", verbs={"probe.echo": probe.echo})])


# --- people and chats -------------------------------------------------------------------------------------


@pytest.mark.parametrize("object_id", [None, "00000000-0000-0000-0000-00000000dead"])
async def test_a_stranger_gets_a_friendly_answer(
    teams: Teams, probe: Probe, connector_server: ConnectorServer, object_id: str | None
) -> None:
    stranger = {"id": "29:x", "name": "Amina El Idrissi", "aadObjectId": object_id}
    stranger = {name: value for name, value in stranger.items() if value}
    await teams.deliver(teams.activity(**{"from": stranger}))
    assert connector_server.calls[0].text
    answer = await teams.deliver({**teams.pressing("probe.echo"), "from": stranger})
    assert value_of(answer, "activity.message")
    assert not probe.turns


async def test_a_personal_chat_is_remembered(teams: Teams, units: Units) -> None:
    await teams.say("help")
    async with units.read() as unit:
        chat = await chat_of(unit, "amina")
    assert chat is not None
    assert chat.conversation_id == "a:amina"
    assert chat.service_url == teams.service_url
    assert (chat.bot_id, chat.user_id, chat.tenant_id) == (BOT_ID, "29:amina", TENANT_ID)


async def test_a_chat_that_did_not_change_costs_no_write(
    teams: Teams, bridges: BridgeMaker, units: Units
) -> None:
    async def written_at() -> object:
        async with units.read() as unit:
            return (await unit.db.execute(text("SELECT updated_at FROM chats"))).scalar_one()

    await teams.say("help")
    async with units() as unit:
        await unit.db.exec_driver_sql("UPDATE chats SET updated_at = '2026-11-23 08:27:00'")
    before = await written_at()
    await teams.say("help")
    await Teams(bridges(), teams.service_url, person("amina"), None).say("help", id="another")
    assert await written_at() == before
    moved = {"id": "a:moved", "conversationType": "personal", "tenantId": TENANT_ID}
    await teams.say("help", conversation=moved)
    assert await written_at() != before


async def test_who_comes_back_after_a_while_is_seen(
    teams: Teams, bridges: BridgeMaker, units: Units, clock: Clock
) -> None:
    await teams.say("help")
    clock.forward(minutes=6)
    await Teams(bridges(), teams.service_url, person("amina"), None).say("help", id="another")
    async with units.read() as unit:
        assert await seen_at(unit, "amina") == clock.now


@pytest.mark.parametrize(
    "conversation",
    [
        {"id": "19:x@thread.v2", "conversationType": "groupChat", "isGroup": True},
        {"id": "19:x@thread.tacv2;messageid=1", "conversationType": "channel", "isGroup": True},
    ],
)
async def test_a_group_is_answered_but_is_nobodys_chat(
    teams: Teams, units: Units, connector_server: ConnectorServer, conversation: dict[str, Any]
) -> None:
    await teams.say("help", conversation=conversation)
    [call] = connector_server.calls
    assert call.body["conversation"]["id"] == conversation["id"]
    async with units.read() as unit:
        assert await chat_of(unit, "amina") is None
        assert await post_of(unit, "probe", "subject-1", "amina") is None


async def test_a_posted_view_is_remembered(
    teams: Teams, units: Units, connector_server: ConnectorServer
) -> None:
    await teams.say("help")
    async with units.read() as unit:
        posted = await post_of(unit, "probe", "subject-1", "amina")
    assert posted is not None
    assert (posted.conversation_id, posted.activity_id) in connector_server.standing


async def test_a_pressed_cards_new_view_is_remembered(teams: Teams, units: Units) -> None:
    await teams.press("probe.echo", "act-7")
    async with units.read() as unit:
        posted = await post_of(unit, "probe", "subject-1", "amina")
    assert posted is not None
    assert posted.activity_id == "act-7"


async def test_a_pressed_cards_view_can_be_kept_in_the_transaction_that_decides_it(
    teams: Teams, units: Units
) -> None:
    await teams.press("probe.write", "act-7")
    async with units.read() as unit:
        posted = await post_of(unit, "probe", "kept", "amina")
    assert posted is not None
    assert posted.activity_id == "act-7"
    group = {"id": "19:x@thread.v2", "conversationType": "groupChat", "isGroup": True}
    await teams.deliver({**teams.pressing("probe.write", "act-8"), "conversation": group})
    async with units.read() as unit:
        assert await post_of(unit, "probe", "kept", "amina") == posted


async def test_a_card_that_cannot_be_remembered_is_still_shown(
    teams: Teams, units: Units, caplog: pytest.LogCaptureFixture
) -> None:
    async with units() as unit:
        await unit.db.exec_driver_sql("DROP TABLE posts")
    value_of(await teams.press("probe.echo", "act-7"), "card.adaptive")
    assert "post_not_remembered" in caplog.messages


async def test_adding_the_bot_welcomes_once(
    teams: Teams, connector_server: ConnectorServer, units: Units
) -> None:
    await teams.deliver(teams.activity(type="installationUpdate", action="add", text=None))
    members = [{"id": BOT_ID}, {"id": "29:amina"}]
    await teams.deliver(teams.activity(type="conversationUpdate", membersAdded=members, text=None))
    assert len(connector_server.calls) == 1
    async with units.read() as unit:
        assert await chat_of(unit, "amina") is not None


async def test_a_chat_that_starts_anew_is_welcomed_anew(
    teams: Teams, connector_server: ConnectorServer
) -> None:
    members = [{"id": BOT_ID}, {"id": "29:amina"}]
    for welcomes in (1, 2, 3):
        await teams.deliver(teams.activity(type="conversationUpdate", membersAdded=members, text=None))
        await teams.deliver(teams.activity(type="installationUpdate", action="add", text=None))
        assert len(connector_server.calls) == welcomes


async def test_people_coming_and_going_are_not_welcomed(
    teams: Teams, connector_server: ConnectorServer
) -> None:
    await teams.deliver(teams.activity(type="conversationUpdate", membersAdded=[{"id": "29:x"}], text=None))
    await teams.deliver(teams.activity(type="installationUpdate", action="remove", text=None))
    assert not connector_server.calls


async def test_a_welcome_that_fails_for_now_is_not_lost(
    teams: Teams, connector_server: ConnectorServer
) -> None:
    activity = teams.activity(type="installationUpdate", action="add", text=None)
    connector_server.fail(Mishap(502), times=4)
    assert (await teams.deliver(activity)).status == 503
    assert (await teams.deliver(activity)).status == 200
    assert len(connector_server.calls) == 5
