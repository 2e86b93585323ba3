"""People's text as it may stand in a card: the characters they typed, none of them with a meaning of its own.

TextRun already takes Markdown and HTML literally. What is left: control characters, direction marks that
would turn the rest of the card around, half characters that cannot be sent, and `{{DATE(…)}}`, which a
renderer replaces anywhere.
"""

from __future__ import annotations

import re
from typing import Final

FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_ISOLATE: Final = "\u2069"
WORD_JOINER: Final = "\u2060"
ZERO_WIDTH_JOINER: Final = "\u200d"
LONGEST_CHARACTER: Final = 16
"""Code points that one drawn character has at most; a longer pile of accents is cut through."""

_BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_UNUSUAL = re.compile(rf"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029{_BIDI_CONTROLS}]|{{{{")
_LIST_MARK = re.compile(r"^\s*(?:[-+]|\d+[.)])(?=\s|$)", re.MULTILINE)
_LOOKALIKES_IN_LISTS = str.maketrans("-+.)", "\u2011\uff0b\u2024\uff09")
_LOOKALIKES = str.maketrans(
    "*_`[]<>~#&\\", "\u2217\uff3f\u02cb\uff3b\uff3d\uff1c\uff1e\uff5e\uff03\uff06\uff3c"
)
_EXTENDS = re.compile("[\u200d\ufe0e\ufe0f\u0300-\u036f\U0001f3fb-\U0001f3ff]")


def literal(text: str) -> str:
    """The text with control characters made visible and its direction kept to itself. Safe to repeat."""
    if text.isascii() and text.isprintable() and "{{" not in text:
        return text  # nearly every label and sentence
    if _UNUSUAL.search(text):
        text = _UNUSUAL.sub(_visible, text.replace("\r\n", "\n"))
    if _RIGHT_TO_LEFT.search(text):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
    return text


def unmarked(text: str) -> str:
    """Literal text for the one place that reads Markdown all the same: the choices of an input. Marks are replaced
    by characters that look like them, as an escape would be seen where Markdown is not read."""
    return _LIST_MARK.sub(lambda mark: mark.group().translate(_LOOKALIKES_IN_LISTS), literal(text)).translate(
        _LOOKALIKES
    )


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters and an ellipsis, cut between words where there is one near, never inside an emoji.

    It also takes at most two bytes a character on average, so that a card full of emoji can still be sent.
    """
    end = min(limit, len(text))
    if not text.isascii():
        end = len(text[:end].encode("utf-8", "replace")[: 2 * limit].decode("utf-8", "ignore"))
    if end == len(text):
        return text
    space = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end))
    if space > end - 40:
        end = space
    for _ in range(LONGEST_CHARACTER):
        if end == 0 or not (_EXTENDS.match(text[end]) or text[end - 1] == ZERO_WIDTH_JOINER):
            break
        end -= 1
    return text[:end].rstrip() + "…"


def _visible(match: re.Match[str]) -> str:
    found = match.group()
    if found == "{{":
        return "{" + WORD_JOINER + "{"
    code = ord(found)
    if found in "\t\u2028\u2029\r\x85":
        return " " if found == "\t" else "\n"
    if code < 0x20:
        return chr(0x2400 + code)  # ␀ and its neighbours
    if code == 0x7F:
        return "␡"
    if 0x80 <= code <= 0x9F or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return ""  # a direction mark: the isolate does its work, without turning the rest of the card around
