"""How likely a match is the answer: a logistic model over its signals, instead of the raw score.

Each language has its own numbers. Those in calibration.json come from `python -m scripts.calibrate_tips`;
docs/tips-search.md says on which questions, and what they are worth.
"""

from __future__ import annotations

import json
import math
from functools import cache
from operator import mul
from pathlib import Path

from adapters.search.index import SIGNALS as INDEX_SIGNALS
from adapters.search.index import Match
from adapters.search.question import Question

CALIBRATION = Path(__file__).with_name("calibration.json")
SIGNALS = ("score", "margin", *INDEX_SIGNALS, "near", "unknown", "length")
OTHERWISE = "nl"
"""The language whose numbers serve one that has none."""
_THREES = INDEX_SIGNALS.index("threes")


def signals(match: Match, question: Question) -> tuple[float, ...]:
    """What the model looks at, each between 0 and 1; the names are in `SIGNALS`."""
    return (
        match.score,
        max(0.0, match.margin),
        *match.signals,
        # Nearly letter for letter: that says more than half as much would half.
        max(0.0, 2 * match.signals[_THREES] - 1),
        question.unknown / len(question.words),
        min(len(question.words), 10) / 10,
    )


@cache
def _calibration() -> dict[str, tuple[float, tuple[float, ...]]]:
    return {
        code: (numbers["intercept"], tuple(numbers["weights"][name] for name in SIGNALS))
        for code, numbers in json.loads(CALIBRATION.read_text("utf-8")).items()
    }


def confidence(match: Match, question: Question, code: str) -> float:
    """From 0 to 1, in the language of the tip: how likely this is what was asked for."""
    calibration = _calibration()
    intercept, weights = calibration.get(code) or calibration[OTHERWISE]
    logit = intercept + sum(map(mul, weights, signals(match, question)))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
