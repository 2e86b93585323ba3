from __future__ import annotations

from dataclasses import replace
from datetime import date

from cards.kit import Card
from cards.tips import answers as tips
from cards.tips.answers import Question, Suggested
from domain.tips.rules import Secret
from domain.tips.tip import Audience, Source, Tip
from locales import Translator, translator
from tests.cards.samples.home import DIFFICULT

TIP = Tip(
    id="document-delen-extern",
    language="nl",
    theme="delen",
    theme_name="Delen met anderen",
    audience=Audience.EVERYONE,
    title="Hoe deel ik een document met iemand buiten de stad?",
    alternates=(),
    intro="Dat kan vanaf een projectsite. Op de andere soorten sites staat delen met externen uit.",
    steps=(
        "Zet het document op de projectsite.",
        "Klik naast het document op de drie puntjes en kies Delen.",
        "Kies voor specifieke personen en typ het e-mailadres.",
    ),
    phone="Open het document in de app OneDrive en tik op het deelicoon.",
    note="Zijn het persoonsgegevens? Deel ze dan niet zelf.",
    source=Source("Hulp bij OneDrive van Microsoft", "https://support.microsoft.com/nl-nl/onedrive"),
    related=("koppeling-kiezen", "delen-stopzetten"),
    checked=date(2026, 11, 16),
)
BARE = replace(TIP, steps=(), phone=None, note=None, source=Source("Governancetabel van Stad Vlaskerke"))
HARD = replace(
    TIP,
    title=DIFFICULT[:150],
    intro=DIFFICULT,
    steps=(DIFFICULT, '" * < > ? / \\ | en geen _dubbelepunt_'),
    note=DIFFICULT,
)
RELATED = [
    Suggested("koppeling-kiezen", "Welke koppeling kies ik als ik iets deel?"),
    Suggested("delen-stopzetten", "Hoe stop ik met delen?"),
]
QUESTION = Question(
    "01a00000-0000-7000-8000-000000000031", "hoe geef ik een bestand aan iemand van buiten de stad"
)
SAID = "Zet het document op de projectsite en kies Delen."
SECRET = replace(QUESTION, text="mijn wachtwoord is •••", secrets=frozenset(Secret))
LONG = replace(QUESTION, text="langzaam 🐌 " * 90)
HARD_QUESTION = replace(QUESTION, text=DIFFICULT[:600])


def samples(t: Translator) -> dict[str, Card]:
    own = translator(TIP.language)  # whoever asks: a card speaks the language of its tip
    return {
        "tip": tips.tip(own, TIP, RELATED, QUESTION),
        "tip_bare": tips.tip(own, BARE, [], Question("", "")),
        "tip_in_short": tips.tip(own, TIP, RELATED, QUESTION, said=SAID),
        "tip_helped": tips.tip(own, TIP, RELATED, QUESTION, rated=True),
        "tip_difficult": tips.tip(own, HARD, RELATED, HARD_QUESTION),
        "tip_secret": tips.tip(own, TIP, RELATED, SECRET),
        "choose": tips.choose(t, [Suggested(TIP.id, TIP.title), *RELATED], QUESTION),
        "choose_difficult": tips.choose(t, [Suggested("x", DIFFICULT[:150])], HARD_QUESTION),
        "unknown": tips.unknown(t, QUESTION, "8500"),
        "unknown_secret": tips.unknown(t, SECRET, "8500"),
        "unknown_long": tips.unknown(t, LONG, "8500"),
        "not_helped": tips.not_helped(own, TIP, QUESTION, "8500"),
    }
