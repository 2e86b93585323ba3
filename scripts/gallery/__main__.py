"""Draw every sample card, light and dark, wide and on a phone, into .local/gallery.

python -m scripts.gallery [WORD]    only the cards with WORD in their name; prints what is wrong with them
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from html import escape
from pathlib import Path

from scripts.gallery.browser import ROOT, CardPage, chromium
from scripts.gallery.theme import THEMES
from tests.cards.samples import collected

FOLDER = ROOT / ".local" / "gallery"
WIDTHS = (800, 320)


def main(words: list[str]) -> int:
    cards = {name: card for name, card in collected().items() if all(word in name for word in words)}
    wrong = 0
    with chromium() as browser:
        page = CardPage(browser)
        for name, card in cards.items():
            for theme in THEMES:
                for width in WIDTHS:
                    remarks = page.draw(card, theme, width)
                    page.unfold()
                    page.picture(picture(name, theme.name, width))
                    remarks += [
                        r for what in ("overflowing", "nameless", "faint") for r in page.measure(what)
                    ]
                    wrong += len(remarks)
                    for remark in remarks:
                        print(f"{name} {theme.name} {width}: {remark}")
    (FOLDER / "index.html").write_text(index(cards), encoding="utf-8")
    print(f"{len(cards)} cards, {wrong} remarks: {FOLDER / 'index.html'}")
    return 1 if wrong else 0


def picture(name: str, theme: str, width: int) -> Path:
    return FOLDER / f"{name}-{theme}-{width}.png"


def index(names: Iterable[str]) -> str:
    """A page with every picture, one row a card."""
    rows = "".join(
        f"<h2>{escape(name)}</h2><p>"
        + "".join(
            f'<img src="{picture(name, theme.name, width).name}" alt="{escape(name)}, {theme.name}, {width} px">'
            for theme in THEMES
            for width in WIDTHS
        )
        for name in names
    )
    style = "body{font-family:sans-serif} p{display:flex;gap:12px;align-items:start;overflow-x:auto}"
    return f'<!doctype html><meta charset="utf-8"><title>Wijzer: cards</title><style>{style}</style>{rows}'


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m scripts.gallery", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("word", nargs="*", help="only the cards with all of these in their name")
    sys.exit(main(parser.parse_args().word))
