"""The start page: the chats side by side, and where everything else is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from localhost.chats import ChatOf

TEMPLATE = Path(__file__).with_name("start.html")

CHAT = Template("""<section aria-labelledby="$id">
<h2 id="$id">$name, <span>$role</span></h2>
<iframe title="Chat van $name" src="$address"></iframe>
</section>""")

NO_CHATS = "<section><p>De chats zijn uitgezet (CHAT=0).</p></section>"


def start_page(city: str, chats: Sequence[tuple[str, ChatOf]], tenant: str, curl: str) -> str:
    """The page as HTML; `chats` are first names and their chats."""
    sections = [
        CHAT.substitute(
            id=f"chat-{chat.person_id}",
            name=escape(name),
            role=escape(chat.role),
            address=escape(chat.address),
        )
        for name, chat in chats
    ]
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        city=escape(city),
        chats="\n".join(sections) or NO_CHATS,
        tenant=escape(tenant),
        curl=escape(curl),
    )


def curl_line(port: int, key: str) -> str:
    """A line for a terminal that makes a ticket through the connector."""
    ticket = '{"kind": "incident", "text": "De printer op de tweede verdieping doet niets meer"}'
    return (
        f"curl -s http://127.0.0.1:{port}/api/connector/v1/tickets"
        f" -H 'X-API-Key: {key}' -H 'Content-Type: application/json' -d '{ticket}'"
    )
