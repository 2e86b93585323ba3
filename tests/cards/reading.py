"""Ways through a card's plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def as_pictures(card: Any) -> Any:
    """The card as a client shows it that knows no charts."""
    if isinstance(card, dict):
        if str(card.get("type", "")).startswith("Chart."):
            return as_pictures(card["fallback"])
        return {name: as_pictures(value) for name, value in card.items()}
    return [as_pictures(item) for item in card] if isinstance(card, list) else card


def parts(node: object) -> Iterator[Mapping[str, Any]]:
    """Every object inside, the card itself first."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from parts(value)


def of_type(card: object, prefix: str) -> list[Mapping[str, Any]]:
    return [part for part in parts(card) if str(part.get("type", "")).startswith(prefix)]


def texts(card: object) -> list[str]:
    """Every text a person can see or hear."""
    shown = ("text", "title", "label", "placeholder", "errorMessage", "speak", "fallbackText", "altText")
    return [part[key] for part in parts(card) for key in shown if isinstance(part.get(key), str)]
