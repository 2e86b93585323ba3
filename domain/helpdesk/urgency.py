"""How long something can wait, when who reports it says so in so many words: the form begins with that answer."""

from __future__ import annotations

import re
import unicodedata

from domain.helpdesk.policy import Urgency

READ = 2_000
"""Characters of a text that are looked at."""

_STUCK = re.compile(
    r"""\b(?:
        (?:kan|kunnen|kun|kon|konden)\ (?:\S+\ ){0,4}?(?:niet|nie|ni|niks|niets)\ (?:\w+\ )?
         (?:verder|voort|(?:door|voort|verder)?werken)
        |(?:raak|raken|geraak|geraken|kom|komen)\ (?:\S+\ ){0,2}?(?:niet|nie|ni)\ (?:meer\ )?(?:verder|vooruit)
        |niemand\ (?:\S+\ ){0,3}?(?:kan|verder)\ (?:\w+\ )?werken
        |(?:we|wij|alles|iedereen)\ (?:lig|ligt|liggen|sta|staat|staan)\ (?:\w+\ )?stil

        |(?:can't|cant|cannot|can\ not|can\ no\ longer|couldn't|unable\ to|not\ able\ to)\ (?:\w+\ )?
         (?:continue|go\ on|go\ any\ further|carry\ on|proceed|work|do\ (?:my\ (?:job|work)|anything)
          |get\ any(?:thing|\ work)\ done)
        |(?:nobody|no\ one)\ (?:\w+\ ){0,3}?can\ (?:work|continue|go\ on)
        |(?:i'm|im|i\ am|we're|we\ are)\ (?:\w+\ )?stuck

        |(?:peux|peut|pouvons|peuvent|sais|savons|arrive|arrivons)\ (?:\w+\ )?(?:pas|plus|rien)\ (?:\w+\ )?
         (?:continuer|travailler|avancer|poursuivre|faire\ mon\ travail)
        |impossible\ (?:\w+\ ){0,2}?(?:de|d')\ ?(?:continuer|travailler|avancer|poursuivre)
        |(?:je\ suis|nous\ sommes|on\ est)\ (?:\w+\ )?(?:bloque|coince)e?s?
    )\b(?!\ (?:met|with|out|avec|sur|on)\b)""",
    re.VERBOSE,
)
"""Not "ik kan niet werken met Excel", which asks how."""
_CAN_WAIT = re.compile(
    r"""\b(?:
        (?:niet|nie|ni|niks|niets)\ (?:\w+\ )?(?:dringend|gehaast)|(?:geen|zonder)\ (?:\w+\ )?(?:spoed|haast)
        |(?:kan|mag)\ (?:(?:nog|wel|gerust|zeker|best|even)\ ){0,2}wachten
        |(?:not|isn't|nothing)\ (?:\w+\ )?urgent|no\ (?:\w+\ )?(?:rush|hurry)|can\ (?:easily\ )?wait
        |(?:pas|rien\ d'|sans|aucune)\ ?(?:\w+\ )?(?:urgent|urgence|presse)|peut\ (?:bien\ )?attendre
    )\b""",
    re.VERBOSE,
)


def urgency_in(text: str) -> Urgency | None:
    """What a text says about going on with the work; None when it does not say, or says both."""
    said = unicodedata.normalize("NFKD", text[:READ].lower().replace("’", "'"))
    plain = " ".join("".join(sign for sign in said if not unicodedata.combining(sign)).split())
    stuck, can_wait = _STUCK.search(plain), _CAN_WAIT.search(plain)
    if bool(stuck) is bool(can_wait):
        return None
    return Urgency.HIGH if stuck else Urgency.LOW
