from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cards import api_keys
from cards.api_keys import KeyForm
from cards.kit import Card
from domain.api_keys.models import ApiKey, Scope
from locales import Translator

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
KEY = ApiKey(
    "k1",
    "nieuwe-collega",
    frozenset({Scope.READ, Scope.CREATE, Scope.ON_BEHALF}),
    NOW - timedelta(days=40),
    NOW,
    None,
    "gust",
)
NEW = replace(KEY, id="k2", name="inloopbalie", last_used_at=None)
RENEWED = replace(KEY, rotated_at=NOW, previous_until=NOW + timedelta(days=1))
ENDED = replace(KEY, revoked_at=NOW)
SECRET = "wijzer_dit-is-een-voorbeeld-en-geen-echte-sleutel-1"


def samples(t: Translator) -> dict[str, Card]:
    wrong = {"name": t("There is a key with this name already."), "scopes": t("Choose at least one.")}
    return {
        "keys": api_keys.keys(t, [NEW, KEY], "nieuwe-collega", revoked=False),
        "none": api_keys.keys(t, [], None, revoked=True),
        "form": api_keys.form(t, KeyForm()),
        "form_wrong": api_keys.form(t, KeyForm("nieuwe-collega", "", wrong)),
        "secret": api_keys.secret(t, RENEWED, SECRET),
        "one": api_keys.one(t, RENEWED, "Gust Verhelst"),
        "one_shown_before": api_keys.one(t, KEY, "", shown_before=True),
        "ended": api_keys.one(t, ENDED, "Gust Verhelst"),
    }
