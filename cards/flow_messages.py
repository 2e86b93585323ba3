"""What a flow says: whose words they are stands with it."""

from __future__ import annotations

from typing import Any

from cards.kit import card, heading, open_url, text, user_text
from domain.flow_messages.actions import FlowMessage
from locales import Translator


def message(t: Translator, said: FlowMessage) -> dict[str, Any]:
    return card(
        heading(said.title),
        user_text(t, said.text),
        text(t("Sent by the flow {name}", name=said.sender_name), subtle=True)
        if said.sender_id.startswith("flow:")
        else text(t("Sent by a flow of {name}", name=said.sender_name), subtle=True),
        actions=[open_url(t("Open"), said.link)] if said.link else (),
        language=t.language,
    )
