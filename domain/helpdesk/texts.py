"""What a text on a ticket may be, and the title it makes."""

from __future__ import annotations

import re

from domain.errors import Invalid

TEXT_LIMIT = 10_000
"""Characters of a ticket's text, an answer or a reply."""
REASON_LIMIT = 500
"""Characters of a reason."""
TITLE_LIMIT = 120
GREETING = 12
"""A first sentence with fewer characters says hello, or help."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ])|\n")


def clean(text: str) -> str:
    """The text without what no database and no screen can do anything with, such as null characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def check_text(text: str, field: str, limit: int = TEXT_LIMIT) -> str:
    """The cleaned text. Raises `Invalid`, naming the field, when nothing is left of it or when it is too long."""
    text = clean(text)
    if not text:
        raise Invalid("Write something here, please.", field=field)
    if len(text) > limit:
        raise Invalid(
            "This is too long: at most {limit} characters, and these are {length}.",
            field=field,
            limit=limit,
            length=len(text),
        )
    return text


def title_of(text: str) -> str:
    """The title of a cleaned text: its first sentence, with the next one when it is no more than a greeting."""
    title, *rest = (piece.strip() for piece in _SENTENCE_END.split(text))
    while rest and len(title) < GREETING:
        title = f"{title} {rest.pop(0)}"
    return shorten_title(title)


def shorten_title(text: str) -> str:
    """On one line, and cut between words when it is too long."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LIMIT:
        return line
    cut = line[: TITLE_LIMIT - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[TITLE_LIMIT // 2 :] else cut).rstrip(" ,;:") + "…"
