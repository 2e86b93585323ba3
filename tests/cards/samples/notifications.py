from __future__ import annotations

from datetime import time

from cards import notifications as cards
from cards.kit import Card, card, heading
from domain.notifications.actions import kinds_for
from domain.notifications.policy import Kind, Mode, Quiet, Settings
from locales import Translator
from tests.cards.samples.home import DIFFICULT

MODES = {
    **dict.fromkeys(Kind, Mode.ALWAYS),
    Kind.RESULT: Mode.AT_ONCE,
    Kind.PROGRESS: Mode.BUNDLED,
    Kind.DEADLINE: Mode.DAILY,
}
CHOSEN = Settings(MODES, Quiet(time(19), time(7)), time(9))


def samples(t: Translator) -> dict[str, Card]:
    employee, agent = kinds_for(False), kinds_for(True)
    lines = [
        cards.BundleLine("a", "I-2026-000123 dreigt te laat te zijn", "Mijn laptop start niet meer op"),
        cards.BundleLine(
            "b", "Bram De Smet antwoordt je", "I-2026-000124 · De printer op de tweede verdieping"
        ),
        cards.BundleLine("c", DIFFICULT[:200], DIFFICULT[:200]),
    ]
    problems = {
        "quiet_until": t("Choose from when until when it is quiet: two different times."),
        "digest_at": t("Choose a time, such as 09:00."),
    }
    typed = {"quiet": "yes", "quiet_from": "20:00", "quiet_until": "20:00", "digest_at": ""}
    return {
        "settings": cards.settings(t, CHOSEN, employee),
        "settings_agent": cards.settings(t, CHOSEN, agent),
        "settings_wrong": cards.settings(t, CHOSEN, employee, typed=typed, problems=problems),
        "saved": cards.saved(t, CHOSEN, agent),
        "saved_never_quiet": cards.saved(t, Settings(MODES, None, time(9)), employee),
        "bundle": cards.bundle(t, "00000000-0000-0000-0000-000000000000", lines),
        "bundle_one": cards.bundle(t, "00000000-0000-0000-0000-000000000000", lines[:1]),
        "waits": card(heading("I-2026-000123"), cards.waits_for(t, "Dirk", refused=False)),
        "waits_refused": card(heading("I-2026-000123"), cards.waits_for(t, "Dirk", refused=True)),
        "all_opened": cards.all_opened(t),
    }
