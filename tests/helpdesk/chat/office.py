"""Everybody's chats with the helpdesk: real bridge, real worker, and a Bot Connector that shows what stands where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select

from bot import changes, flow_messages
from bot.bridge.answers import Answer
from bot.helpdesk import desk_actions, desk_channel, desk_menu, desk_queue
from bot.helpdesk import majors as helpdesk_majors
from bot.helpdesk import phone as helpdesk_phone
from bot.helpdesk import report as helpdesk_report
from bot.helpdesk import tickets as helpdesk
from bot.turn import Feature, Reply, Turn, View
from domain.desk import Desk
from domain.helpdesk.models import tickets
from domain.helpdesk.rules import State
from domain.intents.models import Intent
from tests.cards.reading import of_type, texts
from tests.conftest import RungBells
from tests.servers.connector import ConnectorServer
from tests.servers.teams import Teams
from wiring.worker import Worker

LAPTOP = "incident mijn laptop start niet meer op"
DIFFICULT = [
    "x" * 10_000,
    "🙂" * 4_000,
    "👩‍👩‍👧‍👦🏴‍☠️" * 50,
    "مرحبا بكم في المدينة الجديدة",
    "**vet** [klik](http://kwaad.example) `code`\n# kop\n- lijst",
    "<script>alert(1)</script><b>vet</b> & {{DATE(2026-01-01)}}",
    "nul\x00 en bel\x07",
]


async def repeat(turn: Turn) -> Reply:
    """Stands for every other feature."""
    assert turn.guess is not None
    return Reply(text=f"{turn.guess.first}: {turn.text}")


ELSE = Feature(
    "else", intents={Intent.HELP: repeat, Intent.QUESTION: repeat, Intent.NONSENSE: repeat, "unsure": repeat}
)


FEATURES = [
    module.FEATURE
    for module in (
        desk_channel,
        desk_queue,
        desk_menu,
        desk_actions,
        helpdesk_phone,
        helpdesk_report,
        helpdesk_majors,
        helpdesk,
        changes,
        flow_messages,
    )
]


@dataclass
class Office:
    """Everybody's chat with the bot; `work` runs the jobs that wait, as the worker would."""

    teams: dict[str, Teams]
    server: ConnectorServer
    worker: Worker
    bells: RungBells
    desk: Desk

    async def work(self) -> None:
        for _ in range(20):
            if not self.bells.rung and not await self.worker.sweep():
                return
            for job_id, _due in [self.bells.rung.pop(0) for _ in range(len(self.bells.rung))]:
                await self.worker.run(job_id)
        pytest.fail("the jobs do not end")

    def chat(self, who: str) -> list[dict[str, Any]]:
        """The cards and texts that stand in a person's chat, the oldest first."""
        found = [body for (chat, _), body in self.server.standing.items() if chat == f"a:{who}"]
        return [
            body["attachments"][0]["content"] if body.get("attachments") else {"text": body.get("text")}
            for body in found
        ]

    async def say(self, who: str, text: str) -> dict[str, Any]:
        """The card or text that comes back."""
        await self.teams[who].say(text)
        return self.chat(who)[-1]

    async def press(self, who: str, verb: str, card: dict[str, Any] | None = None, **inputs: str) -> Any:
        """Press a button of a card that stands in the chat; the card that takes its place, or the notice."""
        card = card if card is not None else self.chat(who)[-1]
        button = next(action for action in of_type(card, "Action.Execute") if action["verb"] == verb)
        return await self.press_on(who, button, card, **inputs)

    async def press_on(self, who: str, button: Mapping[str, Any], card: dict[str, Any], **inputs: str) -> Any:
        """Press this very button. As in Teams, the card that comes back takes the place of the one in the chat."""
        place = next((key for key, body in self.server.standing.items() if card in contents(body)), None)
        answer = await self.teams[who].press(
            button["verb"], place[1] if place else None, **{**button["data"], **inputs}
        )
        card = shown(answer)
        if place is not None and isinstance(card, dict):
            self.server.standing[place]["attachments"][0]["content"] = card
        return card

    async def report(self, who: str = "amina", text: str = LAPTOP, **inputs: str) -> Any:
        form = await self.say(who, text)
        given = {"text": text, "urgency": "high", "impact": "low"} | inputs
        receipt = await self.press(who, "helpdesk.submit", form, **given)
        await self.work()
        return receipt

    @property
    def verbs(self) -> list[str]:
        return [verb for feature in FEATURES for verb in feature.verbs]

    @property
    def views(self) -> dict[str, View]:
        return {name: view for feature in FEATURES for name, view in feature.views.items()}

    async def count(self, table: Any) -> int:
        async with self.desk.units.read() as unit:
            return int((await unit.db.execute(select(func.count()).select_from(table))).scalar_one())

    async def state(self) -> State:
        """Of the only ticket there is."""
        async with self.desk.units.read() as unit:
            return State((await unit.db.execute(select(tickets.c.state))).scalar_one())


def contents(body: dict[str, Any]) -> list[Any]:
    return [attachment["content"] for attachment in body.get("attachments", [])]


def shown(answer: Answer) -> Any:
    assert answer.status == 200
    assert answer.body is not None
    return answer.body["value"]


WORK = ["helpdesk.answer", "helpdesk.ask", "helpdesk.resolve"]
"""What an agent can do with an open ticket."""
ALWAYS = ("helpdesk.more", "desk.more", "desk.note", "service_levels.why")
"""Buttons that lead further, and are no steps."""


def verbs(card: Any) -> list[str]:
    """The steps that a card offers."""
    found = [action["verb"] for action in of_type(card, "Action.Execute")]
    return [verb for verb in found if verb not in ALWAYS]


def said(card: Any) -> str:
    return "\n".join(texts(card))


def values(card: Any) -> dict[str, str]:
    return {part["id"]: part.get("value", "") for part in of_type(card, "Input.")}
