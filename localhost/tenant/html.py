"""The parts of the tenant's pages: plain HTML that reads well on a phone and aloud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

PAGE = Template((Path(__file__).parent / "page.html").read_text("utf-8"))
MENU = {
    "/": "Sites en groepen",
    "/prullenbak": "Prullenbak",
    "/oproepen": "Oproepen",
    "/instellingen": "Instellingen",
}
RULES = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Html(str):
    """HTML, and no text of people: what is only a `str` is escaped."""

    __slots__ = ()


Cell = str | Html


def page(title: str, *parts: Html, at: str = "", status: int = 200) -> web.Response:
    """`at` is the page of the menu that this is, or belongs to."""
    menu = "".join(
        f'<li><a href="{path}"{" aria-current=page" if path == at else ""}>{name}</a></li>'
        for path, name in MENU.items()
    )
    text = PAGE.substitute(title=escape(title), menu=menu, body="\n".join(parts))
    return web.Response(text=text, content_type="text/html", status=status, headers=RULES)


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, none: str) -> Html:
    """The first cell of a row names it. `none` is said when there are no rows."""
    lines = [_row(heads, row) for row in rows]
    if not lines:
        return Html(f'<p class="caption">{escape(caption)}</p><p>{escape(none)}</p>')
    head = "".join(f'<th role="columnheader" scope="col">{escape(name)}</th>' for name in heads)
    return Html(
        f'<table role="table"><caption>{escape(caption)}</caption><thead role="rowgroup"><tr role="row">{head}</tr>'
        f'</thead><tbody role="rowgroup">{"".join(lines)}</tbody></table>'
    )


def _row(heads: Sequence[str], row: Sequence[Cell]) -> str:
    """The roles are said out loud: on a phone the rows stand below each other, and are a table still. There each cell
    begins with the name of its column, unless there is only one to choose from."""
    first, *rest = map(safe, row)
    names = [f' data-name="{escape(name)}"' if len(rest) > 1 else "" for name in heads[1:]]
    cells = "".join(f'<td role="cell"{name}>{cell}</td>' for name, cell in zip(names, rest, strict=True))
    return f'<tr role="row"><th role="rowheader" scope="row">{first}</th>{cells}</tr>'


def heading(text: str, level: int = 2) -> Html:
    return Html(f"<h{level}>{escape(text)}</h{level}>")


def paragraph(text: Cell) -> Html:
    return Html(f"<p>{safe(text)}</p>")


def link(address: str, text: str) -> Html:
    return Html(f'<a href="{escape(address)}">{escape(text)}</a>')


def mark(text: str) -> Html:
    """Something that is not as it should be."""
    return Html(f'<span class="bad">{escape(text)}</span>')


def code(text: str) -> Html:
    return Html(f"<code>{escape(text)}</code>")


def join(*parts: Html) -> Html:
    return Html("".join(parts))


def safe(cell: Cell) -> str:
    return cell if isinstance(cell, Html) else escape(cell)


def time_of(written: str | float, zone: tzinfo) -> Html:
    """A moment as people here read it; `written` is ISO, or seconds since 1970."""
    if isinstance(written, str) and not written:
        return Html("")
    there = (
        datetime.fromisoformat(written).astimezone(zone)
        if isinstance(written, str)
        else datetime.fromtimestamp(written, zone)
    )
    return Html(f'<time datetime="{there.isoformat()}">{there:%d-%m-%Y, %H:%M:%S}</time>')


def yes_no(value: bool) -> str:
    return "ja" if value else "nee"
