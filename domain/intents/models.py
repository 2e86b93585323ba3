"""What a message can want."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    INCIDENT = "incident"
    REQUEST = "request"
    CHANGE = "change"
    SITE = "site"
    QUESTION = "question"
    DIGICOACH = "digicoach"
    MY_ITEMS = "my_items"
    APPROVALS = "approvals"
    HELP = "help"
    HUMAN = "human"
    THANKS = "thanks_smalltalk"
    NONSENSE = "nonsense"


@dataclass(frozen=True, slots=True)
class Guess:
    """What the classifier makes of a message.

    `sure` says whether to act on `first` at once; when not, the person chooses among `offered`: at most
    four intents, the likeliest first.
    """

    first: Intent
    sure: bool
    offered: tuple[Intent, ...]
