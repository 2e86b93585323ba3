"""The running product, over HTTP, with a channel on loopback: a request goes through people's chats and a group's."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from bot.bridge.answers import Answer
from domain.tables import new_id
from tests.approvals.test_bot import elements, said, verbs
from tests.cast import person
from tests.servers.connector import ConnectorServer
from tests.servers.local_host import LocalHostProcess
from tests.servers.teams import Teams

GROUP = "19:group@thread.v2"
FORM = {
    "outsiders": "yes",
    "personal_data": "no",
    "confidential": "no",
    "audience": "project",
    "scenario": "1",
    "name": "Vlasmarkt",
    "purpose": "Samen de markt van 2027 plannen.",
    "owner": "amina",
    "second_owner": "Els Wouters",
    "members": "dirk",
}


class Http:
    """The product's door, for `Teams`."""

    def __init__(self, session: ClientSession, address: str) -> None:
        self._session, self._url = session, f"{address}/api/messages"

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        async with self._session.post(self._url, data=body, headers=headers) as response:
            raw = await response.read()
            return Answer(response.status, json.loads(raw) if raw else None)


class Chats:
    """Everybody's chat with the product, and a group's."""

    def __init__(self, http: Http, channel: ConnectorServer) -> None:
        self._http, self._channel = http, channel
        self._people: dict[str, Teams] = {}

    def of(self, who: str) -> Teams:
        if who not in self._people:
            self._people[who] = Teams(self._http, self._channel.url, person(who), None)
        return self._people[who]

    async def say(self, who: str, text: str, **changed: Any) -> None:
        answer = await self.of(who).say(text, **changed)
        assert answer.status == 200, answer

    async def press(self, who: str, verb: str, **data: Any) -> Any:
        """What the person sees in place of the card."""
        answer = await self.of(who).press(verb, **data)
        assert answer.status == 200, answer
        assert answer.body is not None
        return answer.body["value"]

    async def sees(self, conversation: str, fits: Callable[[Any], bool]) -> Any:
        """A card that stands there, or comes to stand there, and fits."""
        for _ in range(600):
            for (place, _id), body in list(self._channel.standing.items()):
                for attachment in body.get("attachments", ()) if place == conversation else ():
                    if fits(attachment["content"]):
                        return attachment["content"]
            await asyncio.sleep(0.1)
        raise AssertionError(f"nothing like it in {conversation}: {list(self._channel.standing)}")


async def test_a_request_goes_through_two_stages_a_group_and_the_log(tmp_path: Path) -> None:
    with LocalHostProcess(tmp_path) as host:
        async with ConnectorServer() as channel, ClientSession() as session:
            chats = Chats(Http(session, host.address), channel)
            for who in ("amina", "bram", "carla", "els"):
                await chats.say(who, "hallo")
            receipt = await chats.press("amina", "sites.submit", form=new_id(), **FORM)
            assert isinstance(receipt, dict), receipt

            card = await chats.sees("a:bram", lambda c: "approvals.approve" in verbs(c))
            asked = next(e["data"]["id"] for e in elements(card) if e.get("verb") == "approvals.approve")
            number = str(host.rows("SELECT number FROM approvals")[0][0])
            assert card["refresh"]["userIds"] == ["29:bram"]

            # In a group everybody sees how it stands, and nothing more.
            await chats.say("bram", f"goedkeuring {number}", conversation={"id": GROUP, "isGroup": True})
            shared = await chats.sees(GROUP, lambda c: number in said(c))
            assert verbs(shared) == set()
            assert set(shared["refresh"]["userIds"]) >= {"29:amina", "29:bram", "29:carla"}

            done = await chats.press("bram", "approvals.approve", id=asked, comment="Prima")
            assert "Bram De Smet" in said(done)
            # Carla's card, and the group's, follow by themselves.
            await chats.sees("a:carla", lambda c: number in said(c) and not verbs(c))
            await chats.sees(GROUP, lambda c: number in said(c) and "2 van 2" in said(c))
            await chats.sees("a:els", lambda c: "approvals.approve" in verbs(c))
            await chats.press("els", "approvals.approve", id=asked, comment="")
            late = await chats.press("els", "approvals.refuse", id=asked, reason="toch niet")
            assert "Els Wouters" in said(late)
            assert verbs(late) == set()
            ended = await chats.sees(GROUP, lambda c: number in said(c) and "Els Wouters" in said(c))
            assert "refresh" not in ended

            # The log, by a link that works once.
            await chats.say("els", "beslissingen exporteren")
            days = {"first_day": "2026-01-01", "last_day": "2028-12-30", "file_type": "csv"}
            ready = await chats.press("els", "decisions.export", **days)
            url = next(e["url"] for e in elements(ready) if e.get("type") == "Action.OpenUrl")
            path = url[url.index("/api/") :]
            file = await asyncio.to_thread(urllib.request.urlopen, f"{host.address}{path}")
            content = file.read().decode("utf-8-sig")
            assert [line.split(";")[8] for line in content.splitlines()] == [
                "event",
                "asked",
                "approved",
                "approved",
            ]
            async with session.get(f"{host.address}{path}") as again:
                assert again.status == 409
                assert "Wijzer" in await again.text()
