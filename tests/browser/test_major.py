"""A major incident with three reporters: one wrote, one called, and one read that it is known. One news reaches all."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Locator, expect

from locales import translator
from tests.browser.chat import Chat, fill, press
from tests.servers.local_host import LocalHostProcess

t = translator("nl")
NUMBER = re.compile(r"I-\d{4}-\d{6}")
TEXT = "het programma van het loket ligt plat en niemand kan verder werken"
NEWS = "De server is uitgevallen. De leverancier is onderweg."
SOLVED = "De server draait weer. Alles werkt."
MAJORS_KNOWN_FOR = 6.0
"""Seconds. A worker looks up which incidents are major no more often than this."""
pytestmark = pytest.mark.usefixtures("amina", "bram", "els")


def number_on(card: Locator) -> str:
    expect(card).to_contain_text(NUMBER)
    found = NUMBER.search(card.inner_text())
    assert found
    return found.group()


def desk_card(chat: Chat, number: str) -> Locator:
    """By its heading: the cards of its parts name it too."""
    return chat.sees(f"{number} · {t('incident')}", t("Answer"))


def more(chat: Chat, number: str, entry: str) -> None:
    """Choose an entry of the menu of a ticket on the desk's side."""
    press(desk_card(chat, number), t("More"))
    menu = chat.sees(number, t("What has to do with it?"))
    menu.get_by_text(t(entry), exact=True).click()


def test_one_news_and_one_solution_reach_everybody(
    amina: Chat, bram: Chat, els: Chat, product: LocalHostProcess
) -> None:
    form = amina.ask(TEXT)
    form.get_by_label(t("No, I cannot go on")).check()
    press(form, t("Send to the helpdesk"))
    main = number_on(form)

    press(bram.sees(main, TEXT), t("Assign to me"))
    expect(bram.sees(main, TEXT)).to_contain_text(t("assigned"))
    more(bram, main, "Declare it a major incident")
    expect(bram.sees(main, TEXT)).to_contain_text(t("Major incident"))

    time.sleep(MAJORS_KNOWN_FOR)
    known = els.ask("het programma van het loket ligt plat, ik kan niet verder werken")
    expect(known).to_contain_text(t("This is known: the helpdesk is working on it"))
    press(known, t("Keep me informed"))
    expect(els.sees(main)).to_contain_text(t("I keep you informed"))

    call = bram.ask("/melding voor Amina: in de bib start het programma van het loket ook niet")
    press(call, t("Register"))
    part = number_on(call)
    more(bram, part, "Make it part of a main ticket")
    join = bram.sees(part, t("Make it part"))
    join.get_by_role("textbox").first.fill(main)
    press(join, t("Make it part"))
    expect(bram.sees(part)).to_contain_text(main)

    more(bram, main, "Tell everybody concerned how it goes")
    tell = bram.sees(main, t("Send to everybody"))
    fill(tell, t("Your news"), NEWS)
    press(tell, t("Send to everybody"))
    for chat in (amina, els):
        expect(chat.sees(t("News about a known problem"), NEWS)).to_contain_text(main)

    ticket = desk_card(bram, main)
    press(ticket, t("Resolve"))
    fill(ticket, t("What did you do about it?"), SOLVED)
    ticket.get_by_role("button", name=t("Resolve"), exact=True).last.click()
    els.sees(t("It is solved"), SOLVED)
    amina.sees(SOLVED, t("It works, thank you"))
    proposal = t.plural(
        "Resolve that one ticket too, with the same words",
        "Resolve those {n} tickets too, with the same words",
        1,
    )
    offered = bram.sees(main, proposal).get_by_role("button", name=proposal)
    offered.click()
    expect(offered).to_be_hidden()
    product.wait_for("SELECT DISTINCT state FROM tickets", rows=[("resolved",)])
    assert product.rows("SELECT count(*) FROM tickets") == [(2,)]
