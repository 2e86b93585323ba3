from __future__ import annotations

from datetime import date

from cards.approvals import absence
from cards.approvals.absence import AbsenceForm
from cards.kit import Card
from locales import Translator

FIRST, LAST = date(2026, 12, 24), date(2027, 1, 2)


def samples(t: Translator) -> dict[str, Card]:
    typed = AbsenceForm(
        FIRST.isoformat(),
        "",
        "peeters",
        {
            "last_day": t("Choose a day."),
            "deputy": t("Which of these do you mean: {names}?", names="Dirk Peeters, Ann Peeters"),
        },
    )
    return {
        "form": absence.form(t, AbsenceForm(), earliest=FIRST),
        "form_wrong": absence.form(t, typed, earliest=FIRST),
        "form_of_a_digicoach": absence.form(t, AbsenceForm(is_digicoach=True), earliest=FIRST),
        "kept": absence.kept(t, FIRST, LAST, "Bram De Smet"),
        "kept_by_a_digicoach": absence.kept(t, FIRST, LAST, "Bram De Smet", is_digicoach=True),
        "ended": absence.ended(t),
        "deputy": absence.deputy(t, "Bram De Smet", FIRST, LAST),
    }
