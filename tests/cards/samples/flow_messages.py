from __future__ import annotations

from datetime import UTC, datetime

from cards import flow_messages as cards
from cards.kit import Card
from domain.flow_messages.actions import FlowMessage
from locales import Translator
from tests.cards.samples.home import DIFFICULT

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def samples(t: Translator) -> dict[str, Card]:
    flow = FlowMessage(
        id="1",
        sender_id="flow:onthaal",
        sender_name="onthaal",
        title="Je nieuwe collega begint maandag",
        text="De laptop staat klaar bij het onthaal. Neem je badge mee.",
        link="https://vlaskerke.example/onthaal",
        person_id="amina",
        group_id=None,
        at=AT,
    )
    person = FlowMessage("2", "bram", "Bram De Smet", "Kort", DIFFICULT * 20, None, "amina", None, AT)
    return {"by_a_flow": cards.message(t, flow), "by_a_person": cards.message(t, person)}
