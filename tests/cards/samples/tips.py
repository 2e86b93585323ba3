from __future__ import annotations

from dataclasses import replace
from datetime import date

from cards import tips
from cards.home import Coach
from cards.kit import Card
from cards.tips import Question, Suggested, WaysOn
from domain.tips.rules import Secret
from domain.tips.tip import Audience, Source, Tip
from locales import Translator
from tests.cards.samples.home import DIFFICULT

TIP = Tip(
    id="delen-extern",
    language="nl",
    theme="delen",
    theme_name="Documenten delen",
    audience=Audience.EVERYONE,
    title="Hoe deel ik een document met iemand buiten de stad?",
    alternates=(),
    intro="Dat kan alleen op een projectsite of netwerksite. Vanuit OneDrive deel je alleen met collega's.",
    steps=(
        "Ga naar de site en klik met de rechtermuisknop op het document.",
        "Kies Delen en typ het e-mailadres van de andere.",
        "Kies of die mag bewerken, en klik op Verzenden.",
    ),
    phone="Tik in de app van SharePoint op de drie puntjes naast het document.",
    note="Zet nooit persoonsgegevens op een projectsite.",
    source=Source("Regels voor sites van Stad Vlaskerke", "https://vlaskerke.example/sites/regels"),
    related=("gast-toevoegen",),
    checked=date(2026, 11, 2),
)
RELATED = [Suggested("gast-toevoegen", "Hoe voeg ik een gast toe aan een team of een projectsite?")]
WAYS = WaysOn("8500", [Coach("Nadia Haddad", "Burgerzaken", "nadia@vlaskerke.example")])


def samples(t: Translator) -> dict[str, Card]:
    asked = Question("01a00000-0000-7000-8000-000000000040", "document delen met iemand van buiten")
    difficult = replace(asked, text=DIFFICULT)
    secret = replace(asked, secrets=frozenset(Secret))
    bare = replace(TIP, phone=None, note=None, source=Source("De helpdesk"), related=())
    return {
        "tip": tips.tip(t, TIP, RELATED, asked),
        "tip_helped": tips.tip(t, TIP, RELATED, asked, rated=True),
        "tip_bare": tips.tip(t, bare, [], replace(asked, text="")),
        "tip_secret": tips.tip(t, TIP, RELATED, secret),
        "choose": tips.choose(t, [Suggested(TIP.id, TIP.title), *RELATED], difficult),
        "unknown": tips.unknown(t, difficult, WAYS),
        "unknown_nobody_near": tips.unknown(t, asked, WaysOn("8500", [])),
        "not_helped": tips.not_helped(t, TIP, asked, WAYS),
    }
