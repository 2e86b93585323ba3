from __future__ import annotations

from typing import Protocol

from domain.intents.models import Guess


class Intents(Protocol):
    def guess(self, text: str, language: str | None = None) -> Guess:
        """Quick and local: called on the event loop in every turn. `language` is a hint, not a promise."""
        ...
