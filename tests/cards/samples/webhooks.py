from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from cards import webhooks
from cards.kit import Card
from cards.webhooks import Face
from domain.webhooks.actions import DeadLetterPage, SubscriptionPage
from domain.webhooks.rules import Ended, EventType, State
from domain.webhooks.subscription import DeadLetter, Subscription
from locales import Translator

AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
GOOD = Subscription(
    "0192f000-0000-7000-8000-000000000001",
    "flow:nieuwe-medewerkers",
    EventType.TICKET_CREATED,
    "https://prod-12.westeurope.logic.azure.com/workflows/1?sig=geheim",
    {"kind": "incident", "team": "digitaal"},
    "whsec_x",
    State.ACTIVE,
    datetime(2026, 9, 1, 8, 0, tzinfo=UTC),
    delivered_at=AT,
)
FAILING = replace(
    GOOD,
    id="0192f000-0000-7000-8000-000000000002",
    owner_id="bram",
    event=EventType.APPROVAL_DECIDED,
    filter={},
    failures=7,
    failing_since=AT,
    next_at=datetime(2026, 11, 23, 8, 35, tzinfo=UTC),
    error="HTTP 500",
)
PAUSED = replace(FAILING, state=State.PAUSED, next_at=None, error="no answer in time", delivered_at=None)
GONE = replace(GOOD, id="0192f000-0000-7000-8000-000000000003", state=State.ENDED, ended=Ended.GONE)
LETTERS = DeadLetterPage(
    (
        DeadLetter(11, EventType.APPROVAL_DECIDED, AT, AT, "HTTP 422"),
        DeadLetter(12, EventType.APPROVAL_DECIDED, AT, AT, "paused"),
    ),
    "12",
)
NAMES = {"digitaal": "Digitale Transformatie"}
OWNERS = {"flow:nieuwe-medewerkers": "nieuwe-medewerkers", "bram": "Bram De Smet"}


def samples(t: Translator) -> dict[str, Card]:
    page = SubscriptionPage((GOOD, FAILING, GONE), {GOOD.id: 0, FAILING.id: 100, GONE.id: 0}, GONE.id)
    owner = OWNERS["bram"]
    sent = t.plural("{n} message is sent again.", "{n} messages are sent again.", 1)
    return {
        "list": webhooks.listed(t, page, OWNERS),
        "list_empty": webhooks.listed(t, SubscriptionPage((), {}, None), OWNERS),
        "good": webhooks.one(t, Face(GOOD, OWNERS[GOOD.owner_id], 0, NAMES)),
        "failing": webhooks.one(t, Face(FAILING, owner, 3, {}, LETTERS, may_resend=True, notice=sent)),
        "paused": webhooks.one(t, Face(PAUSED, owner, 100, {}, LETTERS)),
        "ended": webhooks.one(t, Face(GONE, OWNERS[GONE.owner_id], 0, NAMES)),
        "paused_news": webhooks.paused(t, Face(PAUSED, owner, 2, {}, LETTERS)),
    }
