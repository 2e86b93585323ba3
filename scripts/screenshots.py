"""Renew the README's pictures from the running product.

python -m scripts.screenshots    starts Wijzer on free ports, lives a piece of its story, writes docs/images/*.png
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, expect

from locales import translator
from scripts.gallery.browser import ROOT, chromium
from tests.browser.chat import Chat, fill, press
from tests.servers.local_host import LocalHostProcess

FOLDER = ROOT / "docs" / "images"
LARGEST = 400 * 1024
t = translator("nl")


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalHostProcess(Path(folder), chats=True) as product,
        chromium() as browser,
    ):
        page = browser.new_page(
            viewport={"width": 1480, "height": 1000}, locale="nl-BE", color_scheme="light"
        )
        page.route("**/*", _stay_here)
        page.goto(product.address)
        amina, bram = (Chat(page, page.frame_locator("iframe").nth(which)) for which in (0, 1))
        for chat in (amina, bram):
            chat.ready()
            chat.ask("hallo")
        answer_arrives(amina, bram)
        picture(page, "ticket.png")
        site_is_approved(amina, bram)
        picture(page, "site.png")
    too_large = [path.name for path in FOLDER.glob("*.png") if path.stat().st_size > LARGEST]
    if too_large:
        print(f"larger than {LARGEST} bytes: {', '.join(too_large)}", file=sys.stderr)
    return 1 if too_large else 0


def answer_arrives(amina: Chat, bram: Chat) -> None:
    """Amina reports her laptop, Bram takes it and answers, and the answer is there with a box to reply in."""
    form = amina.ask("Mijn laptop start niet meer op en ik kan niet verder")
    form.get_by_label(t("No, I cannot go on")).check()
    press(form, t("Send to the helpdesk"))
    ticket = bram.sees("I-20")
    press(ticket, t("Assign to me"))
    expect(ticket).to_contain_text(t("assigned"))
    press(ticket, t("Answer"))
    fill(ticket, t("Your answer to {name}", name="Amina El Idrissi"), "Brandt het lampje van de lader?")
    press(ticket, t("Send"))
    amina.sees("Brandt het lampje van de lader?", t("Your reply"))
    expect(ticket).to_contain_text("Brandt het lampje van de lader?")


def site_is_approved(amina: Chat, bram: Chat) -> None:
    """Amina asks for a site, Bram approves with a comment, and the link is there."""
    form = amina.ask("Ik wil een nieuwe projectsite voor Vlasmarkt")
    fill(form, t("What do you need it for?"), "De heraanleg van de Vlasmarkt voorbereiden met de handelaars.")
    press(form, t("Ask for this site"))
    asked = bram.sees("S-20")
    press(asked, t("Approve"))
    fill(asked, t("Comment (not required)"), "Prima, doe maar.")
    press(asked, t("Yes, approve"))
    amina.sees(t("Your site {name} is ready", name="Vlasmarkt"), within=60)


def picture(page: Page, name: str) -> None:
    page.wait_for_timeout(700)  # the chats scroll to what is new
    page.screenshot(path=FOLDER / name)
    print(FOLDER / name)


def _stay_here(route: Route) -> None:
    if urlsplit(route.request.url).hostname == "127.0.0.1":
        route.continue_()
    else:
        route.abort()


if __name__ == "__main__":
    sys.exit(main())
