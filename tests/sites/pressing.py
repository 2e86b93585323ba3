"""Typing and pressing through the bot's own handlers, and reading the cards they give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.approvals import decisions as approvals
from bot.approvals import lists as approval_lists
from bot.sites import requests as sites
from bot.turn import Card, Place, Reply, Turn
from domain.tables import new_id
from locales import translator
from tests.cast import person
from tests.sites.conftest import Office

PLACE = Place("http://127.0.0.1/", "c", "msteams", None, "28:bot", "29:user")
ANSWERS = {"outsiders": "yes", "personal_data": "no", "confidential": "no", "audience": "project"}
GOOD = {
    **ANSWERS,
    "scenario": "1",
    "name": "Vlasmarkt",
    "purpose": "Samen de markt van 2027 plannen.",
    "owner": "amina",
    "second_owner": "Els Wouters",
    "members": "dirk",
}
FORGED: list[Any] = [new_id(), "1", "' OR 1=1", "", "../../etc", None, 7, ["x"]]


def turn(office: Office, who: str, data: Mapping[str, Any] | None = None, text: str = "") -> Turn:
    one = person(who)
    t = translator("en")
    return Turn(one.as_actor(), one, office.desk, t, new_id(), PLACE, text=text, data=data or {})


def elements(node: Any) -> Iterator[Mapping[str, Any]]:
    """Every object in a card."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from elements(value)
    elif isinstance(node, list):
        for value in node:
            yield from elements(value)


def inputs(card: Card | None) -> dict[str, Any]:
    return {
        e["id"]: e.get("value", "") for e in elements(card) if str(e.get("type", "")).startswith("Input.")
    }


def verbs(card: Card | None) -> list[str]:
    return [e["verb"] for e in elements(card) if e.get("type") == "Action.Execute"]


def texts(card: Card | None) -> str:
    return "\n".join(e["text"] for e in elements(card) if "text" in e)


async def send(office: Office, who: str = "amina", **changed: str) -> Reply:
    return await sites.submit(turn(office, who, {**GOOD, "form": new_id(), **changed}))


async def pending_id(office: Office, who: str = "bram") -> str:
    listed = await approval_lists.waiting(turn(office, who))
    return next(str(e["data"]["id"]) for e in elements(listed.card) if e.get("verb") == "approvals.open")


async def decide(office: Office, handler: Any, who: str, **data: str) -> Reply:
    approval_id = await pending_id(office, who)
    opened = await approvals.open_approval(turn(office, who, {"id": approval_id}))
    carried = next(e["data"] for e in elements(opened.card) if e.get("verb") == "approvals.approve")
    reply: Reply = await handler(turn(office, who, {**carried, **data}))
    return reply


async def approve_all(office: Office) -> None:
    for who in ("bram", "els"):
        await decide(office, approvals.approve, who)


def pressing(card: Card | None, verb: str) -> Mapping[str, Any]:
    """What a button of the card sends besides its inputs."""
    data: Mapping[str, Any] = next(e["data"] for e in elements(card) if e.get("verb") == verb)
    return data
