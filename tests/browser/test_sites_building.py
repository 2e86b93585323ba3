"""A site from the first question to what stands in the tenant. The database and the tenant's page are asked too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from locales import translator
from tests.browser.chat import Chat, press
from tests.browser.sites import AMINA, BRAM, CARLA, ELS, TEAM, approve, ask_site, asked, decisions
from tests.servers.local_host import LocalHostProcess

t = translator("nl")
pytestmark = pytest.mark.usefixtures("amina", "bram", "els")


def test_a_site_is_approved_twice_built_and_opened(
    amina: Chat, bram: Chat, els: Chat, product: LocalHostProcess, start_page: Page
) -> None:
    receipt, number = ask_site(amina, "Vlasmarkt", "De heraanleg voorbereiden met de handelaars.")
    expect(receipt).to_contain_text(BRAM)

    for text in ("De heraanleg voorbereiden met de handelaars.", AMINA):
        expect(asked(bram, number)).to_contain_text(text)
    first = approve(bram, number, "Prima, doe maar.")
    expect(first).to_contain_text(ELS)
    expect(receipt).to_contain_text(ELS)
    expect(asked(els, number)).to_contain_text("Prima, doe maar.")
    assert product.rows("SELECT state FROM site_requests WHERE number = ?", number) == [("asked",)]

    second = approve(els, number, "Past in ons beleid.")
    for card in (first, second):
        expect(card).to_contain_text(ELS)
        expect(card).to_contain_text("Past in ons beleid.")
    ready = amina.sees(t("Your site {name} is ready", name="Vlasmarkt"), within=60)
    product.wait_for("SELECT state FROM site_requests WHERE number = ?", number, rows=[("ready",)])
    assert decisions(product, number) == [
        ("bram", "approved", "Prima, doe maar."),
        ("els", "approved", "Past in ons beleid."),
    ]

    with start_page.context.expect_page() as opened:
        ready.get_by_text(t("Open the site"), exact=True).click()
    site = opened.value
    site.wait_for_load_state()
    assert site.url == f"{product.tenant}/sites/prj-vlasmarkt"
    expect(site.get_by_role("heading", name="Vlasmarkt")).to_be_visible()
    for setting, value in {
        "Classificatie": "1",
        "Microsoft 365-groep": "geen",
        "Documenten delen": "ook met gasten die zich aanmelden",
        "Leden delen de site zelf": "nee",
        "Eigenaars van de site": f"{AMINA}, {CARLA}",
    }.items():
        expect(site.get_by_role("row", name=f"{setting} {value}", exact=True)).to_be_visible()
    site.close()


def test_a_team_site_gets_its_group_and_the_libraries_that_were_chosen(
    amina: Chat, bram: Chat, els: Chat, product: LocalHostProcess, start_page: Page
) -> None:
    _receipt, number = ask_site(amina, "Feesten", "Alle feesten van de stad.", TEAM, ["Publicaties"])
    approve(bram, number)
    approve(els, number)
    amina.sees(t("Your site {name} is ready", name="Feesten"), within=90)

    tenant = start_page.context.new_page()
    tenant.goto(product.tenant)
    tenant.get_by_role("link", name="Feesten").click()
    for setting, value in {
        "Classificatie": "2",
        "Microsoft 365-groep": "team-feesten (privé)",
        "Documenten delen": "niet met mensen buiten de stad",
        "Gasten in de groep": "niet toegelaten",
    }.items():
        expect(tenant.get_by_role("row", name=f"{setting} {value}", exact=True)).to_be_visible()
    expect(tenant.get_by_role("heading", name="Publicaties")).to_be_visible()
    for shown in (
        "Per fase (eerst)",
        "Documenttype",
        "Soorten documenten: Document, Documentenset.",
        "610 Publicaties",
    ):
        expect(tenant.get_by_text(shown).first).to_be_visible()
    tenant.goto(f"{product.tenant}/oproepen")
    expect(tenant.get_by_text("Er is niets geweigerd.")).to_be_visible()
    tenant.close()


def test_a_double_press_approves_once_and_builds_once(
    amina: Chat, bram: Chat, els: Chat, product: LocalHostProcess
) -> None:
    _receipt, number = ask_site(amina, "Zomerbar", "De zomerbar organiseren.")
    approve(bram, number)
    card = asked(els, number)
    press(card, t("Approve"))
    card.get_by_role("button", name=t("Yes, approve"), exact=True).dblclick()
    amina.sees(t("Your site {name} is ready", name="Zomerbar"), within=60)
    assert decisions(product, number) == [("bram", "approved", ""), ("els", "approved", "")]
    assert product.rows("SELECT count(*) FROM sites WHERE number = ?", number) == [(1,)]
