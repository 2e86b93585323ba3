"""An administrator's chat about keys: every press, what is wrong at its place, and nobody else's business."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.database.engine import DatabaseUnits
from bot import api_keys
from bot.turn import NOTHING, Card, Place, Reply, Turn
from cards.api_keys import SCOPES
from connector.api_keys import ApiKeys
from domain.api_keys.models import Scope
from domain.desk import Desk
from domain.errors import Forbidden, Invalid, NotFound, Unauthenticated
from domain.tables import new_id
from locales import translator
from tests.cards.reading import of_type, texts
from tests.cast import person
from wiring.settings import ROOT

CHAT = Place("http://127.0.0.1/", "chat", "msteams", None, "28:bot", "29:user")
CHANNEL = replace(CHAT, conversation_id="19:channel@thread.tacv2", personal=False)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Nothing about the chat depends on the kind of database."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def gusts(desk: Desk) -> Any:
    def turn(text: str = "", *, who: str = "gust", place: Place = CHAT, key: str = "", **data: Any) -> Turn:
        one = person(who)
        return Turn(one.as_actor(), one, desk, translator("en"), key or new_id(), place, text=text, data=data)

    return turn


def shown(reply: Reply) -> Card:
    assert reply.card is not None
    return reply.card


def secret_in(card: Card) -> str:
    [found] = set(re.findall(r"wijzer_[\w-]{43}", json.dumps(card)))
    return str(found)


def id_in(card: Card) -> str:
    return next(
        str(action["data"]["id"]) for action in of_type(card, "Action.Execute") if "id" in action["data"]
    )


async def test_a_key_is_made_shown_once_renewed_and_ended(gusts: Any, units: DatabaseUnits) -> None:
    assert "There are no keys yet." in texts(shown(await api_keys.claims(gusts("API-sleutels!"))))
    making = {"name": "Nieuwe collega", "scopes": "tickets.read,tickets.create,nonsense"}
    made = shown(await api_keys.make(gusts(key="press", **making)))
    secret = secret_in(made)
    assert secret not in made["speak"]  # nor in a notification
    assert (await ApiKeys(units).find(secret)).name == "nieuwe-collega"

    again = shown(await api_keys.make(gusts(key="press", **making)))
    assert "wijzer_" not in json.dumps(again)
    assert any("shown already" in line for line in texts(again))

    opened = shown(await api_keys.opened(gusts(id=id_in(made))))
    assert secret not in json.dumps(opened)
    assert {"nieuwe-collega", "• See tickets and the catalogue\n• Make tickets and orders"} <= set(
        texts(opened)
    )
    renewed = shown(await api_keys.rotate(gusts(id=id_in(made), keep_old="0")))
    with pytest.raises(Unauthenticated):
        await ApiKeys(units).find(secret)
    await ApiKeys(units).find(secret_in(renewed))

    ended = shown(await api_keys.revoke(gusts(id=id_in(made))))
    assert {action["verb"] for action in of_type(ended, "Action.Execute")} == {"api_keys.list"}
    with pytest.raises(Unauthenticated):
        await ApiKeys(units).find(secret_in(renewed))
    assert "nieuwe-collega" not in texts(shown(await api_keys.listed(gusts())))
    assert any("nieuwe-collega" in line for line in texts(shown(await api_keys.listed(gusts(revoked="yes")))))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "é", "scopes": "tickets.read"}, "small letters"),
        ({"name": "intake", "scopes": ""}, "at least one"),
        ({"scopes": "tickets.read"}, "small letters"),
        ({"name": "taken", "scopes": "tickets.read"}, "already"),
    ],
)
async def test_what_is_wrong_stands_in_the_form_with_what_was_typed(
    gusts: Any, typed: dict[str, str], said: str
) -> None:
    await api_keys.make(gusts(name="taken", scopes="tickets.read"))
    form = shown(await api_keys.make(gusts(**typed)))
    assert any(said in line for line in texts(form))
    by_id = {box["id"]: box for box in of_type(form, "Input.")}
    assert by_id["name"].get("value", "") == typed.get("name", "")
    assert by_id["scopes"].get("value", "") == typed["scopes"]


async def test_keys_are_an_administrators_in_their_own_chat(gusts: Any) -> None:
    assert await api_keys.claims(gusts("api-sleutels", who="bram")) is NOTHING
    assert await api_keys.claims(gusts("mijn api-sleutel werkt niet")) is NOTHING
    refused = await api_keys.claims(gusts("api-sleutels", place=CHANNEL))
    assert refused.card is None
    made = shown(await api_keys.make(gusts(name="intake", scopes="tickets.read")))
    for verb, handler in api_keys.FEATURE.verbs.items():
        with pytest.raises(Forbidden):
            await handler(gusts(who="els", id=id_in(made), name="x", scopes="tickets.read", keep_old="0"))
        if verb in ("api_keys.open", "api_keys.revoke"):
            with pytest.raises(NotFound):
                await handler(gusts(id="nonsense"))
    with pytest.raises(Invalid):
        await api_keys.rotate(gusts(id=id_in(made), keep_old="400"))


def test_every_scope_is_said_in_words_and_in_the_docs() -> None:
    docs = (ROOT / "docs" / "connector-access.md").read_text()
    for scope in Scope:
        assert scope in SCOPES
        assert f"`{scope.value}`" in docs
