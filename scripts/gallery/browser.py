"""A page in headless Chromium that draws cards and measures them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.gallery.theme import LIGHT, Theme, host_config, stylesheet

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LIBRARIES = ("adaptivecards/dist/adaptivecards.min.js", "markdown-it/dist/browser/markdown-it.umd.min.js")


def node_modules() -> Path:
    """Where npm put the packages of package.json; NODE_PATH when they are kept elsewhere."""
    places = [
        ROOT / "node_modules",
        *map(Path, filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep))),
    ]
    for place in places:
        if all((place / library).exists() for library in LIBRARIES):
            return place
    raise FileNotFoundError("the npm packages are not installed: run `make setup`")


def chromium_path() -> str | None:
    """The system's Chromium; None for the one that playwright installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


class CardPage:
    """One page, drawing one card at a time."""

    def __init__(self, browser: Browser) -> None:
        self.page: Page = browser.new_page()
        self.page.route("**/*", lambda route: route.abort())  # a card brings nothing in from outside
        self.page.set_content(
            '<!doctype html><html lang="nl"><style id="theme"></style><div class="frame"></div>'
        )
        packages = node_modules()
        self.page.add_style_tag(path=packages / "adaptivecards/dist/adaptivecards.css")
        for library in LIBRARIES:
            self.page.add_script_tag(path=packages / library)
        self.page.add_script_tag(path=Path(__file__).with_name("draw.js"))
        self._looks: tuple[Theme, int] | None = None
        # After the renderer's own stylesheet, so that it wins.
        self.page.evaluate("document.body.append(document.getElementById('theme'))")

    def draw(self, card: dict[str, Any], theme: Theme = LIGHT, width: int = 800) -> list[str]:
        """Draw a card in a chat of `width` CSS pixels. Returns the parser's remarks: none when all is well."""
        if (theme, width) != self._looks:
            self.page.set_viewport_size({"width": width, "height": 400})
            self.page.evaluate(
                "css => { document.getElementById('theme').textContent = css }", stylesheet(theme)
            )
            self._looks = (theme, width)
        remarks: list[str] = self.page.evaluate(
            "([card, config]) => draw(card, config)", [card, host_config(theme)]
        )
        return remarks

    def unfold(self, which: int = 0) -> bool:
        """Open what the card's first (second, …) such button unfolds. False when there are not so many."""
        return bool(self.page.evaluate("n => unfold(n)", which))

    def remarks(self, what: str) -> list[str]:
        """`overflowing`, `nameless` or `faint`: what is wrong, with the card as it comes and with each part open."""
        found: list[str] = self.page.evaluate(f"everywhere({what})")
        return found

    def measure(self, what: str) -> list[str]:
        """What is wrong as the card stands now, one description each."""
        found: list[str] = self.page.evaluate(f"{what}()")
        return found

    def picture(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=True)
