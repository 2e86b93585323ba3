"""Teams, as a bot sees it: sends signed activities of people to a bridge, and shows what came back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from typing import Any, Protocol

from bot.bridge.answers import Answer
from domain.people.models import Person
from tests.servers.token_issuer import TENANT_ID, TokenIssuer

BOT_ID = "28:the-bot"


class Receiver(Protocol):
    """A bridge, or whatever host stands before one."""

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> Answer: ...


class Teams:
    """One person's personal chat; `token` is the Authorization header's, or None to send none."""

    def __init__(
        self, bridge: Receiver, service_url: str, person: Person, issuer: TokenIssuer | None
    ) -> None:
        self.bridge = bridge
        self.service_url = service_url
        self.person = person
        self.conversation_id = f"a:{person.id}"
        self.issuer = issuer
        self._ids = count(1)

    def activity(self, **changed: Any) -> dict[str, Any]:
        """A message of the person, as it is on the wire; a field changed to None is left out."""
        fields = {
            "type": "message",
            "id": f"{self.person.id}-{next(self._ids)}",
            "timestamp": "2026-11-23T08:30:00.1234567Z",
            "localTimestamp": "2026-11-23T09:30:00.1234567+01:00",
            "localTimezone": "Europe/Brussels",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "locale": "nl-BE",
            "from": {
                "id": f"29:{self.person.id}",
                "name": self.person.name,
                "aadObjectId": self.person.object_id,
            },
            "conversation": {
                "id": self.conversation_id,
                "conversationType": "personal",
                "tenantId": TENANT_ID,
            },
            "recipient": {"id": BOT_ID, "name": "Wijzer"},
            "entities": [{"type": "clientInfo", "locale": "nl-BE", "country": "BE", "platform": "Windows"}],
            "channelData": {"tenant": {"id": TENANT_ID}},
            "text": "hallo",
        }
        return {name: value for name, value in (fields | changed).items() if value is not None}

    def pressing(self, verb: str, card_id: str | None = None, **data: Any) -> dict[str, Any]:
        """The invoke of an Action.Execute."""
        action = {"type": "Action.Execute", "verb": verb, "data": data}
        return self.activity(
            type="invoke",
            name="adaptiveCard/action",
            replyToId=card_id,
            text=None,
            value={"action": action, "trigger": "manual"},
        )

    async def deliver(self, activity: Any, **headers: str) -> Answer:
        return await self.deliver_raw(json.dumps(activity).encode(), **headers)

    async def deliver_raw(self, body: bytes, **headers: str) -> Answer:
        if self.issuer is not None and "Authorization" not in headers:
            headers["Authorization"] = f"Bearer {self.issuer.sign(self.service_url)}"
        named = {name.replace("_", "-"): value for name, value in headers.items() if value}
        return await self.bridge.receive(body, {"Content-Type": "application/json; charset=utf-8", **named})

    async def say(self, text: str, **changed: Any) -> Answer:
        return await self.deliver(self.activity(text=text, **changed))

    async def press(self, verb: str, card_id: str | None = None, **data: Any) -> Answer:
        return await self.deliver(self.pressing(verb, card_id, **data))
