"""Asking for a site and deciding about it, as people do in their chats."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, expect

from cards.sites.guide import ANSWER_WORDS, QUESTION_WORDS
from domain.sites.policy import NO, YES, Question
from locales import translator
from tests.browser.chat import Chat, fill, press
from tests.servers.local_host import LocalHostProcess

t = translator("nl")
AMINA, BRAM, CARLA, ELS = "Amina El Idrissi", "Bram De Smet", "Carla Maes", "Els Wouters"
NUMBER = re.compile(r"S-\d{4}-\d{6}")
PROJECT = {
    Question.OUTSIDERS: YES,
    Question.PERSONAL_DATA: NO,
    Question.CONFIDENTIAL: NO,
    Question.AUDIENCE: "project",
}
TEAM = {**PROJECT, Question.OUTSIDERS: NO, Question.AUDIENCE: "team"}


def guided(chat: Chat, name: str, answers: dict[Question, str] = PROJECT) -> Locator:
    """Answer the questions and take the kind of site that is advised: the form for it."""
    card = chat.ask(f"ik wil een nieuwe projectsite voor {name}")
    for question, answer in answers.items():
        words = t(ANSWER_WORDS[answer])
        group = card.get_by_role("radiogroup", name=t(QUESTION_WORDS[question]))
        group.get_by_label(words[:1].upper() + words[1:], exact=True).check()
    press(card, t("Show what fits"))
    expect(card).to_contain_text(t("This kind fits what you tell me:"))
    press(card, t("Go on with this kind"))
    expect(card.get_by_label(t("Name"))).to_have_value(name)
    return card


def ask_site(
    chat: Chat,
    name: str,
    purpose: str,
    answers: dict[Question, str] = PROJECT,
    libraries: Sequence[str] = (),
) -> tuple[Locator, str]:
    """Ask for a site with Carla as its second owner: the receipt that the form becomes, and its number."""
    form = guided(chat, name, answers)
    fill(form, t("What do you need it for?"), purpose)
    fill(form, t("Who is the second owner?"), CARLA)
    for library in libraries:
        form.get_by_role("checkbox", name=re.compile(rf"\b{library}: ")).check()
    press(form, t("Ask for this site"))
    expect(form).to_contain_text(NUMBER)
    return form, number_in(form)


def number_in(card: Locator) -> str:
    found = NUMBER.search(card.inner_text())
    assert found, card.inner_text()
    return found.group()


def asked(chat: Chat, number: str) -> Locator:
    """The card that asks for a decision, once it does; the same card later says how it ended."""
    chat.sees(number, t("Ask for a change"))
    return chat.card(number)


def approve(chat: Chat, number: str, comment: str = "") -> Locator:
    """The card of who approves, which then says so."""
    card = asked(chat, number)
    press(card, t("Approve"))
    if comment:
        fill(card, t("Comment (not required)"), comment)
    press(card, t("Yes, approve"))
    expect(card.get_by_role("button", name=t("Yes, approve"), exact=True)).to_have_count(0)
    return card


def decisions(product: LocalHostProcess, number: str) -> list[tuple[str, str, str]]:
    """Who decided what about a request, and what they said, in order."""
    rows = product.rows(
        "SELECT d.person_id, d.outcome, d.comment FROM approval_decisions d"
        " JOIN approvals a ON a.id = d.approval_id WHERE a.number = ?"
        " AND d.outcome IN ('approved', 'refused', 'sent_back') ORDER BY d.id",
        number,
    )
    return [(person, outcome, comment) for person, outcome, comment in rows]
