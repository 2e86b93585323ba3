"""What the channel gets as the answer to a request: a status, and a JSON body where it expects one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.bridge.activities import CARD_TYPE
from bot.turn import Card
from domain.errors import DeskError

NOTICE_TYPE = "application/vnd.microsoft.activity.message"


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is plain JSON data. The bridge's caller writes both on the HTTP response, whatever framework it uses."""

    status: int
    body: dict[str, Any] | None = None


TAKEN = Answer(200)


def new_card(card: Card) -> Answer:
    """Answers a press: the card takes the place of the pressed one."""
    return Answer(200, {"statusCode": 200, "type": CARD_TYPE, "value": card})


def notice(text: str) -> Answer:
    """Answers a press: the card stays, and the person sees a short text."""
    return Answer(200, {"statusCode": 200, "type": NOTICE_TYPE, "value": text})


def told(invoke: str, text: str) -> Answer:
    """Answers any invoke with a short text, where Teams looks for it."""
    if invoke == "composeExtension/query":
        return Answer(200, {"composeExtension": {"type": "message", "text": text}})
    if invoke.startswith(("composeExtension/", "task/")):
        return Answer(200, {"task": {"type": "message", "value": text}})
    return notice(text)


def problem(error: DeskError) -> Answer:
    """What a caller did wrong, for programs; the same shape as every HTTP edge gives."""
    body = {"code": error.code, "message": str(error), "field": error.field}
    return Answer(error.status, {"error": body})
