"""Everybody's chat with the whole product: built as it is started, on a loopback Teams that also keeps files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import azure.functions as func

from domain.jobs.actions import due_jobs
from domain.people.models import Person
from functions import files as edge
from tests.cards.reading import of_type
from tests.cast import person
from tests.servers.connector import ConnectorServer
from tests.servers.teams import Teams
from wiring.services import Services

DOWNLOAD_INFO = "application/vnd.microsoft.teams.file.download.info"


@dataclass
class Office:
    services: Services
    server: ConnectorServer
    teams: dict[str, Teams] = field(default_factory=dict)

    def chat_of(self, who: str) -> Teams:
        if who not in self.teams:
            someone: Person = person(who)
            self.teams[who] = Teams(self.services.bridge, self.server.url, someone, None)
        return self.teams[who]

    async def work(self) -> None:
        """Run the jobs that are due, until there are none."""
        for _ in range(30):
            async with self.services.units.read() as unit:
                due = await due_jobs(unit, 100)
            if not due:
                return
            for job_id in due:
                await self.services.worker.run(job_id)
        raise AssertionError("the jobs do not end")

    def cards(self, who: str) -> list[dict[str, Any]]:
        """The cards that stand in a person's chat, the oldest first."""
        return [
            body["attachments"][0]["content"]
            for (chat, _), body in self.server.standing.items()
            if chat == f"a:{who}" and body.get("attachments")
        ]

    def sent(self, name: str, content: Any, kind: str = "image/png") -> dict[str, Any]:
        """An attachment as Teams describes it, kept by the channel."""
        return {"contentType": kind, "contentUrl": self.server.file(name, content), "name": name}

    async def say(self, who: str, text: str, *attachments: dict[str, Any]) -> dict[str, Any]:
        """The card that comes back."""
        await self.chat_of(who).say(text, attachments=list(attachments) or None)
        return self.cards(who)[-1]

    async def press(self, who: str, verb: str, card: dict[str, Any], **inputs: Any) -> Any:
        """The card that takes its place, or the notice."""
        button = next(action for action in of_type(card, "Action.Execute") if action["verb"] == verb)
        at = next((key[1] for key, body in self.server.standing.items() if _has(body, card)), None)
        answer = await self.chat_of(who).press(verb, at, **{**button.get("data", {}), **inputs})
        assert answer.status == 200
        assert answer.body is not None
        return answer.body["value"]

    async def report(
        self, who: str = "amina", text: str = "mijn laptop start niet meer op", *files: Any
    ) -> Any:
        """Report an incident by its form; the receipt."""
        form = await self.say(who, text, *files)
        return await self.press(who, "helpdesk.submit", form, text=text, urgency="high", impact="low")

    async def open(self, url: str, **headers: str) -> func.HttpResponse:
        """What the files function answers to a link."""
        token = url.rpartition("/")[2]
        request = func.HttpRequest("GET", url, headers=headers, route_params={"token": token}, body=b"")
        run = edge.file.build().get_user_function()
        answer: func.HttpResponse = await run(request)
        return answer


def _has(body: dict[str, Any], card: Any) -> bool:
    return any(attachment.get("content") is card for attachment in body.get("attachments", []))
