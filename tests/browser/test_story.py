"""The story of the product, as two people live it side by side in Chromium. The database is asked whether it is so."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from locales import translator
from tests.browser.chat import Chat, fill, press
from tests.browser.sites import ask_site
from tests.servers.local_host import LocalHostProcess

t = translator("nl")
AMINA, BRAM = "Amina El Idrissi", "Bram De Smet"
NUMBER = re.compile(r"[IAWS]-\d{4}-\d{6}")
AT_ONCE = 2.0
"""Seconds in which what one person says reaches the other's chat; the best of two, as tests share the machine."""
pytestmark = pytest.mark.usefixtures("amina", "bram")


def report(chat: Chat, text: str) -> tuple[Locator, str]:
    """Report an incident with the form: the receipt that it becomes, and its number."""
    form = chat.ask(text)
    expect(form.get_by_label(t("What does not work?"))).to_have_value(text)
    form.get_by_label(t("No, I cannot go on")).check()
    press(form, t("Send to the helpdesk"))
    expect(form).to_contain_text(NUMBER)
    return form, _number(form)


def _number(card: Locator) -> str:
    found = NUMBER.search(card.inner_text())
    assert found, card.inner_text()
    return found.group()


def test_hello_is_answered_with_what_wijzer_does(amina: Chat) -> None:
    welcome = amina.ask("hallo")

    expect(welcome).to_contain_text(t("Hello {name}, I am Wijzer", name="Amina"))
    for button in ("Something does not work", "Ask for something", "A site", "Ask a question", "My tickets"):
        expect(welcome.get_by_role("button", name=t(button), exact=True)).to_be_visible()


def test_a_question_gets_a_tip_and_a_way_on(amina: Chat) -> None:
    tip = amina.ask("hoe deel ik een document met iemand buiten de stad?")

    expect(tip).to_contain_text("buiten de stad")
    expect(tip).to_contain_text(t("Source"))
    expect(tip).to_contain_text(t("Did this help?"))
    press(tip, t("Ask the helpdesk"))
    expect(tip.get_by_role("textbox").first).to_have_value(re.compile("hoe deel ik een document"))


def test_in_doubt_there_is_a_choice_and_the_text_goes_along(amina: Chat) -> None:
    choice = amina.ask("qwertz blub xyz")

    expect(choice).to_contain_text(t("Talk to somebody"))
    fill(choice, t("You typed"), "de koffiemachine in de refter is stuk")
    choice.get_by_role("button", name=t("Something is broken")).click()

    expect(choice.get_by_label(t("What does not work?"))).to_have_value(
        "de koffiemachine in de refter is stuk"
    )


def test_a_form_sent_twice_makes_one_ticket(amina: Chat, product: LocalHostProcess) -> None:
    text = "de beamer van zaal 3 doet het niet meer"
    form = amina.ask(text)
    form.get_by_label(t("No, I cannot go on")).check()
    form.get_by_role("button", name=t("Send to the helpdesk"), exact=True).dblclick()

    expect(form).to_contain_text(t("Reported"))
    assert product.rows("SELECT count(*) FROM tickets WHERE text = ?", text) == [(1,)]


def test_whatever_is_typed_is_shown_as_text(amina: Chat, bram: Chat, product: LocalHostProcess) -> None:
    text = "printer stuk **vet** [klik](https://kwaad.example) <b>html</b> مرحبا 😀 <script>alert(1)</script>"
    receipt, number = report(amina, text)

    for card in (receipt, bram.sees(number, "printer stuk")):
        expect(card).to_contain_text("**vet** [klik](https://kwaad.example) <b>html</b>")
        expect(card).to_contain_text("<script>alert(1)</script>")
        expect(card.locator("strong, b, script, a[href*=kwaad]")).to_have_count(0)
    assert product.rows("SELECT text FROM tickets WHERE number = ?", number) == [(text,)]


def test_my_tickets_lists_everything_and_opens_it(amina: Chat) -> None:
    _receipt, ticket = report(amina, "het toetsenbord van de balie typt niets meer")
    _receipt, site = ask_site(amina, "Zomerbar", "De zomerbar organiseren.")

    mine = amina.ask("mijn meldingen")
    for text in (ticket, site, t("waits for approval"), t("new")):
        expect(mine).to_contain_text(text)
    mine.get_by_role("button", name=t("Open"), exact=True).first.click()

    expect(mine).to_contain_text("De zomerbar organiseren.")


def test_a_disturbance_becomes_a_ticket_and_a_conversation(
    amina: Chat, bram: Chat, product: LocalHostProcess
) -> None:
    text = "mijn laptop start niet meer op en ik kan niet verder"
    receipt, number = report(amina, text)
    assert product.rows("SELECT kind, state, requester_id FROM tickets WHERE number = ?", number) == [
        ("incident", "new", "amina")
    ]

    ticket = bram.sees(number, text)
    press(ticket, t("Assign to me"))
    expect(receipt).to_contain_text(f"{t('assigned')} ({BRAM})")
    expect(ticket).to_contain_text(f"{t('assigned')} ({BRAM})")

    press(ticket, t("Answer"))
    fill(ticket, t("Your answer to {name}", name=AMINA), "Brandt het lampje van de lader?")
    press(ticket, t("Send"))
    said = time.monotonic()
    expect(amina.card("Brandt het lampje van de lader?", t("Your reply"))).to_be_visible()
    waits = [time.monotonic() - said]
    answer = amina.sees("Brandt het lampje van de lader?", t("Your reply"))

    fill(answer, t("Your reply"), "Nee, geen enkel lampje.")
    press(answer, t("Send"))
    said = time.monotonic()
    expect(bram.card(t("{name} replies", name=AMINA), "Nee, geen enkel lampje.")).to_be_visible()
    waits.append(time.monotonic() - said)
    reply = bram.sees(t("{name} replies", name=AMINA), "Nee, geen enkel lampje.")
    assert min(waits) < AT_ONCE
    assert product.rows(
        "SELECT m.author_id, m.text FROM ticket_messages m JOIN tickets t ON t.id = m.ticket_id"
        " WHERE t.number = ? ORDER BY m.id",
        number,
    ) == [("bram", "Brandt het lampje van de lader?"), ("amina", "Nee, geen enkel lampje.")]

    resolve(reply, "Je krijgt een nieuwe lader.")
    solved = amina.sees("Je krijgt een nieuwe lader.", t("It works, thank you"))
    press(solved, t("It works, thank you"))
    product.wait_for("SELECT state FROM tickets WHERE number = ?", number, rows=[("closed",)])


def resolve(ticket: Locator, how: str) -> None:
    press(ticket, t("Resolve"))
    fill(ticket, t("What did you do about it?"), how)
    ticket.get_by_role("button", name=t("Resolve"), exact=True).last.click()


def test_a_press_on_an_old_card_is_answered_with_what_stands(
    amina: Chat, bram: Chat, product: LocalHostProcess
) -> None:
    """The ticket stands in two of Amina's cards; the newer one follows it, the older one does not."""
    old, number = report(amina, "de scanner aan het onthaal is stuk sinds vanmorgen")
    new = amina.ask("mijn meldingen")
    new.get_by_role("button", name=t("Open"), exact=True).first.click()
    expect(new).to_contain_text(t("Reported"))
    resolve(bram.sees(number, t("Assign to me")), "Opnieuw gestart.")
    expect(new).to_contain_text(t("It works, thank you"))

    press(old, t("Write to the helpdesk"))
    fill(old, t("Your message"), "Duurt het nog lang?")
    press(old, t("Send"))

    expect(old).to_contain_text(t("That is not possible any more: the ticket has been resolved."))
    expect(old).to_contain_text("Duurt het nog lang?")
    expect(old).to_contain_text("Opnieuw gestart.")
    assert product.rows("SELECT count(*) FROM ticket_messages WHERE text = ?", "Duurt het nog lang?") == [
        (0,)
    ]


def test_a_ticket_of_a_flow_appears_in_the_desks_chat(
    bram: Chat, product: LocalHostProcess, start_page: Page
) -> None:
    """With the very line that the start page offers."""
    line = shlex.split(start_page.locator("pre code").text_content() or "")
    made = _curl(line)

    bram.sees(made["number"], "De printer op de tweede verdieping doet niets meer", t("Assign to me"))
    assert product.rows("SELECT state FROM tickets WHERE number = ?", made["number"]) == [("new",)]
    address = next(word for word in line if word.startswith("http"))
    key = line[line.index("-H") : line.index("-H") + 2]
    assert _curl(["curl", "-s", f"{address}/{made['id']}", *key])["number"] == made["number"]
    listed = _curl(["curl", "-s", address, *key])
    assert made["id"] in {ticket["id"] for ticket in listed["value"]}


def _curl(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
