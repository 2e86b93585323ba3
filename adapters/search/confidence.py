"""How likely a match is the answer: a logistic model over its signals, instead of the raw score.

The numbers in calibration.json come from `python -m scripts.calibrate_tips`; docs/tips-search.md says on which
questions, and what they are worth.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path

from adapters.search.index import SIGNALS as INDEX_SIGNALS
from adapters.search.index import Match
from adapters.search.question import Question

CALIBRATION = Path(__file__).with_name("calibration.json")


def signals(match: Match, question: Question) -> tuple[float, ...]:
    """What the model looks at, each between 0 and 1; the names are in `SIGNALS`."""
    by_name = dict(zip(INDEX_SIGNALS, match.signals, strict=True))
    return (
        match.score,
        max(0.0, match.margin),
        *match.signals,
        max(
            0.0, 2 * by_name["threes"] - 1
        ),  # nearly letter for letter: that says more than half as much would half
        question.unknown / len(question.words),
        min(len(question.words), 10) / 10,
    )


SIGNALS = ("score", "margin", *INDEX_SIGNALS, "near", "unknown", "length")


@cache
def _calibration() -> tuple[float, tuple[float, ...]]:
    numbers = json.loads(CALIBRATION.read_text("utf-8"))
    return numbers["intercept"], tuple(numbers["weights"][name] for name in SIGNALS)


def confidence(match: Match, question: Question) -> float:
    intercept, weights = _calibration()
    logit = intercept + sum(w * s for w, s in zip(weights, signals(match, question), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
