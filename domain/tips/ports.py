"""The search port of the tips: an embedded index on every worker, or a cloud service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.tips.tip import Tip


@dataclass(frozen=True, slots=True)
class Hit:
    """`confidence` is calibrated between 0 and 1; `phrase` is the title or alternate that matched best; `root` is the
    id of the tip that this one is a translation of, or its own; `language` is empty where the search does not say."""

    tip_id: str
    score: float
    confidence: float
    phrase: str
    title: str = ""
    root: str = ""
    language: str = ""


class TipSearch(Protocol):
    async def search(
        self,
        question: str,
        language: str,
        *,
        limit: int = 3,
        themes: Sequence[str] = (),
        team_id: str | None = None,
    ) -> Sequence[Hit]:
        """The best tips for a question, the surest first, for people of this team who read `language`."""
        ...

    async def look_further(
        self, question: str, language: str, hits: Sequence[Hit], *, team_id: str | None = None
    ) -> Sequence[Hit]:
        """For a question that none of these hits surely answers: the hits, with what a search outside finds beside
        them, the surest first. It takes at most two seconds; without such a search the hits are as they were."""
        ...

    async def answer(self, question: str, tip: Tip) -> str:
        """What this tip, found for this question, says in answer to it; empty: the tip speaks for itself. It says
        nothing that the tip does not say, and takes at most two seconds."""
        ...

    async def refresh(self) -> None:
        """Bring the index up to date with the tips table. Called on first use and after tips changed."""
        ...

    async def ready(self) -> bool: ...
