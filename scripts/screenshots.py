"""Renew the README's pictures from the running product.

python -m scripts.screenshots    starts Wijzer on free ports, lives a piece of its story, writes docs/images/*.png
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, ViewportSize, expect

from locales import translator
from scripts.gallery.browser import ROOT, chromium
from tests.browser.chat import Chat, fill, press
from tests.browser.sites import TEAM, approve, ask_site
from tests.browser.try_it import try_out
from tests.cast import person
from tests.servers.local_host import LocalHostProcess

FOLDER = ROOT / "docs" / "images"
LARGEST = 400 * 1024
THREE_CHATS = ViewportSize(width=1600, height=1000)
ONE_PAGE = ViewportSize(width=900, height=700)
t = translator("nl")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.screenshots", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalHostProcess(Path(folder), chats=True) as product,
        chromium() as browser,
    ):
        context = browser.new_context(locale="nl-BE", color_scheme="light")
        context.route("**/*", _stay_here)
        page = context.new_page()
        page.set_viewport_size(THREE_CHATS)
        page.goto(product.address, wait_until="commit")
        amina, bram, els = (Chat(page, which, product) for which in range(3))
        for chat in (amina, bram, els):
            chat.ready()
            chat.ask("hallo")
        answer_arrives(amina, bram)
        picture(page, "ticket.png")
        site_is_approved(amina, bram, els)
        picture(page, "site.png")
        page.set_viewport_size(ONE_PAGE)
        page.goto(f"{product.tenant}/sites/team-stadsmagazine")
        picture(page, "tenant.png", whole=True)
        page.goto(f"{product.address}/try-it")
        ticket_is_tried_out(page)
        picture(page, "try-it.png")
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


def site_is_approved(amina: Chat, bram: Chat, els: Chat) -> None:
    """Amina asks for a site, Bram and then Els approve, and the link is there."""
    purpose = "Elk nummer van het stadsmagazine samen maken, van concept tot opmaak."
    _receipt, number = ask_site(amina, "Stadsmagazine", purpose, TEAM, ["Publicaties"])
    approve(bram, number, "Prima, doe maar.")
    approve(els, number, "Past in ons beleid.")
    amina.sees(t("Your site {name} is ready", name="Stadsmagazine"), within=120)
    for chat in (bram, els):
        chat.card(number).get_by_role("heading").first.scroll_into_view_if_needed()


def ticket_is_tried_out(page: Page) -> None:
    """A ticket for Amina through the API: what was sent and what came back are in sight."""
    body = {"kind": "incident", "text": "De badgelezer knippert rood.", "onBehalfOf": person("amina").email}
    expect(try_out(page, "CreateTicket", body)).to_contain_text("201")
    page.get_by_role("button", name="Execute").evaluate("button => button.scrollIntoView()")


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    page.wait_for_timeout(700)  # the chats scroll to what is new
    page.screenshot(path=FOLDER / name, full_page=whole)
    print(FOLDER / name)


def _stay_here(route: Route) -> None:
    if urlsplit(route.request.url).hostname == "127.0.0.1":
        route.continue_()
    else:
        route.abort()


if __name__ == "__main__":
    sys.exit(main())
