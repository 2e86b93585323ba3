"""A message as Teams hands it to a message extension, read into a quote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from domain.quotes.quote import Quote

TEAMS = frozenset(
    {"teams.microsoft.com", "teams.cloud.microsoft", "gov.teams.microsoft.us", "dod.teams.microsoft.us"}
)
"""Hosts that a link to a message can lead to. Any other link is dropped: a client wrote it."""
LINK_LIMIT = 2000
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "tr", "blockquote", "h1", "h2", "h3", "pre", "ul", "ol", "table"}
)


def read_quote(payload: Mapping[str, Any], author_id: str | None) -> Quote:
    """The quote of a `messagePayload`; whatever is missing or of a wrong type is left out."""
    body = payload.get("body")
    content, kind = (
        (_text(body, "content"), _text(body, "contentType")) if isinstance(body, dict) else ("", "")
    )
    return Quote(
        author=" ".join(author_of(payload).split())[:200] or "?",
        author_id=author_id,
        text=plain(content) if kind.lower() == "html" else content.strip(),
        link=_link(_text(payload, "linkToMessage")),
        sent_at=_moment(_text(payload, "createdDateTime")),
    )


def author_of(payload: Mapping[str, Any]) -> str:
    """The name of who, or which app, wrote the message."""
    return next((name for sender in _senders(payload) if (name := _text(sender, "displayName"))), "")


def author_object_id(payload: Mapping[str, Any]) -> str:
    """The directory's id of who wrote the message; nothing for an app or a guest of another tenant."""
    sender = payload.get("from")
    user = sender.get("user") if isinstance(sender, dict) else None
    return _text(user, "id") if isinstance(user, dict) else ""


def has_files(payload: Mapping[str, Any]) -> bool:
    """Whether pictures or files hang on the message; a bot cannot read these."""
    body = payload.get("body")
    content = _text(body, "content") if isinstance(body, dict) else ""
    return bool(payload.get("attachments")) or "<img" in content.lower()


def _senders(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    sender = payload.get("from")
    if not isinstance(sender, dict):
        return []
    return [item for kind in ("user", "application", "device") if isinstance(item := sender.get(kind), dict)]


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._hidden += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag in ("img", "emoji"):  # a picture says what it shows, as an emoji does
            self.pieces.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BLOCKS and tag != "br":
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(re.sub(r"\s+", " ", data))


def plain(html: str) -> str:
    """The text of a message, its lines kept."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    lines = (line.strip() for line in "".join(parser.pieces).replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _link(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    known = parts.scheme == "https" and parts.hostname in TEAMS and len(url) <= LINK_LIMIT
    return url if known else None


def _moment(text: str) -> datetime | None:
    """ISO 8601, or milliseconds since 1970, which some clients send."""
    try:
        if text.isdecimal():
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    return found.replace("\0", "") if isinstance(found, str) else ""
