"""What a feature adds to the cards of a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from microsoft_teams.cards import Action, CardElement


@dataclass(frozen=True, slots=True)
class Section:
    """`elements` stand under the ticket's own facts, `actions` after its own buttons. `next` says what happens next,
    where the feature knows better than the ticket's state."""

    elements: Sequence[CardElement] = ()
    actions: Sequence[Action] = ()
    next: str = ""


NO_SECTION = Section()
