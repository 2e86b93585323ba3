"""Reading a message the way a person at the desk would: evened-out words, and the signs that show what is wanted.

Nothing here knows an intent. The signs are plain features; what they weigh is learned from the examples.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

LONGEST = 1_600
"""Characters of a message that are read: its beginning and its end. More adds cost, not certainty."""

_WORD = re.compile(r"[a-z0]+|[?!]")
_DIGITS = re.compile(r"\d+")
_STRETCHED = re.compile(r"([a-z?!])\1{2,}")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+")
_NOT = re.compile(r"\b(can)['’`]t\b|n['’`]t\b")

Spellings = Mapping[str, Sequence[str]]
Phrases = Mapping[str, Sequence[Sequence[str]]]
"""Phrases of one or more words by their first word, the longest first."""


def excerpt(text: str) -> str:
    """The part of a message that is read. People greet, tell, and ask at the end: both ends are kept."""
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"


def words(text: str, spellings: Spellings | None = None) -> list[str]:
    """The words of a text, and its question and exclamation marks, evened out: lower case, no accents, every
    number `0`, a web or mail address one word, stretched letters cut (`heeeel` → `heel`), dialect respelled."""
    text = _ADDRESS.sub(" weblink ", excerpt(text).lower())
    if not text.isascii():
        text = _fold(text)
    text = _DIGITS.sub("0", _NOT.sub(lambda found: f"{found[1] or ''} not", text))
    found = _WORD.findall(_STRETCHED.sub(r"\1\1", text))
    if not spellings:
        return found
    evened: list[str] = []
    for word in found:
        spelled = spellings.get(word)
        if spelled is None:
            evened.append(word)
        else:
            evened.extend(spelled)
    return evened


def _fold(text: str) -> str:
    """Without accents; a character of another alphabet or an emoji becomes a word that says so."""
    folded: list[str] = []
    for character in unicodedata.normalize("NFKD", text):
        if character.isascii():
            folded.append(character)
        elif (kind := unicodedata.category(character)) == "So":
            folded.append(" smiley " if character in _CHEERFUL else " emoji ")
        elif kind[0] == "L":
            folded.append(_LETTERS.get(character) or " foreign ")
        elif kind[0] != "M" and kind != "Sk":  # accents and skin tones are dropped
            folded.append(" ")
    return "".join(folded)


_LETTERS = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ı": "i", "ł": "l"}
_CHEERFUL = frozenset("👍🙏😊😀😃😄😁🙂😉😍🥰❤💪👏🎉👌✅☺😂🤣😘🤗👋💯🥳")


def index_phrases(phrases: Iterable[Sequence[str]]) -> dict[str, list[Sequence[str]]]:
    by_first: dict[str, list[Sequence[str]]] = {}
    for phrase in sorted((phrase for phrase in phrases if phrase), key=len, reverse=True):
        by_first.setdefault(phrase[0], []).append(phrase)
    return by_first


def without_courtesies(said: Sequence[str], greetings: Phrases, closings: Phrases) -> list[str]:
    """The words between the greeting and the thanks. A message that is nothing else is kept whole."""
    start, end = 0, len(said)
    while start < end and (length := _phrase_at(said, start, greetings)):
        start += length
        while start < end and said[start] == "!":
            start += 1
    while end > start and (length := _phrase_before(said, start, end, closings)):
        end -= length
    return list(said[start:end] if start < end else said)


def _phrase_at(said: Sequence[str], start: int, phrases: Phrases) -> int:
    for phrase in phrases.get(said[start], ()):
        if list(said[start : start + len(phrase)]) == list(phrase):
            return len(phrase)
    return 0


def _phrase_before(said: Sequence[str], start: int, end: int, phrases: Phrases) -> int:
    """How many words the closing at the end takes: `groetjes`, `alvast bedankt !`, and a name after it."""
    for first in range(max(start, end - 7), end):
        for phrase in phrases.get(said[first], ()):
            after = first + len(phrase)
            if (
                after <= end
                and list(said[first:after]) == list(phrase)
                and end - after <= (2 if first else 1)
            ):
                return end - first
    return 0


_SIGNS: Sequence[tuple[str, re.Pattern[str]]] = tuple(
    (name, re.compile(rf"\b(?:{pattern})\b"))
    for name, pattern in {
        "not": "niet|geen|nergens|niks|niets|not|no|nothing|pas|aucune?|rien|ne",
        "no_longer": r"(?:niet|geen|niks|niets|nergens)(?: \w+){0,3} meer|(?:not|no)(?: \w+){0,4} more|no longer|"
        r"(?:ne|n|est|a|ai) (?:\w+ ){0,2}plus|plus (?:rien|moyen|acces|aucune?|de|du)|stopped",
        "it_worked": "tot (?:gisteren|vorige|vanmorgen|deze)|gisteren|daarvoor|voordien|normaal|altijd|vorige week|"
        "until|yesterday|used to|worked|before|last week|always|hier|avant|jusqu|d habitude|marchait|fonctionnait",
        "since": "ineens|plots|plotseling|opeens|sinds|sedert|vanmorgen|vanochtend|vandaag|constant|telkens|weer|"
        "steeds|alweer|suddenly|since|keeps?|again|this morning|depuis|soudain|tout a coup|ce matin|encore|toujours",
        "never_had": "nog (?:geen|nooit|niets|nergens)|nooit|net begonnen|pas begonnen|nieuwe (?:collega|medewerker|"
        "stagiair|jobstudent)|start(?:en)?|begint|never had|new (?:colleague|starter|employee|joiner|intern)|starts|"
        "joins|jamais eu|nouve(?:au|lle) collegue|stagiaire|commence",
        "forgotten": "vergeten|vergat|kwijt|weet (?:ik )?(?:mijn )?\\w* ?niet meer|forgot|forgotten|oublie|oubliee|reset",
        "by_myself": "zelf|per ongeluk|gewist|verwijderd|weggegooid|gedeletet?|accidentally|by mistake|deleted|removed|"
        "par erreur|supprime|efface",
        "new": "nieuwe?|nieuws|extra|bijkomende?|new|another|additional|extra|nouve(?:au|l|lle)s?|supplementaire|autre",
        "i_want": "ik (?:wil|wens|zou|zoek|moet)|(?:we|wij) (?:willen|wensen|zouden|zoeken|moeten)|graag|zouden? (?:ik|"
        "we|wij|graag|willen)|i (?:want|would|need|d)|we (?:want|would|need|d)|je (?:veux|voudrais|souhaite|cherche)|"
        "(?:nous|on) (?:voulons|voudrions|souhaitons|aimerions|cherchons|voudrait|aimerait|veut)|j aimerais|besoin",
        "can_you": "(?:kan|kun|kunnen|wil|willen|mag|mogen) (?:je|jij|jullie|u|iemand|er|we|wij|ik)|(?:can|could|would|"
        "will) (?:you|someone|somebody|anyone|i|we)|(?:peux|pouvez|pourriez|pourrais) (?:tu|vous)|quelqu un",
        "may": "mag|mogen|toegelaten|toegestaan|verboden|verplicht|may|allowed|permitted|must|autorise|permis|interdit|"
        "obligatoire|a t on le droit|ai je le droit|peut on|puis je",
        "how": "hoe|hoelang|hoeveel|how|comment|combien",
        "which": "wat|waar|waarom|wanneer|welke?|what|where|why|when|which|quel(?:le)?s?|ou|pourquoi|quand",
        "who": "wie|who|qui",
        "somebody": "iemand|een collega|een persoon|someone|somebody|anyone|anybody|quelqu un|un collegue|une personne",
        "should": "zou|zouden|zou het|kunnen we|wouldn|would|could we|should|it would be|serait|pourrait|pourrions|"
        "faudrait|devrait",
        "mine": "mijn (?:\\w+ )?(?:melding|meldingen|aanvraag|aanvragen|ticket|tickets|verzoek|verzoeken|vraag|vragen|"
        "dossiers?|zaken)|my (?:\\w+ )?(?:tickets?|requests?|cases?|reports?|items?)|m[ae]s? (?:\\w+ )?(?:demandes?|"
        "tickets?|signalements?|dossiers?)",
        "progress": "status|stand van zaken|hoever|hoe ver|hoe (?:zit|staat) het|openstaande?|staat (?:er )?(?:nog )?open|"
        "nog (?:altijd )?(?:niets|niks|geen|nieuws)|progress|update|any news|pending|still waiting|ou en est|statut|"
        "avancement|suivi|en cours|nouvelles",
        "on_paper": "papieren|op papier|schriftje|overtypen|typen|handmatig|manueel|on paper|by hand|manually|"
        "sur papier|a la main|manuellement",
        "together": "samen|naast|stap voor stap|ter plaatse|in person|next to|together|step by step|ensemble|a cote|"
        "pas a pas|sur place",
        "number": "0|[iaws] 0 0|i0|a0|w0|s0",
    }.items()
)


def signs(said: Sequence[str]) -> Iterator[str]:
    """What stands out in evened-out words: denial, a past that was better, a wish, a question, its length."""
    sentence = " ".join(said)
    for name, pattern in _SIGNS:
        if pattern.search(sentence):
            yield name
    if "?" in said:
        yield "question_mark"
    if "!" in said:
        yield "exclamation"
    yield f"length_{_size(len(said))}"
    if not any(map(str.isalpha, said)):
        yield "no_words"
    if any(map(_gibberish, said)):
        yield "gibberish"


def _size(length: int) -> str:
    return next((f"to_{limit}" for limit in (1, 2, 4, 8, 15, 30) if length <= limit), "long")


_HARD_TO_SAY = re.compile(
    r"[bcdfghjklmnpqrstvwxz]{6}|^[bcdfghjklmnpqrstvwxz]{4,5}$|^[qwertyasdfghjklzxcvbnm]{25,}$|asdf|qsdf|"
    r"qwer|azer|zxcv|wxcv|hjkl|jklm|sdfg|dfgh"
)


def _gibberish(word: str) -> bool:
    return _HARD_TO_SAY.search(word) is not None
