"""The page to try the API with: what a developer makes there stands in the chats of the people it is about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from locales import translator
from tests.browser.chat import Chat
from tests.browser.try_it import try_out
from tests.cast import person
from tests.servers.local_host import LocalHostProcess

t = translator("nl")
TEXT = "De badgelezer van het magazijn knippert rood en niemand kan binnen."
PHONE = 320
"""The width of the narrowest phone, in CSS pixels."""


@pytest.fixture(scope="module")
def complaints() -> list[str]:
    """What the browser says is wrong, such as something that the page's own rules forbid."""
    return []


@pytest.fixture(scope="module")
def page(start_page: Page, product: LocalHostProcess, complaints: list[str]) -> Iterator[Page]:
    """The page, in a tab next to the chats."""
    page = start_page.context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{product.address}/try-it")
    yield page
    page.close()


def test_a_ticket_that_is_tried_out_stands_in_the_chats(
    page: Page, amina: Chat, bram: Chat, start_page: Page, product: LocalHostProcess
) -> None:
    body = {"kind": "incident", "text": TEXT, "onBehalfOf": person("amina").email}
    answer = try_out(page, "CreateTicket", body)
    expect(answer.locator(".response-col_status").last).to_have_text("201")
    expect(answer).to_contain_text('"requesterName": "Amina El Idrissi"')

    [(number,)] = product.rows("SELECT number FROM tickets")
    expect(answer).to_contain_text(number)
    start_page.bring_to_front()
    bram.sees(f"{number} · {t('incident')}", TEXT, t("Assign to me"))
    amina.sees(number, TEXT)


def test_the_page_fits_a_phone_and_the_browser_has_no_complaints(page: Page, complaints: list[str]) -> None:
    page.bring_to_front()
    page.set_viewport_size({"width": PHONE, "height": 640})
    expect(page.locator(".live-responses-table")).to_be_visible()  # the answer of before, the widest there is
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    assert complaints == []
