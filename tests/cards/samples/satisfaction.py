from __future__ import annotations

from dataclasses import replace

from cards import satisfaction
from cards.helpdesk import desk as helpdesk_desk
from cards.helpdesk import requester as helpdesk
from cards.kit import Card
from domain.helpdesk.rules import Party, State
from domain.satisfaction.rating import Rating
from locales import Translator
from tests.cards.samples.attachments import with_section
from tests.cards.samples.helpdesk import AT, TICKET, at_desk, face
from tests.cards.samples.home import DIFFICULT

DONE = replace(TICKET, state=State.CLOSED, assignee_id="bram", version=5, resolved_at=AT, closed_at=AT)
GOOD = Rating(TICKET.id, "amina", 4, None, 1, AT, AT)
BAD = replace(GOOD, score=2, words="Het duurde drie dagen voor iemand iets liet weten.")


def samples(t: Translator) -> dict[str, Card]:
    asked = satisfaction.for_requester(t, DONE, None, changes=True)
    given = satisfaction.for_requester(t, DONE, GOOD, changes=True)
    return {
        "receipt_asks": helpdesk.requester(t, replace(face(DONE, what="close"), section=asked)),
        "receipt_given": helpdesk.requester(t, replace(face(DONE, what="close"), section=given)),
        "desk": helpdesk_desk.desk(
            t, with_section(at_desk(DONE, Party.DESK, what="close"), satisfaction.for_desk(t, BAD))
        ),
        "ask": satisfaction.ask(t, DONE, None, changes=True),
        "given_with_words": satisfaction.ask(t, DONE, BAD, changes=True),
        "given_for_good": satisfaction.ask(t, DONE, GOOD, changes=False),
        "low": satisfaction.low(t, DONE, BAD, "Amina El Idrissi", "Bram De Smet"),
        "low_difficult": satisfaction.low(t, DONE, replace(BAD, words=DIFFICULT * 10), "Amina", ""),
        "went_up": satisfaction.low(t, DONE, replace(BAD, score=5), "Amina El Idrissi", "Bram De Smet"),
    }
