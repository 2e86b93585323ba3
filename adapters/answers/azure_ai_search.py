"""Finds more tips with Azure AI Search, for a question that the embedded search is not sure of.

The service only points: it gets the question, without secrets and without a name, and answers with ids. Which tips
those are, what they say and who may see them, is what our own database says.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.answers.azure_ai_index import API_VERSION, address_of, fields_of
from adapters.answers.service import TIME_LIMIT, AnswerService
from adapters.search.languages import spoken_in
from domain.tips.finding import tips_for
from domain.tips.ports import Hit, TipSearch
from domain.tips.rules import ANSWER_FROM, CHOOSE_FROM
from domain.unit import Units

MOST = 5
"""Ids asked for: some may be of tips that were retired this minute."""
RELEVANT = 2.0
"""Of the semantic ranker's scores from 0 to 4, the least that stands for a text that answers the question in part."""
BEST = 4.0
RANKED_WITHIN = 1000
"""Milliseconds the semantic ranker gets, of the time limit."""
OFFERED = ANSWER_FROM - 0.01
"""The confidence in what was found there: it is offered, and the person chooses. Its scores are not calibrated on our
questions."""


class AzureAISearch(AnswerService):
    """The embedded search, and what Azure AI Search finds beside it. `endpoint` is such as
    `https://CITY.search.windows.net`; `index` is kept by `AzureAIIndex`."""

    def __init__(
        self,
        embedded: TipSearch,
        units: Units,
        endpoint: str,
        index: str,
        key: str,
        *,
        time_limit: float = TIME_LIMIT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(embedded, key, time_limit=time_limit, clock=clock)
        self._units = units
        self._url = f"{address_of(endpoint, index)}/docs/search.post.search"

    async def look_further(
        self, question: str, language: str, hits: Sequence[Hit], *, team_id: str | None = None
    ) -> Sequence[Hit]:
        """The hits and what was found beside them, what the service is surest of first."""
        if not any(map(str.isalnum, question)):
            return hits
        asked_in = spoken_in(question, language)
        found = await self._in_time(lambda: self._ask(question, asked_in, team_id))
        if not found:
            return hits
        scores = {one.tip_id: one.score for one in found}
        async with self._units.read() as unit:
            tips = await tips_for(unit, list(scores), language, team_id)
        further = {
            tip.root: Hit(
                tip.id, scores[tip_id] / BEST, OFFERED, tip.title, tip.title, tip.root, tip.language
            )
            for tip_id, tip in tips.items()
        }
        if not further:
            return hits
        near = [hit for hit in hits if hit.confidence >= CHOOSE_FROM and hit.root not in further]
        return [*further.values(), *near]

    async def _ask(self, question: str, language: str, team_id: str | None) -> list[Found]:
        """Raises `ValueError` for an answer that cannot be read, aiohttp's errors for trouble on the way."""
        status, body, _ = await self._http.call(
            "POST",
            self._url,
            API_VERSION,
            {
                "search": question,
                "searchFields": ",".join(fields_of(language)),
                "queryType": "semantic",
                "semanticConfiguration": language,
                "semanticErrorHandling": "partial",
                "semanticMaxWaitInMilliseconds": RANKED_WITHIN,
                "filter": _filter(language, team_id),
                "select": "id",
                "top": MOST,
            },
        )
        if status not in (200, 206):  # 206: without the semantic ranker's scores, so that none of it counts
            raise ValueError(f"status {status}")
        return _found_in(body)


@dataclass(frozen=True, slots=True)
class Found:
    tip_id: str
    score: float
    """The semantic ranker's, from 0 to 4."""


def _filter(language: str, team_id: str | None) -> str:
    """OData. What another team's tips are would only take the place of what this person may see."""
    own = f" or team eq {_quoted(team_id)}" if team_id else ""
    return f"language eq {_quoted(language)} and (team eq null{own})"


def _quoted(value: str) -> str:
    return "'{}'".format(value.replace("'", "''"))


def _found_in(body: bytes) -> list[Found]:
    try:
        answer: Any = json.loads(body)
        documents = [(one["id"], one.get("@search.rerankerScore")) for one in answer["value"]]
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a list of documents") from error
    return [
        Found(tip_id, min(float(score), BEST))
        for tip_id, score in documents
        if isinstance(tip_id, str) and isinstance(score, int | float) and score >= RELEVANT
    ]
