from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from cards import catalogue, orders
from cards.catalogue import OrderForm, Shelf
from cards.kit import Card
from cards.tips.answers import Suggested
from domain.approvals.approval import Approval, ApprovalState, Decision
from domain.catalogue.actions import KIND
from domain.catalogue.item import Item
from domain.catalogue.order import Order
from domain.catalogue.rules import check_answers, visible
from domain.helpdesk.policy import Impact, Priority, Urgency
from domain.helpdesk.rules import Kind, State
from domain.helpdesk.ticket import Ticket
from locales import Translator
from tests.cards.samples.home import DIFFICULT
from tests.cast import demo_city, person

FORM_ID = "0193f0a0-0000-7000-8000-000000000001"
TICKET_ID = "0193f0a0-0000-7000-8000-000000000002"
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
NAMES = {"fatima": "Fatima Benali", "amina": "Amina El Idrissi"}
LAPTOP = {
    "wie": "collega",
    "collega": "Dirk Peeters",
    "model": "zwaar",
    "programma": "ArcGIS",
    "oud": "terug",
    "waar": "B2",
}
TICKET = Ticket(
    TICKET_ID,
    "A-2026-000012",
    Kind.REQUEST,
    State.NEW,
    "Nieuwe laptop",
    "Nieuwe laptop",
    Impact.LOW,
    Urgency.MEDIUM,
    Priority.LOW,
    "amina",
    "amina",
    "digitaal",
    None,
    1,
    NOW,
    NOW,
)


def item(item_id: str) -> Item:
    return demo_city().catalogue.by_id[item_id]


def form(item_id: str, given: dict[str, str] | None = None) -> OrderForm:
    one, filled = item(item_id), given or {}
    return OrderForm(
        one,
        FORM_ID,
        visible(one.form, filled),
        TODAY,
        date(2026, 12, 7),
        filled,
        final=not one.form or bool(given),
    )


def ordered(state: ApprovalState | None) -> Order:
    laptop = item("laptop")
    answers = check_answers(laptop.form, LAPTOP, {"collega": [person("dirk")]}, TODAY)
    due = None if state in (ApprovalState.PENDING, ApprovalState.REFUSED) else date(2026, 12, 7)
    return Order(TICKET_ID, laptop.id, laptop.name, "amina", answers, state is not None, 10, due)


def approval(state: ApprovalState, comment: str = "") -> Approval:
    decision = None if state is ApprovalState.PENDING else Decision("fatima", state, comment, NOW)
    return Approval(
        FORM_ID,
        KIND,
        TICKET_ID,
        TICKET.number,
        TICKET.title,
        "amina",
        "supervisor",
        ("fatima",),
        state,
        NOW,
        decision,
    )


def samples(t: Translator) -> dict[str, Card]:
    city = demo_city().catalogue
    often = [item("laptop"), item("tweestaps"), item("licentie")]
    approved = approval(ApprovalState.APPROVED, "Prima, doe maar.")
    refused = approval(ApprovalState.REFUSED, DIFFICULT[:400])
    growing = form("laptop", LAPTOP)
    wrong = {
        "collega": t("I find nobody with this name or e-mail address."),
        "waar": t("Write something here, please."),
    }
    return {
        "shelf": catalogue.shelf(t, Shelf(city.categories, before=[item("scherm")], often=often)),
        "shelf_found": catalogue.shelf(
            t, Shelf(city.categories, "ik heb een nieuwe laptop nodig", [item("laptop"), item("lenen")])
        ),
        "shelf_tip": catalogue.shelf(
            t,
            Shelf(
                city.categories,
                "wachtwoord wijzigen",
                [item("laptop")],
                tip=Suggested("x", "Hoe wijzig ik mijn wachtwoord?"),
            ),
        ),
        "shelf_nothing": catalogue.shelf(t, Shelf(city.categories, DIFFICULT[:200])),
        "category": catalogue.category(
            t, city.categories[0], [one for one in city.items if one.category_id == city.categories[0].id]
        ),
        "form": catalogue.form(t, replace(form("laptop"), note="ik heb een nieuwe laptop nodig")),
        "form_for_somebody_else": catalogue.form(
            t,
            replace(
                form("scherm"),
                person=DIFFICULT[:100],
                problems={
                    "person": t(
                        "I do not know {name}. Type a name or an e-mail address.", name=DIFFICULT[:100]
                    )
                },
            ),
        ),
        "form_grown": catalogue.form(
            t,
            replace(
                growing,
                fresh=frozenset({"collega", "programma"}),
                given=LAPTOP | {"collega": "", "programma": ""},
            ),
        ),
        "form_checked": catalogue.form(t, replace(growing, checked=True)),
        "form_wrong": catalogue.form(
            t, replace(growing, given=LAPTOP | {"collega": DIFFICULT[:150], "waar": ""}, problems=wrong)
        ),
        "form_every_type": catalogue.form(
            t, form("uitdienst", {"onedrive": "overdracht", "mailbox": "collega"})
        ),
        "form_numbers": catalogue.form(t, form("gedeelde-pc", {"aantal": "3"})),
        "result_approved": orders.result(t, TICKET, ordered(ApprovalState.APPROVED), approved, NAMES),
        "result_refused": orders.result(t, TICKET, ordered(ApprovalState.REFUSED), refused, NAMES),
    }
