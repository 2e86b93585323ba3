"""Reading a message the way a person at the desk would: evened-out words, and the signs that show what is wanted.

Nothing here knows an intent. What a sign weighs for each intent is learned from the examples.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

LONGEST = 1_600
"""Characters of a message that are read: its beginning and its end. More adds cost, not certainty."""

LONGEST_COMPOUND = 40
MOST_KNOWN = 20_000
"""Words whose meaning is remembered; people's vocabulary is small, and noise is not worth the memory."""

_WORD = re.compile(r"[a-z0]+|[?!]")
_DIGITS = re.compile(r"\d+")
_STRETCHED = re.compile(r"([a-z?!])\1{2,}")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+")
_NOT = re.compile(r"\b(can)['’`]t\b|n['’`]t\b")

Spellings = Mapping[str, Sequence[str]]


def excerpt(text: str) -> str:
    """The part of a message that is read. People greet, tell, and ask at the end: both ends are kept."""
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"


def words(text: str, spellings: Spellings | None = None) -> list[str]:
    """The words of a text, and its question and exclamation marks, evened out: lower case, no accents, every
    number `0`, a web or mail address one word, stretched letters cut (`heeeel` → `heel`), dialect respelled."""
    text = excerpt(text).lower()
    if "@" in text or "/" in text or "www" in text:
        text = _ADDRESS.sub(" weblink ", text)
    if not text.isascii():
        text = _fold(text)
    text = _DIGITS.sub("0", _NOT.sub(lambda found: f"{found[1] or ''} not", text))
    found = _WORD.findall(_STRETCHED.sub(r"\1\1", text))
    if not spellings:
        return found
    return list(chain.from_iterable(spellings.get(word, (word,)) for word in found))


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
        elif character in "’‘`":
            folded.append("'")
        elif kind[0] != "M" and kind != "Sk":  # accents and skin tones are dropped
            folded.append(" ")
    return "".join(folded)


_LETTERS = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ı": "i", "ł": "l"}
_CHEERFUL = frozenset("👍🙏😊😀😃😄😁🙂😉😍🥰❤💪👏🎉👌✅☺😂🤣😘🤗👋💯🥳")


class Phrasebook:
    """Names of the phrases that occur in a message. A phrase is one or more words; one word may end in `*`, which
    then covers every ending. A long word may also end in one: `kassaprinter` is a printer."""

    def __init__(self, phrases: Mapping[str, Iterable[str]], spellings: Spellings | None = None) -> None:
        self._words: dict[str, list[str]] = {}
        self._phrases: dict[str, list[tuple[list[str], str]]] = {}
        """Of several words, by the first."""
        self._stems: dict[str, list[str]] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        """What a single word says; filled as words are met."""
        for name, written in phrases.items():
            for phrase in written:
                said = words(phrase, spellings)
                if phrase.endswith("*"):
                    self._stems.setdefault(said[0], []).append(name)
                elif len(said) == 1:
                    self._words.setdefault(said[0], []).append(name)
                elif said:
                    self._phrases.setdefault(said[0], []).append((said, name))
        self._stem_lengths = sorted({len(stem) for stem in self._stems}, reverse=True)

    def names(self, said: Sequence[str]) -> list[str]:
        """In the order they are said; a name as often as it occurs."""
        found: list[str] = []
        for start, word in enumerate(said):
            found.extend(self._known.get(word) or self._alone(word))
            for phrase, name in self._phrases.get(word, ()):
                if said[start : start + len(phrase)] == phrase:
                    found.append(name)
        return found

    def length_at(self, said: Sequence[str], start: int) -> int:
        """How many words the longest phrase takes that starts here; 0 when none does."""
        word = said[start]
        longest = 1 if word in self._words else 0
        for phrase, _ in self._phrases.get(word, ()):
            if len(phrase) > longest and said[start : start + len(phrase)] == phrase:
                longest = len(phrase)
        return longest

    def _alone(self, word: str) -> tuple[str, ...]:
        known = self._known.get(word)
        if known is None:
            known = tuple(dict.fromkeys(self._meanings(word)))
            if len(self._known) < MOST_KNOWN and len(word) <= LONGEST_COMPOUND:
                self._known[word] = known
        return known

    def _meanings(self, word: str) -> Iterator[str]:
        whole = self._words.get(word, ())
        yield from whole
        for length in self._stem_lengths:
            if length <= len(word):
                yield from self._stems.get(word[:length], ())
        if not whole and 8 < len(word) <= LONGEST_COMPOUND:
            for cut in range(3, len(word) - 3):
                if ending := self._words.get(word[cut:]):
                    yield from ending
                    return


def without_courtesies(said: Sequence[str], greetings: Phrasebook, closings: Phrasebook) -> list[str]:
    """The words between the greeting and the thanks. A message that is nothing else is kept whole."""
    start, end = 0, len(said)
    while start < end and (length := greetings.length_at(said, start)):
        start += length
        while start < end and said[start] == "!":
            start += 1
    for first in range(max(start, end - 7), end):
        length = closings.length_at(said, first)
        if length and end - (first + length) <= (2 if first else 1):  # a name may follow
            end = first
            break
    return list(said[start:end] if start < end else said)


SIGNS: Mapping[str, Sequence[str]] = {
    name: phrases.split(", ")
    for name, phrases in {
        "not": "niet, geen, nergens, niks, niets, not, no, nothing, pas, aucun, aucune, rien, ne, n, "
        "sans, zonder",
        "it_worked": "tot gisteren, tot vorige, tot vanmorgen, gisteren, daarvoor, voordien, normaal, "
        "altijd, vroeger, vorige week, until, yesterday, used to, worked, before, last week, "
        "always, hier, avant, jusqu, d habitude, marchait, fonctionnait",
        "since": "ineens, plots, plotseling, opeens, sinds, sedert, vanmorgen, vanochtend, vandaag, "
        "constant, telkens, weer, steeds, alweer, suddenly, since, keeps, keep, again, this "
        "morning, depuis, soudain, tout a coup, ce matin, encore",
        "never_had": "nog geen, nog nooit, nog niets, nooit, net begonnen, pas begonnen, never, not yet, "
        "jamais, pas encore, nouveau collegue, nouvelle collegue",
        "forgotten": "vergeten, vergat, kwijt, ontschoten, forgot, forgotten, forget, remember, oublie, "
        "souviens, reset, resetten, reinitialiser",
        "by_myself": "zelf, per ongeluk, per abuis, gewist, verwijderd, weggegooid, gedelete, overschreven, "
        "accidentally, by mistake, by accident, deleted, removed, wiped, overwrote, myself, par "
        "erreur, supprime, efface, ecrase",
        "new": "nieuw, nieuwe, nieuws, extra, bijkomend, bijkomende, new, another, additional, "
        "nouveau, nouvel, nouvelle, nouveaux, supplementaire, autre",
        "i_want": "ik wil, ik wens, ik zou, ik zoek, ik moet, wil ik, zou ik, moet ik, i want, i would, i "
        "need, i d, need, je veux, je voudrais, je souhaite, je cherche, j aimerais, il me "
        "faut, besoin",
        "we_want": "we willen, wij willen, we zouden, wij zouden, we zoeken, wij zoeken, we moeten, willen "
        "we, zouden we, we want, we would, we need, we d, nous voulons, nous voudrions, nous "
        "souhaitons, on voudrait, on aimerait, on veut, il nous faut",
        "can_you": "kan je, kan jij, kan u, kunnen jullie, kan iemand, kan er, wil je, kunnen we, kunnen "
        "wij, mag ik, mogen we, mogen wij, kan ik, can you, could you, would you, can someone, "
        "could someone, can i, could i, can we, could we, may i, peux tu, pouvez vous, pourriez "
        "vous, puis je, peut on, quelqu un",
        "how": "hoe, hoelang, hoeveel, how, comment, combien",
        "which": "wat, waar, waarom, wanneer, welk, welke, what, where, why, when, which, quel, quelle, "
        "quels, quelles, ou, pourquoi, quand, c est quoi, qu est ce",
        "who": "wie, who, qui",
        "somebody": "iemand, een collega, een persoon, someone, somebody, anyone, anybody, quelqu un, un "
        "collegue",
        "should": "zou, zouden, would, could, should, serait, pourrait, pourrions, faudrait, devrait",
        "please": "graag, please, gelieve",
    }.items()
}
"""What people say around the thing they talk about, in three languages."""

_NEGATIONS = frozenset({"niet", "geen", "niks", "niets", "nergens", "not", "no", "ne", "n", "pas"})
_MORE = frozenset({"meer", "more", "longer", "plus"})
_HARD_TO_SAY = re.compile(
    r"\b[bcdfghjklmnpqrstvwxz]{4,}\b|[bcdfghjklmnpqrstvwxz]{9}|asdf|qsdf|qwer|azer|zxcv|wxcv|hjkl|jklm|sdfg|dfgh"
)


def shape(said: Sequence[str]) -> Iterator[str]:
    """What stands out in evened-out words whatever they are about: a better past, a question, the length."""
    for place, word in enumerate(said):
        if word in _MORE:
            around = said[max(0, place - 5) : place]
            if not _NEGATIONS.isdisjoint(around):
                yield "no_longer"
                if "weet" in around or "know" in around or "remember" in around or "sais" in around:
                    yield "not_remembered"
    if "?" in said:
        yield "question_mark"
        yield "question_at_end" if said[-1] == "?" else "question_inside"
    if "!" in said:
        yield "exclamation"
    if "0" in said:
        yield "number"
    yield f"length_{_size(len(said))}"
    if not any(map(str.isalpha, said)):
        yield "no_words"
    if _HARD_TO_SAY.search(" ".join(said)):
        yield "gibberish"


def _size(length: int) -> str:
    return next((f"to_{limit}" for limit in (1, 2, 4, 8, 15, 30) if length <= limit), "long")
