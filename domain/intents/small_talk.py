"""What kind of small talk somebody makes, so that one short line fits it."""

from __future__ import annotations

import re
from enum import StrEnum


class SmallTalk(StrEnum):
    THANKS = "thanks"
    HOW_ARE_YOU = "how_are_you"
    JOKE = "joke"
    ROBOT = "robot"
    GOODBYE = "goodbye"
    UNKIND = "unkind"
    OTHER = "other"


_KINDS = {
    SmallTalk.THANKS: r"""
        bedankt|dank\w*|merci\w*|thanks?|thx|ta|cheers|appreciate\w*|top|toppers?|super\w*|perfect|parfait|geweldig
        |g[ée]nial|knap|proficiat|bravo|chapeau|nickel|impeccable|awesome|brilliant|excellent|lovely|wonderful|legend
        |held|gentil|aimable|slim|goed\ (?:gedaan|zo|geholpen)|(?:good|great)\ (?:job|stuff|bot)|well\ done|nice\ one
        |you\ (?:rock|are\ great)|bon\ robot|meilleur|(?:de|the)\ best[e]?|👍|🙏|👏|❤|💯
        """,
    SmallTalk.UNKIND: r"""
        stom|stomme|dom|domme|nutteloos|slechte?|idioot|onnozel\w*|rotding|stupid|useless|idiot|dumb|rubbish|bad\ bot
        |nul|nulle|sers\ à\ rien|mauvais|fuck\w*|shit|merde|putain|kut|verdomme|godver\w*
        """,
    SmallTalk.JOKE: r"mop\w*|grap\w*|joke\w*|blague\w*|sing|zing|chante",
    SmallTalk.HOW_ARE_YOU: r"""
        hoe\ (?:gaat|is)\ (?:het|'t|ie)|alles\ (?:goed|kits)(?:\ met\ (?:je|jou|u))?
        |how\ (?:are\ (?:you|things)|is\ it\ going)|comment\ (?:ça\ va|vas|allez)|ça\ va\ ?\?|tu\ vas\ bien|bien\ dormi
        """,
    SmallTalk.ROBOT: r"""
        (?:een|a|an|un)\ (?:robot|bot|machine|mens|computer)|human|humain|chatgpt|copilot|ai|ia|kevin
        |ben\ je\ echt|are\ you\ real|wie\ (?:heeft|maakte)\ (?:jou|je)|who\ made\ you|qui\ t.a\ créé
        |slaap\ je|werk\ je|do\ you\ (?:sleep|drink|like)|tu\ (?:dors|bois|aimes)|(?:how\ old|hoe\ oud|quel\ âge)\b.*
        """,
    SmallTalk.GOODBYE: r"""
        tot\ (?:ziens|later|morgen|straks|de\ volgende)|doei|salukes|slaap\ ?wel|ciao|bye|goodbye|see\ you|take\ care
        |au\ revoir|à\ (?:plus|demain|bientôt|la\ prochaine)|have\ a\ (?:nice|good|great)\ \w+
        |(?:fijne?|prettige?|goede|nice|good|lovely|happy|bon|bonne|bonnes)\ (?:\w+\ )?(?:dag|avond|weekend|nacht
        |vakantie|day|evening|night|friday|week-end|journée|soirée|nuit|vacances)
        """,
}
_PATTERNS = {
    kind: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE | re.VERBOSE)
    for kind, words in _KINDS.items()
}


_PLAIN = frozenset({SmallTalk.ROBOT, SmallTalk.HOW_ARE_YOU, SmallTalk.JOKE, SmallTalk.GOODBYE})
_FEW = 5
_TO_ME = re.compile(
    r"""(?:\W|\b(?:jij|je|gij|ge|bent|ben|zijt|is|een|echt|wat|toch|zo|zeg|deze|die|dit|dat|ding|bot|robot|chatbot|wijzer
        |you|you're|are|a|an|so|this|that|it|what|the|tu|es|vraiment|c'est|quel|ce|alors|trop|is|off)\b)*""",
    re.IGNORECASE | re.VERBOSE,
)


def is_plainly_small_talk(text: str) -> bool:
    """A few words of a kind that says nothing else. *Super traag* begins as thanks do, and what is called names may be
    a printer: unkind words count when they are all there is, or are said to a bot."""
    if len(text.split()) > _FEW:
        return False
    kind = small_talk(text)
    if kind is SmallTalk.UNKIND:
        return _TO_ME.fullmatch(_PATTERNS[kind].sub(" ", text)) is not None
    return kind in _PLAIN


def small_talk(text: str) -> SmallTalk:
    """Thanks go before all else: *bedankt, tot ziens* is thanked for."""
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(text)), SmallTalk.OTHER)
