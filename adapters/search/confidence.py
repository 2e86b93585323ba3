"""How likely a match is the answer: a logistic model over its signals, instead of the raw score.

The numbers in calibration.json come from `python -m scripts.calibrate_tips`; docs/tips-search.md says on which
questions, and what they are worth.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path

from adapters.search.analyzer import Terms
from adapters.search.index import Match

CALIBRATION = Path(__file__).with_name("calibration.json")


def signals(match: Match, terms: Terms) -> tuple[float, ...]:
    """What the model looks at, each roughly between -1 and 1; the names are in `SIGNALS`."""
    return (
        match.score,
        match.margin,
        match.words,
        match.grams,
        match.dice,
        max(0.0, 2 * match.dice - 1),  # nearly letter for letter: that says more than half as much would half
        match.body,
        match.coverage,
        terms.unknown / len(terms.words),
        min(len(terms.words), 10) / 10,
    )


SIGNALS = ("score", "margin", "words", "grams", "dice", "near", "body", "coverage", "unknown", "length")


@cache
def _calibration() -> tuple[float, tuple[float, ...]]:
    numbers = json.loads(CALIBRATION.read_text("utf-8"))
    return numbers["intercept"], tuple(numbers["weights"][name] for name in SIGNALS)


def confidence(match: Match, terms: Terms) -> float:
    intercept, weights = _calibration()
    logit = intercept + sum(w * s for w, s in zip(weights, signals(match, terms), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
