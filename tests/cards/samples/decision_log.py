from __future__ import annotations

from cards.approvals import decision_log
from cards.approvals.decision_log import ExportForm
from cards.kit import Card
from locales import Translator


def samples(t: Translator) -> dict[str, Card]:
    wrong = {"last_day": t("The last day comes before the first.")}
    name = "beslissingen-2026-10-01-2026-10-31.csv"
    return {
        "form": decision_log.form(t, ExportForm("2026-10-01", "2026-10-31")),
        "form_wrong": decision_log.form(t, ExportForm("2026-10-31", "2026-10-01", "json", wrong)),
        "ready": decision_log.ready(t, name, "https://wijzer.example/api/files/abc.def"),
    }
