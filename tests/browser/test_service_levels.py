"""An incident from the message to the rating, between two people: with its due times, and why they are so."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from locales import translator
from tests.browser.chat import Chat, fill, press
from tests.servers.local_host import LocalHostProcess

t = translator("nl")
AMINA = "Amina El Idrissi"
NUMBER = re.compile(r"I-\d{4}-\d{6}")
pytestmark = pytest.mark.usefixtures("amina", "bram")


def report(chat: Chat, text: str) -> tuple[Locator, str]:
    form = chat.ask(text)
    form.get_by_label(t("No, I cannot go on")).check()
    press(form, t("Send to the helpdesk"))
    expect(form).to_contain_text(NUMBER)
    found = NUMBER.search(form.inner_text())
    assert found
    return form, found.group()


def test_an_incident_from_the_message_to_the_rating(
    amina: Chat, bram: Chat, product: LocalHostProcess
) -> None:
    text = "mijn laptop start niet meer op en ik kan niet verder werken"
    receipt, number = report(amina, text)
    expect(receipt).to_contain_text(t("Ready by"))
    expect(receipt).to_contain_text("ten laatste op")
    product.wait_for("SELECT response_done_at, resolution_told FROM ticket_clocks", rows=[(None, 0)])

    ticket = bram.sees(number, text)
    expect(ticket).to_contain_text(f"{t('Response')}: tegen")
    press(ticket, t("Assign to me"))
    expect(ticket).to_contain_text(t("assigned"))
    product.settle()
    press(ticket, t("Answer"))
    fill(ticket, t("Your answer to {name}", name=AMINA), "Brandt het lampje van de lader?")
    press(ticket, t("Send"))
    answer = amina.sees("Brandt het lampje van de lader?", t("Your reply"))
    expect(ticket).to_contain_text(f"{t('Response')}: op tijd")

    product.settle()
    fill(answer, t("Your reply"), "Nee, geen enkel lampje.")
    press(answer, t("Send"))
    reply = bram.sees(t("{name} replies", name=AMINA), "Nee, geen enkel lampje.")
    product.settle()
    press(reply, t("Resolve"))
    fill(reply, t("What did you do about it?"), "Je krijgt een nieuwe lader.")
    reply.get_by_role("button", name=t("Resolve"), exact=True).last.click()

    solved = amina.sees("Je krijgt een nieuwe lader.", t("It works, thank you"))
    product.settle()
    press(solved, t("It works, thank you"))
    rated = amina.sees(t("How did we help you?"))
    product.settle()
    rated.get_by_text("😀").click()
    product.wait_for(
        "SELECT r.score FROM ticket_ratings r JOIN tickets t ON t.id = r.ticket_id WHERE t.number = ?",
        number,
        rows=[(5,)],
    )
    product.wait_for(
        "SELECT count(*) FROM ticket_clocks WHERE resolution_done_at IS NOT NULL AND resolution_due_at IS NULL"
        " AND response_done_at IS NOT NULL AND next_at IS NULL",
        rows=[(1,)],
    )


def test_why_a_ticket_is_due_then_is_computed_line_by_line(amina: Chat, bram: Chat) -> None:
    text = "de scanner aan de balie doet niets meer sinds vanmorgen"
    _, number = report(amina, text)
    press(bram.sees(number, text), t("Why by then?"))
    why = bram.sees(t("Why is {number} due then?", number=number))
    expect(why).to_contain_text("Beloofd: opgelost binnen 24 u werktijd.")
    expect(why).to_contain_text("Dus ten laatste op")
    press(why, t("Show the ticket"))
    expect(bram.sees(number, text)).to_contain_text(t("Assign to me"))

    typed = amina.ask(f"waarom {number}?")
    expect(typed).to_contain_text("Beloofd: iemand reageert binnen 8 u werktijd.")


def test_each_person_chooses_how_they_are_told(amina: Chat, bram: Chat, product: LocalHostProcess) -> None:
    settings = bram.ask("berichten instellen")
    bram.choose(settings, t("A ticket for the helpdesk"), t("Together, once a day"))
    press(settings, t("Save"))
    expect(settings).to_contain_text(t("Saved. From now on it goes like this."))

    _, number = report(amina, "het scherm in vergaderzaal 2 blijft zwart")
    # Whoever has quiet hours when the test runs is told later as well.
    held = "SELECT n.kind FROM held_notices n JOIN tickets t ON t.id = replace(n.subject, '-', '')"
    product.wait_for(f"{held} WHERE t.number = ? AND n.person_id = 'bram'", number, rows=[("work",)])
