"""`webhooks` in chat: administrators set right what does not arrive, and everybody sees only their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot import webhooks
from bot.turn import NOTHING, Card, Place, Reply, Turn
from domain.actor import Actor
from domain.errors import Forbidden, NotFound
from domain.tables import new_id
from domain.webhooks.rules import State
from domain.webhooks.subscription import Subscription
from locales import translator
from tests.cards.reading import of_type, texts
from tests.cast import person
from tests.servers.receivers import Answering
from tests.webhooks.conftest import Post

CHAT = Place("http://127.0.0.1/", "chat", "msteams", None, "28:bot", "29:user")
CHANNEL = replace(CHAT, conversation_id="19:channel@thread.tacv2", personal=False)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def turn(post: Post) -> Any:
    def made(who: str, text: str = "", place: Place = CHAT, **data: Any) -> Turn:
        one = person(who)
        return Turn(one.as_actor(), one, post.desk, translator("en"), new_id(), place, text=text, data=data)

    return made


def shown(reply: Reply) -> Card:
    assert reply.card is not None
    return reply.card


def said(reply: Reply) -> str:
    return "\n".join(texts(shown(reply)))


async def refused_once(post: Post, bram: Actor) -> Subscription:
    """Bram's flow, that refused one of two events."""
    mine = await post.subscribe("a", owner=bram, kind="incident", team="digitaal")
    post.receivers.answers["a"].append(Answering(422))
    await post.happen(2, facts={"kind": "incident", "team": "digitaal"})
    await post.deliver()
    return mine


async def test_an_administrator_finds_what_did_not_arrive_and_sends_it_again(
    post: Post, bram: Actor, turn: Any
) -> None:
    await refused_once(post, bram)
    listed = await webhooks.claims(turn("gust", "Webhooks!"))
    assert "Bram De Smet" in said(listed)
    assert "1 message did not arrive" in said(listed)
    (press,) = of_type(shown(listed), "Action.Execute")
    opened = await webhooks.opened(turn("gust", **press["data"]))
    assert "HTTP 422" in said(opened)
    assert "Digitale Transformatie" in said(opened)
    again = next(one for one in of_type(shown(opened), "Action.Execute") if "letter" in one["data"])
    sent = await webhooks.resend(turn("gust", **again["data"]))
    assert "1 message is sent again." in said(sent)
    await post.deliver()
    assert post.receivers.numbers("a") == [2, 1]


async def test_no_card_has_the_address_or_the_secret(post: Post, bram: Actor, turn: Any) -> None:
    mine = await refused_once(post, bram)
    cards = str(
        [await webhooks.claims(turn("gust", "webhooks")), await webhooks.opened(turn("gust", id=mine.id))]
    )
    assert "geheim" not in cards
    assert "whsec" not in cards


async def test_others_see_only_their_own(post: Post, bram: Actor, turn: Any) -> None:
    mine = await refused_once(post, bram)
    assert "No flow hears of what happens here." in said(await webhooks.claims(turn("amina", "webhooks")))
    for press in (webhooks.opened, webhooks.resume, webhooks.end):
        with pytest.raises(NotFound):
            await press(turn("amina", id=mine.id))
    with pytest.raises(Forbidden):
        await webhooks.resend(turn("bram", id=mine.id))
    assert "Send all again" not in said(await webhooks.opened(turn("bram", id=mine.id)))
    assert (await post.now(mine)).state is State.ACTIVE


async def test_the_owner_ends_it_and_it_stays_ended(post: Post, bram: Actor, turn: Any) -> None:
    mine = await refused_once(post, bram)
    for _ in range(2):
        assert "It was ended." in said(await webhooks.end(turn("bram", id=mine.id)))
    assert await post.counts(mine) == (0, 0)


async def test_the_news_that_it_was_paused_is_for_as_long_as_it_is(
    post: Post, bram: Actor, turn: Any
) -> None:
    mine = await post.subscribe("a", owner=bram)
    post.receivers.always["a"] = Answering(500)
    await post.happen()
    await post.deliver()
    post.clock.forward(days=3)
    await post.deliver()
    async with post.units.read() as unit:
        news = await webhooks.show_paused(unit, post.desk, person("bram"), mine.id)
        assert news is not None
        assert await webhooks.show_paused(unit, post.desk, person("dirk"), mine.id) is None
    resumed = await webhooks.resume(turn("bram", id=mine.id))
    assert "It is tried again now." in said(resumed)
    async with post.units.read() as unit:
        assert await webhooks.show_paused(unit, post.desk, person("bram"), mine.id) is None


@pytest.mark.parametrize("press", [{"id": "nonsense"}, {}, {"id": new_id(), "letter": "1 OR 1"}])
async def test_what_a_card_sends_is_not_trusted(turn: Any, press: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        await webhooks.resend(turn("gust", **press))


async def test_other_words_are_not_for_it_and_a_channel_is_no_place(turn: Any) -> None:
    assert await webhooks.claims(turn("gust", "mijn webhook werkt niet")) is NOTHING
    assert (await webhooks.claims(turn("gust", "webhooks", CHANNEL))).card is None
