"""A site that stands: the yearly question to its owners, and the archive. A year goes by in the database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from locales import translator
from tests.browser.chat import Chat, fill, press
from tests.browser.open_city import ZONE
from tests.browser.sites import approve, ask_site
from tests.servers.local_host import LocalHostProcess

t = translator("nl")
NEXT_MINUTE = 90
"""Seconds in which the timer that runs every minute has run."""
pytestmark = pytest.mark.usefixtures("amina", "bram", "els")


@pytest.fixture(scope="module")
def number(amina: Chat, bram: Chat, els: Chat) -> str:
    """Of a site that was built for Amina."""
    _receipt, number = ask_site(amina, "Vlasmarkt", "De heraanleg voorbereiden met de handelaars.")
    approve(bram, number)
    approve(els, number)
    amina.sees(t("Your site {name} is ready", name="Vlasmarkt"), within=60)
    return number


def a_year_later(product: LocalHostProcess, number: str) -> None:
    """The day of the yearly question has come."""
    today = datetime.now(ZONE).date()
    product.change(
        "UPDATE sites SET review_on = ?, look_on = ?, looked_on = ? WHERE number = ?",
        *(day.isoformat() for day in (today, today, today - timedelta(days=1))),
        number,
    )


def asked_next_year(product: LocalHostProcess, number: str) -> None:
    """Wait until the next yearly question is nearly a year away."""
    day = (datetime.now(ZONE) + timedelta(days=360)).date().isoformat()
    later = "SELECT count(*) FROM sites WHERE number = ? AND review_on > ?"
    product.wait_for(later, number, day, rows=[(1,)], within=30)


def test_the_owners_are_asked_every_year_whether_a_site_is_still_needed(
    amina: Chat, product: LocalHostProcess, number: str
) -> None:
    a_year_later(product, number)
    question = t("Is the site {name} still needed?", name="Vlasmarkt")
    asked = amina.sees(question, t("Yes, and the owners are right"), within=NEXT_MINUTE)
    expect(asked).to_contain_text("Carla Maes")
    press(asked, t("Yes, and the owners are right"))

    asked_next_year(product, number)
    mine = amina.ask("mijn sites")
    expect(mine).to_contain_text("Vlasmarkt")
    expect(mine).to_contain_text(t("in use"))


def test_a_site_that_is_not_needed_any_more_goes_to_the_archive_when_it_is_approved(
    amina: Chat, els: Chat, product: LocalHostProcess, number: str, start_page: Page
) -> None:
    asked_next_year(product, number)
    a_year_later(product, number)
    archive = t("Archive it")
    asked = amina.sees(t("Is the site {name} still needed?", name="Vlasmarkt"), archive, within=NEXT_MINUTE)
    press(asked, archive)
    form = amina.sees(t("Everybody can still read it, nobody can change it. You can ask to bring it back."))
    fill(form, t("Why?"), "De heraanleg is klaar.")
    press(form, t("Ask for this"))
    product.wait_for("SELECT state FROM site_changes WHERE kind = 'archive'", rows=[("asked",)])

    card = els.sees("De heraanleg is klaar.", t("Approve"))
    press(card, t("Approve"))
    press(card, t("Yes, approve"))
    product.wait_for("SELECT state FROM sites WHERE number = ?", number, rows=[("archived",)], within=60)

    tenant = start_page.context.new_page()
    tenant.goto(f"{product.tenant}/sites/prj-vlasmarkt")
    expect(tenant.get_by_role("row", name="Op slot ja: alleen lezen", exact=True)).to_be_visible()
    tenant.close()
    amina.sees(
        "Vlasmarkt", t("The site is in the archive: everybody can still read it, nobody can change it.")
    )
