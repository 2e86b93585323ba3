from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from cards import changes, planned
from cards.changes import ChangeForm
from cards.kit import Card, card, heading
from cards.planned import ChangeFace
from domain.approvals.approval import Approval, ApprovalState, Decision
from domain.changes.actions import KIND
from domain.changes.change import Change, ChangePage, Listed, Outcome
from domain.changes.policy import ChangeType, Risk
from domain.changes.rules import ChangeState, ChangeStep, Clash, ClashKind, Result, Window
from domain.helpdesk.policy import Impact, Priority, Urgency
from domain.helpdesk.rules import Kind, State
from domain.helpdesk.ticket import Ticket
from locales import Translator
from tests.cards.samples.home import DIFFICULT
from tests.cast import demo_city

TICKET_ID = "0193f0a0-0000-7000-8000-000000000003"
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
WINDOW = Window(datetime(2026, 12, 18, 17, 0, tzinfo=UTC), datetime(2026, 12, 18, 20, 0, tzinfo=UTC))
NAMES = {"bram": "Bram De Smet", "carla": "Carla Maes", "els": "Els Wouters", "gust": "Gust Verhelst"}
ANSWERS = {"wie": "teams", "eerder": "goed", "terug": "snel", "getest": "deels", "stil": "buiten"}
CLASHES = (
    Clash(ClashKind.SAME_SYSTEM, "W-2026-000004 · Nieuwe versie van de mailfilter", date(2026, 12, 18)),
    Clash(ClashKind.FREEZE, "Jaarafsluiting boekhouding", date(2026, 12, 18)),
    Clash(ClashKind.CLOSED, "Kerstsluiting", date(2026, 12, 28)),
)
CHANGE = Change(
    TICKET_ID,
    ChangeType.NORMAL,
    None,
    ("mail", "aanmelden"),
    ANSWERS,
    Risk.MEDIUM,
    "Eerst de testgroep overzetten, daarna per cluster. Na elke cluster een uur wachten.",
    "De oude verbinding blijft twee weken staan; omzetten duurt tien minuten.",
    WINDOW,
    ChangeState.ASKED,
    needs_approval=True,
    planned_by_id="bram",
)
TICKET = Ticket(
    TICKET_ID,
    "W-2026-000007",
    Kind.CHANGE,
    State.NEW,
    "Mail overzetten naar de nieuwe verbinding",
    "De oude verbinding wordt niet meer ondersteund.",
    Impact.MEDIUM,
    Urgency.LOW,
    Priority.LOW,
    "bram",
    "bram",
    "digitaal",
    None,
    1,
    NOW,
    NOW,
)


def approval(state: ApprovalState, comment: str = "") -> Approval:
    decision = None if state is ApprovalState.PENDING else Decision("els", state, comment, NOW)
    ids = ("carla", "els", "gust")
    return Approval(
        TICKET_ID,
        KIND,
        TICKET_ID,
        TICKET.number,
        TICKET.title,
        "bram",
        "wijzigingsraad",
        ids,
        state,
        NOW,
        decision,
    )


def face(change: Change = CHANGE, state: ApprovalState = ApprovalState.PENDING) -> ChangeFace:
    clashes = CLASHES if change.state.ahead else ()
    return ChangeFace(change, demo_city().changes, approval(state, "Prima zo."), NAMES, clashes)


def form(type_: ChangeType, **given: str) -> ChangeForm:
    standard = demo_city().changes.standard[0] if type_ is ChangeType.STANDARD else None
    filled = {"plan": standard.plan, "back_out": standard.back_out} if standard else {}
    return ChangeForm(TICKET_ID, type_, standard, filled | given)


def samples(t: Translator) -> dict[str, Card]:
    policy = demo_city().changes
    filled = form(
        ChangeType.NORMAL,
        title=TICKET.title,
        why=DIFFICULT[:300],
        systems="mail,aanmelden",
        plan=CHANGE.plan,
        back_out=CHANGE.back_out,
        start_day="2026-12-18",
        start_time="18:00",
        end_day="2026-12-18",
        end_time="21:00",
        **{changes.RISK + question: answer for question, answer in ANSWERS.items()},
    )
    wrong = {
        "systems": t("Choose what is changed."),
        "risk_terug": t("Choose what fits best."),
        "end": t("The end comes after the start."),
    }
    went = replace(
        CHANGE,
        state=ChangeState.REVIEWED,
        result=Result.ROLLED_BACK,
        outcome=Outcome("De postbussen van Burgerzaken kwamen niet mee.", "bram", NOW),
        review=Outcome("Vooraf de grote postbussen apart testen.", "carla", NOW),
    )
    noting = replace(
        face(replace(CHANGE, state=ChangeState.PLANNED)), steps=frozenset(ChangeStep), movable=True
    )
    moving = replace(
        filled, ticket=f"{TICKET.number} · {TICKET.title}", ticket_id=TICKET_ID, clashes=CLASHES, accepted="x"
    )
    refused = replace(face(replace(CHANGE, state=ChangeState.REFUSED), ApprovalState.REFUSED), again=True)
    listed = Listed(
        TICKET_ID, TICKET.number, TICKET.title, CHANGE.type, CHANGE.risk, CHANGE.systems, WINDOW, CHANGE.state
    )
    later = replace(listed, title=DIFFICULT[:100], type=ChangeType.EMERGENCY, state=ChangeState.PLANNED)
    page = ChangePage((listed, later), "volgende")
    return {
        "start": changes.start(t, policy, typed=TICKET.title),
        "start_of_ticket": changes.start(
            t, policy, ticket_id=TICKET_ID, ticket=f"{TICKET.number} · {TICKET.title}"
        ),
        "form": changes.form(t, form(ChangeType.NORMAL), policy),
        "form_standard": changes.form(t, form(ChangeType.STANDARD, title="Updates van december"), policy),
        "form_wrong": changes.form(t, replace(filled, problems=wrong), policy),
        "form_clashes": changes.form(t, replace(filled, clashes=CLASHES, accepted="x"), policy),
        "move": changes.move(t, replace(moving, given={**moving.given, "why": DIFFICULT[:300]}), CHANGE),
        "move_wrong": changes.move(t, replace(moving, clashes=(), problems=wrong), CHANGE),
        "on_ticket_refused": card(heading(TICKET.number), *planned.for_desk(t, refused), language=t.language),
        "on_ticket": card(
            heading(TICKET.number),
            *planned.for_desk(t, noting),
            actions=planned.actions(t, noting),
            language=t.language,
        ),
        "on_ticket_reviewed": card(
            heading(TICKET.number),
            *planned.for_desk(t, face(went, ApprovalState.APPROVED)),
            language=t.language,
        ),
        "for_requester": card(
            heading(TICKET.number), *planned.for_requester(t, face(went)), language=t.language
        ),
        "for_board": card(heading(TICKET.number), *planned.approval_details(t, face()), language=t.language),
        "approved": planned.result(
            t, TICKET, face(replace(CHANGE, state=ChangeState.PLANNED), ApprovalState.APPROVED)
        ),
        "refused": planned.result(
            t, TICKET, face(replace(CHANGE, state=ChangeState.REFUSED), ApprovalState.REFUSED)
        ),
        "calendar": planned.calendar(t, page, policy, may_plan=True, first=True),
        "calendar_empty": planned.calendar(t, ChangePage((), None), policy, may_plan=False, first=True),
    }
