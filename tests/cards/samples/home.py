from __future__ import annotations

from cards import home
from cards.home import Suggestion
from cards.kit import Card
from domain.intents.models import Intent
from domain.tips.rules import Secret
from locales import Translator

DIFFICULT = (
    "**Vet** [link](https://kwaad.example) <b>html</b> <script>alert(1)</script> # kop\n"
    "1. een\n- twee\n| a | b |\n😀👩‍👩‍👧‍👦 مرحبا بالعالم \u202eomgedraaid \x07 {{DATE(2026-11-22T10:00:00Z,LONG)}} "
    + "zonderspaties"
    * 30
)
"""What a person can type to break a card."""


def samples(t: Translator) -> dict[str, Card]:
    tips = [
        Suggestion("delen-extern", "Hoe deel ik een document met iemand buiten de stad?"),
        Suggestion("gast-toevoegen", "Hoe voeg ik een gast toe aan een team?"),
    ]
    offered = (Intent.INCIDENT, Intent.QUESTION, Intent.DIGICOACH, Intent.SITE)
    return {
        "welcome": home.welcome(t, "Amina", "Stad Vlaskerke"),
        "choose": home.choose(t, "beamer vergaderzaal 3 doet raar", offered, tips),
        "choose_every_other": home.choose(
            t, "wat?", (Intent.MY_ITEMS, Intent.APPROVALS, Intent.HELP, Intent.THANKS)
        ),
        "choose_secret": home.choose(t, "wachtwoord: Zomer2026!", offered, (), frozenset({Secret.PASSWORD})),
        "nonsense": home.choose(t, "asdf", ()),
        "nonsense_with_tips": home.choose(t, "delen", (), tips),
        "choose_difficult": home.choose(t, DIFFICULT, offered, [Suggestion("x", DIFFICULT[:80])]),
        "choose_long": home.choose(t, "langzaam 🐌 " * 900, offered, tips),
        "person": home.reach_a_person(t, "8500"),
    }
