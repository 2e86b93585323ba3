"""Whether a text says nothing but what a tip says. What a language model writes is shown only when it does.

This is where the safety is, not in the prompt: whatever a question or a tip talks the model into, words, addresses and
numbers that are not in the tip do not get through.
"""

from __future__ import annotations

import re

from adapters.search.analyzer import words_of
from adapters.search.languages import language

LONGEST = 700
"""Characters: an answer is a few sentences."""
OWN_WORDS = 0.25
"""The share of the words that carry meaning that may be the service's own: to join what the tip says."""

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+|\b[\w-]+\.(?:be|com|eu|net|nl|org|io)\b", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+")


def is_grounded(answer: str, tip: str, code: str) -> bool:
    """`tip` is all the tip says, in the language `code`."""
    if not answer.strip() or len(answer) > LONGEST or not answer.replace("\n", " ").isprintable():
        return False
    spoken = language(code)
    known = {spoken.stem(word) for word in words_of(tip, spoken)}
    said = [spoken.stem(word) for word in words_of(answer, spoken) if word not in spoken.stop_words]
    own = sum(stem not in known for stem in said)
    exact = tip.lower()
    return (
        bool(said)
        and own <= OWN_WORDS * len(said)
        and all(found.strip(".,;:!?()").lower() in exact for found in _ADDRESS.findall(answer))
        and set(_NUMBER.findall(answer)) <= set(_NUMBER.findall(tip))
    )
