"""Every card of every feature, in every state that looks different.

A module here, named as its feature, has `samples(t)`: a mapping of a short name to a card. It is found by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from cards.kit import Card
from locales import translator


def features() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


@cache
def collected(language: str = "nl") -> dict[str, Card]:
    """All samples in a language, as `feature.name`."""
    cards: dict[str, Card] = {}
    for feature in features():
        module = importlib.import_module(f"{__name__}.{feature}")
        cards |= {f"{feature}.{name}": card for name, card in module.samples(translator(language)).items()}
    return cards
