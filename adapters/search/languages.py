"""What the search knows of each language: its stop words, its endings, and how it makes words of words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Language:
    """`stem` takes a folded word (a–z, 0–9). `links` are the letters between the parts of a compound.

    `particles` are the loose parts of separable verbs. With `elides`, an apostrophe parts two words (`l'équipe`);
    without, it is inside one (`foto's`).
    """

    code: str
    stop_words: frozenset[str]
    stem: Callable[[str], str]
    links: tuple[str, ...] = ()
    particles: frozenset[str] = frozenset()
    elides: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _listed(text: str) -> tuple[str, ...]:
    """In the order in which they are tried, so a long ending comes before the short one it ends in."""
    return tuple(text.split())


_DUTCH_STOP = _words(
    """de het een en of maar want dus als dan dat die dit deze er hier daar is was zijn ben bent wordt
    worden word werd heb hebt heeft hebben had kan kun kunt kunnen kon wil wilt willen wou moet
    moeten moest mag mogen zal zullen zou ik je jij jou jouw u uw hij zij ze we wij ons onze hun hen
    me mij mijn m n t zich zo te om van voor met op in aan bij door naar uit over tot per hoe wat
    waar waarom wanneer welke welk wie wel nog al ook even eens gewoon graag alsjeblieft aub svp
    iets iemand iemands alles alle veel meer heel zeer net pas ga gaat gaan doe doet doen laat laten
    krijg krijgt krijgen weet weten vraag vraagje hallo hoi hey dag goedemorgen goeiemorgen beste
    collega collegas dank bedankt thx mvg groetjes eigenlijk precies nu ineens toch steeds altijd
    nooit soms want omdat zodat doordat terwijl waarop waarin waarmee waarvoor daarvoor daarmee
    hiervoor ermee ervan erop eraan erin ervoor mogelijk a b s"""
)
_FRENCH_STOP = _words(
    """le la les l un une des de du d et ou mais donc car si que qu qui quoi dont ce c cet cette ces ca
    cela il elle on nous vous ils elles je j tu me m te t se s lui leur leurs mon ma mes ton ta tes
    son sa ses notre nos votre vos est sont suis es etes etre etait sera a ai as avons avez ont
    avoir avait peut peux pouvez puis pouvoir dois doit devez faut dans en sur sous par pour avec
    sans au aux chez vers entre comment pourquoi quand ou quel quelle quels quelles combien y ne n
    pas plus tres bien aussi tout tous toute toutes meme fait faire bonjour merci svp"""
)
_ENGLISH_STOP = _words(
    """the a an and or but if of to in on at by for from with without about into over is are was were be
    been am do does did can could may might must shall should will would i me my mine you your he
    she it its we us our they them their this that these those there here what which who whom how
    why when where not no so as than then too very just also have has had get got please hello hi
    thanks want need s t m re ve ll don"""
)

_PARTICLES = _words(
    "aan achter af bij binnen door in los mee na om onder op open over rond samen tegen terug thuis toe "
    "tussen uit vast verder vol voor voort vrij weg weer klaar stop"
)

_DOUBLE_VOWEL = re.compile(r"([aeou])\1")
_DOUBLE_CONSONANT = re.compile(r"([bdfgklmnprst])\1$")
_VOWEL = re.compile(r"[aeiouy]")
_DIMINUTIVE = re.compile(r"(?:et|t|p)?jes?$")
_BEFORE_DENTAL = "bcfghklmnprsvwz"
_SEPARABLE_PARTICIPLE = re.compile(
    rf"^({'|'.join(sorted(_PARTICLES, key=len, reverse=True))})ge(?=\w{{3,}}(?:d|t|en)$)"
)
_NO_PARTICIPLE = _listed(
    "gebruik gebeur geluid gegeven gemeent gesprek geheim geheug gezond gevoel gewoon gebied getal gevel"
)
_KEEPS_S = _words("adres proces congres succes expres campus status cursus virus")


def _dutch_stem(word: str) -> str:
    """Light: the endings of plurals, verbs and diminutives, the `ge` of a participle, and doubled letters.

    Words that belong together (`deel`, `delen`, `deelt`, `gedeeld`) get one stem; what it looks like is of no concern.
    """
    if len(word) <= 3 or word.isdigit():
        return word
    stem = _without_ge(word)
    if stem.endswith("s") and stem[-2] not in "siu" and stem not in _KEEPS_S:
        stem = stem[:-1]
    stem = _diminutive(stem)
    stem = _cut(stem, "heden", "heid") or _cut(stem, "en") or _cut(stem, "e") or stem
    if len(stem) > 3 and stem[-1] in "dt" and stem[-2] in _BEFORE_DENTAL:
        stem = stem[:-1]
    stem = _DOUBLE_VOWEL.sub(r"\1", stem)
    for ending in ("ing", "end", "er"):
        stem = _cut(stem, ending) or stem
    stem = _DOUBLE_CONSONANT.sub(r"\1", stem)
    if stem.endswith("v"):
        return stem[:-1] + "f"
    return stem[:-1] + "s" if stem.endswith("z") else stem


def _without_ge(word: str) -> str:
    if word.startswith("ge"):
        participle = (
            len(word) >= 6 and word.endswith(("d", "t", "en")) and not word.startswith(_NO_PARTICIPLE)
        )
        return word[2:] if participle else word
    return _SEPARABLE_PARTICIPLE.sub(r"\1", word) if "ge" in word else word


def _cut(word: str, ending: str, instead: str = "") -> str:
    """The word without an ending; empty when it does not have it or too little would be left."""
    if not word.endswith(ending):
        return ""
    left = word[: -len(ending)]
    return left + instead if len(left) >= 3 and _VOWEL.search(left) else ""


def _diminutive(word: str) -> str:
    if not word.endswith(("je", "jes")):
        return word
    left = _DIMINUTIVE.sub("", word)
    return left if len(left) >= 3 else word


_FRENCH_ENDINGS = _listed(
    """issements issement ations ation ements ement ments ment ateurs ateur euses euse eurs eur ives
    ive ifs if ables able ences ence ances ance ites ite ions ion antes ants ante ant aient erez era
    ees ee er ez ir ent es e s x"""
)
_ENGLISH_ENDINGS = _listed("""ations ation ments ment ings ing edly ed ies es ly s e""")


def _suffix_stem(endings: tuple[str, ...]) -> Callable[[str], str]:
    def stem(word: str) -> str:
        if len(word) <= 3 or word.isdigit():
            return word
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                return _DOUBLE_CONSONANT.sub(r"\1", word[: -len(ending)])
        return word

    return stem


@cache
def language(code: str) -> Language:
    """The language of a code such as `nl`; an unknown one is treated as Dutch."""
    if code == "fr":
        return Language("fr", _FRENCH_STOP, _suffix_stem(_FRENCH_ENDINGS), elides=True)
    if code == "en":
        return Language("en", _ENGLISH_STOP, _suffix_stem(_ENGLISH_ENDINGS))
    return Language("nl", _DUTCH_STOP, _dutch_stem, ("", "s", "en", "e", "n"), _PARTICLES)


def spoken_in(text: str, usually: str) -> str:
    """The language a text is in, by its small words; `usually` unless they clearly tell another."""
    words = re.findall(r"[a-zà-ÿ]+", text[:500].lower())
    known = {code: sum(word in small for word in words) for code, small in _SMALL.items()}
    likeliest = max(known, key=known.__getitem__)
    return likeliest if known[likeliest] >= known.get(usually, 0) + CLEARLY else usually


CLEARLY = 2
"""Small words more than the person's usual language has: `in` and `de` are words of several."""
_SMALL = {"nl": _DUTCH_STOP, "fr": _FRENCH_STOP, "en": _ENGLISH_STOP}
