"""A request for a site that is refused, sent back and changed, or withdrawn, in three people's chats."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from locales import translator
from tests.browser.chat import Chat, fill, press
from tests.browser.sites import BRAM, approve, ask_site, asked, decisions, guided
from tests.servers.local_host import LocalHostProcess

t = translator("nl")
pytestmark = pytest.mark.usefixtures("amina", "bram", "els")


def test_a_refusal_needs_a_reason_which_the_requester_reads(
    amina: Chat, bram: Chat, product: LocalHostProcess
) -> None:
    receipt, number = ask_site(amina, "Kerstmarkt", "Samen de kerstmarkt voorbereiden.")
    card = asked(bram, number)
    press(card, t("Refuse"))
    press(card, t("Yes, refuse"))
    expect(card).to_contain_text(t("Say why: the person who asked reads it."))
    assert decisions(product, number) == []

    fill(card, t("Why not?"), "Er is al een site voor de markten.")
    press(card, t("Yes, refuse"))

    refused = amina.sees(t("Your site {name} was refused", name="Kerstmarkt"))
    for shown in (refused, receipt, card):
        expect(shown).to_contain_text("Er is al een site voor de markten.")
        expect(shown).to_contain_text(BRAM)
    assert decisions(product, number) == [("bram", "refused", "Er is al een site voor de markten.")]
    assert product.rows("SELECT state FROM site_requests WHERE number = ?", number) == [("refused",)]
    for chat in (amina, bram):
        expect(chat.card(number).get_by_role("button", name=t("Approve"), exact=True)).to_have_count(0)


def test_a_request_that_is_sent_back_is_changed_and_sent_again(
    amina: Chat, bram: Chat, els: Chat, product: LocalHostProcess
) -> None:
    receipt, number = ask_site(amina, "Kermis", "De kermis op de markt.")
    card = asked(bram, number)
    press(card, t("Ask for a change"))
    fill(card, t("What has to change?"), "Zeg erbij met wie jullie samenwerken.")
    press(card, t("Send back"))

    expect(receipt).to_contain_text("Zeg erbij met wie jullie samenwerken.")
    assert product.rows("SELECT state FROM site_requests WHERE number = ?", number) == [("sent_back",)]
    press(receipt, t("Change it and send it again"))
    expect(receipt).to_contain_text(t("What has to change:"))
    expect(receipt.get_by_label(t("What do you need it for?"))).to_have_value("De kermis op de markt.")
    fill(receipt, t("What do you need it for?"), "De kermis, samen met de foorkramers.")
    press(receipt, t("Send it again"))

    expect(receipt).to_contain_text(t("Waits for approval by {people}.", people=BRAM)[:-1])
    expect(asked(bram, number)).to_contain_text("De kermis, samen met de foorkramers.")
    product.settle()
    approve(bram, number, "Zo is het duidelijk.")
    approve(els, number)
    amina.sees(t("Your site {name} is ready", name="Kermis"), within=60)
    assert decisions(product, number) == [
        ("bram", "sent_back", "Zeg erbij met wie jullie samenwerken."),
        ("bram", "approved", "Zo is het duidelijk."),
        ("els", "approved", ""),
    ]
    assert product.rows("SELECT purpose, state FROM site_requests WHERE number = ?", number) == [
        ("De kermis, samen met de foorkramers.", "ready")
    ]


def test_what_was_withdrawn_cannot_be_approved_any_more(
    amina: Chat, bram: Chat, product: LocalHostProcess
) -> None:
    receipt, number = ask_site(amina, "Rommelmarkt", "De rommelmarkt op zondag organiseren.")
    asked(bram, number)
    product.settle()
    press(receipt, t("Withdraw"))
    press(receipt, t("Yes, withdraw"))
    expect(receipt).to_contain_text(t("You withdrew this request. Nothing is made."))

    expect(bram.card(number)).to_contain_text("Amina El Idrissi")
    expect(bram.card(number).get_by_role("button", name=t("Approve"), exact=True)).to_have_count(0)
    assert product.rows("SELECT state FROM site_requests WHERE number = ?", number) == [("withdrawn",)]
    assert decisions(product, number) == []


def test_a_name_that_is_asked_for_already_is_refused_in_the_form(amina: Chat, els: Chat) -> None:
    """With what was typed still in it."""
    ask_site(amina, "Boekenbeurs", "Boeken ruilen met elkaar.")
    form = guided(els, "Boekenbeurs")
    fill(form, t("What do you need it for?"), "Boeken verkopen aan elkaar.")
    fill(form, t("Who is the second owner?"), BRAM)
    press(form, t("Ask for this site"))
    expect(form.get_by_label(t("What do you need it for?"))).to_have_value("Boeken verkopen aan elkaar.")
    expect(form.get_by_label(t("Name"))).to_have_value("Boekenbeurs")
    expect(form).to_contain_text(t("Somebody asked for a site with this name already. Choose another name."))
