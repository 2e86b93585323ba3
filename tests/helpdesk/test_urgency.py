"""Whether a report says itself that the person cannot go on, or that it can wait."""

from __future__ import annotations

import pytest

from domain.helpdesk.policy import Urgency
from domain.helpdesk.urgency import urgency_in


@pytest.mark.parametrize(
    "text",
    [
        "mijn laptop start niet meer op en ik kan niet verder",
        "Het scherm is zwart. Zo kan ik echt niet werken!",
        "outlook crasht de hele tijd, we kunnen hierdoor niet meer doorwerken",
        "'t programma hangt, k kan ni voort",
        "printer stuk, geraak niet meer verder",
        "netwerk weg, niemand van de balie kan nog werken",
        "my screen stays black and I can't continue working",
        "Teams will not open, I cannot do my job",
        "The counter app is down. We’re completely stuck.",
        "no network in the library, nobody can work",
        "mon ordinateur ne démarre plus et je ne peux pas continuer",
        "Excel plante, je ne peux plus travailler",
        "plus de réseau, impossible de travailler",
        "l'appli est en panne, on est complètement bloqués",
        "je n’arrive plus à travailler, l’écran reste noir",
    ],
)
def test_who_says_that_they_cannot_go_on_need_not_say_it_again(text: str) -> None:
    assert urgency_in(text) is Urgency.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "de muis hapert, niet dringend",
        "mijn tweede scherm flikkert maar het kan nog wel wachten",
        "the printer leaves stripes, no rush",
        "My headset crackles. It isn’t very urgent.",
        "la souris saute un peu, rien d'urgent",
        "le clavier colle, ce n'est pas pressé",
    ],
)
def test_what_can_wait_by_its_own_words_can_wait(text: str) -> None:
    assert urgency_in(text) is Urgency.LOW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mijn laptop start niet meer op",
        "ik kan niet werken met Excel, wie toont het mij?",
        "ik kan niet wachten op de nieuwe versie",
        "my account is stuck on the login page",
        "mon compte est bloqué",
        "niet dringend voor mij, maar mijn collega kan niet verder",
        "kan " * 3_000,
    ],
)
def test_what_a_text_does_not_say_clearly_is_asked(text: str) -> None:
    assert urgency_in(text) is None
