"""A request with a form and an approval, and a change with a board, in the chats of the people they concern."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from locales import translator
from tests.browser.chat import Chat, fill, press
from tests.browser.elsewhere import Elsewhere
from tests.browser.sites import BRAM, ELS, approve, asked
from tests.cast import demo_city
from tests.servers.local_host import LocalHostProcess

t = translator("nl")
NUMBER = re.compile(r"[AW]-\d{4}-\d{6}")
pytestmark = pytest.mark.usefixtures("amina", "bram", "els")


@pytest.fixture(scope="module")
def gust(product: LocalHostProcess) -> Iterator[Elsewhere]:
    """The other member of the board."""
    with Elsewhere(product, "gust") as gust:
        yield gust


def item_form(chat: Chat, said: str, item: str) -> Locator:
    """Say what is needed, and take the item that is found first: its form."""
    card = chat.ask(said)
    expect(card).to_contain_text(t("Is this it?"))
    card.get_by_role("button", name=item).first.click()
    expect(card).to_contain_text(t("Delivery"))
    return card


def number_in(card: Locator) -> str:
    expect(card).to_contain_text(NUMBER)
    found = NUMBER.search(card.inner_text())
    assert found
    return found.group()


def program(form: Locator, name: str) -> None:
    """Fill in the form for a program."""
    fill(form, "Welk programma wil je?", name)
    fill(form, "Wat ga je ermee doen?", "Kaarten maken van de speelpleinen.")
    form.get_by_label("Geen gegevens van de stad").check()
    fill(form, "Op welke laptop of pc?", "LT-04512")


def state(product: LocalHostProcess, number: str) -> str:
    [(found,)] = product.rows("SELECT state FROM tickets WHERE number = ?", number)
    return str(found)


def test_a_request_is_approved_and_comes_to_the_desk(
    amina: Chat, bram: Chat, els: Chat, product: LocalHostProcess
) -> None:
    said = "ik wil een programma laten installeren"
    form = item_form(amina, said, "Programma op een laptop of pc zetten")
    expect(form.get_by_label(t("Anything else we have to know? (not required)"))).to_have_value(said)
    program(form, "QGIS")
    form.get_by_role("button", name=t("Send the request"), exact=True).dblclick()

    number = number_in(form)
    for text in (t("waits for approval"), t("Waits for approval by {who}.", who=ELS), "QGIS", "LT-04512"):
        expect(form).to_contain_text(text)
    assert product.rows("SELECT count(*) FROM orders") == [(1,)]  # however often it was pressed
    mine = amina.ask("mijn meldingen")
    expect(mine).to_contain_text(t("waits for approval"))

    question = asked(els, number)
    for text in ("Kaarten maken van de speelpleinen.", "Geen gegevens van de stad"):
        expect(question).to_contain_text(text)
    assert bram.card(number).count() == 0
    approve(els, number, "QGIS is veilig.")

    told = amina.sees(t("{number} was approved", number=number), "QGIS is veilig.")
    expect(told).to_contain_text(t("There by"))
    ticket = bram.sees(number, "QGIS", "LT-04512")
    expect(ticket.get_by_role("button", name=t("Assign to me"), exact=True)).to_be_visible()
    expect(form).to_contain_text(t("There by"))
    assert state(product, number) == "new"


def test_a_refusal_closes_the_request_with_its_reason(
    amina: Chat, bram: Chat, els: Chat, product: LocalHostProcess
) -> None:
    form = item_form(amina, "ik wil een programma laten installeren", "Programma op een laptop of pc zetten")
    program(form, "Gratis PDF-maker")
    press(form, t("Send the request"))
    number = number_in(form)

    question = asked(els, number)
    press(question, t("Refuse"))
    fill(question, t("Why not?"), "Dit programma stuurt bestanden naar buiten.")
    press(question, t("Yes, refuse"))

    amina.sees(t("{number} was not approved", number=number), "Dit programma stuurt bestanden naar buiten.")
    expect(form).to_contain_text("Dit programma stuurt bestanden naar buiten.")
    assert state(product, number) == "rejected"
    assert bram.card(number).count() == 0


def test_a_form_grows_with_the_answers_and_keeps_what_was_typed(
    amina: Chat, product: LocalHostProcess
) -> None:
    form = item_form(amina, "ik heb toegang nodig tot de boekhouding", "Toegang tot een toepassing")
    form.get_by_label("Voor een collega").check()
    amina.choose(form, "Tot welke toepassing?", "Personeel en tijdsregistratie")
    form.get_by_label("Alleen raadplegen").check()
    press(form, t("Next"))
    expect(form).to_contain_text(
        t.plural(
            "{n} more question, because of what you chose.",
            "{n} more questions, because of what you chose.",
            2,
        )
    )
    expect(form.get_by_label("Voor een collega")).to_be_checked()
    fill(form, "Voor welke collega?", "Dirk Niemand")
    fill(form, "Voor welke taak heb je toegang tot deze persoonsgegevens nodig?", "Dienstroosters nakijken.")
    press(form, t("Send the request"))

    expect(form).to_contain_text(t("I find nobody with this name or e-mail address."))
    task = form.get_by_label("Voor welke taak heb je toegang tot deze persoonsgegevens nodig?")
    expect(task).to_have_value("Dienstroosters nakijken.")
    fill(form, "Voor welke collega?", "Dirk Peeters")
    press(form, t("Send the request"))

    number = number_in(form)
    expect(form).to_contain_text("Dirk Peeters")
    assert product.rows(
        "SELECT item_id FROM orders JOIN tickets ON id = ticket_id WHERE number = ?", number
    ) == [("toepassing-toegang",)]


def test_what_is_not_in_the_catalogue_is_asked_in_ones_own_words(amina: Chat) -> None:
    said = "ik heb een nieuwe bureaustoel nodig"
    card = amina.ask(said)
    expect(card).to_contain_text(
        t("I find nothing for this. Look in a category, or ask it in your own words.")
    )
    card.get_by_role("button", name=t("It is not there")).click()

    expect(card.get_by_label(t("What do you need?"))).to_have_value(said)


def next_month() -> date:
    """A day in the middle of it."""
    return (datetime.now(UTC).date().replace(day=28) + timedelta(days=7)).replace(day=15)


def plan(chat: Chat, title: str) -> Locator:
    """Fill in the form of a normal change to the mail, and send it."""
    card = chat.ask("wijziging plannen")
    fill(card, t("What changes, in a few words?"), title)
    card.get_by_role("button", name=t("A normal change")).click()
    fill(card, t("Why is it needed?"), "De oude verbinding wordt niet meer ondersteund.")
    chat.choose(card, t("What is changed?"), "Mail en agenda")
    for question in demo_city().changes.questionnaire.questions:
        chat.choose(card, question.text, list(question.options.values())[1])
    fill(card, t("How is it done?"), "Eerst de testgroep, dan iedereen.")
    fill(card, t("How is it undone when it goes wrong?"), "De oude verbinding blijft staan.")
    for day, clock, hour in (
        (t("On which day does it start?"), t("At what time does it start?"), "18:00"),
        (t("On which day does it end?"), t("At what time does it end?"), "21:00"),
    ):
        chat.pick_day(card, day, next_month())
        time = card.get_by_role("combobox", name=clock)
        time.fill(hour)
        time.press("Enter")
    press(card, t("Plan this change"))
    return card


def send(card: Locator) -> str:
    """Plan it, whatever speaks against the moment; its number."""
    sent = card.get_by_text(NUMBER).or_(
        card.get_by_role("button", name=t("Plan it all the same"), exact=True)
    )
    expect(sent.first).to_be_visible()
    again = card.get_by_role("button", name=t("Plan it all the same"), exact=True)
    if again.count():
        again.click()
    expect(card).to_contain_text(t("waits for approval"))
    return number_in(card)


def test_a_change_is_decided_by_a_board_and_looked_back_upon(
    bram: Chat, els: Chat, gust: Elsewhere, product: LocalHostProcess
) -> None:
    other = send(plan(bram, "Mailfilter vervangen"))
    card = plan(bram, "Mail overzetten")
    expect(card).to_contain_text(
        t("{name} changes the same system at that time.", name=f"{other} · Mailfilter vervangen")
    )
    number = send(card)

    first = approve(els, number, "Hou het kort.")
    expect(first).to_contain_text(f"{other} · Mailfilter vervangen")
    assert state(product, number) == "waiting_approval"
    [(approval,)] = product.rows("SELECT id FROM approvals WHERE number = ?", number)
    gust.press("approvals.approve", id=str(UUID(approval)), comment="Akkoord.")
    bram.sees(t("{number} was approved and is planned", number=number))
    product.wait_for("SELECT state FROM tickets WHERE number = ?", number, rows=[("new",)])

    calendar = bram.ask("wijzigingskalender")
    expect(calendar).to_contain_text(f"{number} · Mail overzetten")
    expect(calendar).to_contain_text(t("planned"))
    calendar.get_by_role("button", name=t("Open"), exact=True).last.click()
    ticket = calendar
    press(ticket, t("Note the result"))
    ticket.get_by_label(t("It succeeded")).check()
    fill(ticket, t("What happened? The requester reads this."), "Iedereen is over.")
    ticket.get_by_role("button", name=t("Note the result"), exact=True).last.click()
    expect(ticket).to_contain_text("Iedereen is over.")
    bram.sees(t("{name} solved it", name=BRAM), number)
    product.settle()
    press(ticket, t("Review the change"))
    fill(ticket, t("What did we learn? Only the desk reads this."), "Volgende keer buiten de afsluiting.")
    press(ticket, t("Note the review"))
    expect(ticket).to_contain_text("Volgende keer buiten de afsluiting.")
    product.wait_for(
        "SELECT c.state, c.result, t.state FROM changes c JOIN tickets t ON t.id = c.ticket_id WHERE number = ?",
        number,
        rows=[("reviewed", "success", "resolved")],
    )
    expect(card).to_contain_text(BRAM)
