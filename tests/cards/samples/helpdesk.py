from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cards.helpdesk import desk as helpdesk_desk
from cards.helpdesk import form as helpdesk_form
from cards.helpdesk import requester as helpdesk
from cards.helpdesk.desk import DeskFace
from cards.helpdesk.form import TicketForm
from cards.helpdesk.requester import Notice, TicketFace
from cards.kit import Card
from domain.helpdesk.notes import EMPTY_FILE, DeskFile
from domain.helpdesk.policy import Impact, Priority, Urgency
from domain.helpdesk.rules import Kind, Party, State, possible
from domain.helpdesk.ticket import Conversation, Event, Message, Ticket
from locales import Translator
from tests.cards.samples.home import DIFFICULT
from tests.cast import demo_city

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
POLICY = demo_city().helpdesk
NAMES = {"amina": "Amina El Idrissi", "bram": "Bram De Smet", "carla": "Carla Maes"}
TICKET = Ticket(
    id="01a00000-0000-7000-8000-000000000010",
    number="I-2026-000001",
    kind=Kind.INCIDENT,
    state=State.NEW,
    title="Mijn laptop start niet meer op en ik kan niet verder.",
    text="Mijn laptop start niet meer op en ik kan niet verder. Sinds vanmorgen blijft het scherm zwart.",
    impact=Impact.LOW,
    urgency=Urgency.HIGH,
    priority=Priority.NORMAL,
    requester_id="amina",
    reporter_id="amina",
    team_id="digitaal",
    assignee_id=None,
    version=1,
    created_at=AT,
    updated_at=AT,
)
QUESTION = Message("01a00000-0000-7000-8000-000000000021", TICKET.id, "bram", True, "Brandt het lampje?", AT)
REPLY = Message(
    "01a00000-0000-7000-8000-000000000022", TICKET.id, "amina", False, "Nee, ook niet aan de lader.", AT
)


def face(
    ticket: Ticket = TICKET,
    party: Party = Party.REQUESTER,
    *messages: Message,
    what: str = "report",
    earlier: int = 0,
) -> TicketFace:
    parties = frozenset({party})
    return TicketFace(
        Conversation(
            ticket,
            Event(what, ticket.state, "bram" if ticket.assignee_id else "amina", AT),
            messages,
            earlier,
        ),
        NAMES,
        possible(ticket.standing, parties, AT, POLICY),
        "Digitale Transformatie",
        POLICY.name,
        AT + timedelta(days=14),
    )


def at_desk(*arguments: Any, file: DeskFile = EMPTY_FILE, **more: Any) -> DeskFace:
    """As an agent sees it."""
    seen = face(*arguments, **more)
    return DeskFace(seen, file, NAMES, "Eerste lijn", "Laptop, pc en scherm", viewer_id="bram")


def samples(t: Translator) -> dict[str, Card]:
    busy = replace(TICKET, state=State.IN_PROGRESS, assignee_id="bram", version=3)
    solved = replace(busy, state=State.RESOLVED, resolved_at=AT)
    done = replace(solved, state=State.CLOSED)
    long = replace(busy, title=DIFFICULT[:120], text=(DIFFICULT * 30)[:10_000], reporter_id="carla")
    said = [
        replace(QUESTION, id=f"{QUESTION.id[:-2]}{number}", text=(DIFFICULT * 30)[:10_000])
        for number in range(31, 36)
    ]
    form = TicketForm("01a00000-0000-7000-8000-000000000030", Kind.INCIDENT, text=TICKET.text)
    write = t("Write something here, please.")
    return {
        **{f"form_{kind}": helpdesk_form.form(t, replace(form, kind=kind)) for kind in Kind},
        "form_wrong": helpdesk_form.form(t, replace(form, text="", problems={"text": write})),
        "form_with_a_password": helpdesk_form.form(t, replace(form, has_password=True)),
        "form_difficult": helpdesk_form.form(t, replace(form, text=DIFFICULT)),
        "receipt": helpdesk.requester(t, face()),
        "receipt_assigned": helpdesk.requester(t, face(replace(busy, state=State.ASSIGNED), what="assign")),
        "receipt_busy": helpdesk.requester(t, face(busy, Party.REQUESTER, QUESTION, REPLY, what="reply")),
        "receipt_resolved": helpdesk.requester(t, face(solved, Party.REQUESTER, QUESTION, what="resolve")),
        "receipt_closed": helpdesk.requester(t, face(done, what="close")),
        "receipt_difficult": helpdesk.requester(
            t, face(long, Party.REQUESTER, *said, what="answer", earlier=7)
        ),
        "desk_new": helpdesk_desk.desk(t, at_desk(TICKET, Party.DESK)),
        "desk_busy": helpdesk_desk.desk(
            t, at_desk(busy, Party.DESK, QUESTION, REPLY, what="answer", earlier=1)
        ),
        "desk_resolved": helpdesk_desk.desk(t, at_desk(solved, Party.DESK, QUESTION, what="resolve")),
        "desk_difficult": helpdesk_desk.desk(t, at_desk(long, Party.DESK, *said, what="answer", earlier=7)),
        "answer": helpdesk.answer(t, face(busy, Party.REQUESTER, QUESTION, what="answer"), QUESTION),
        "answer_resolved": helpdesk.answer(
            t, face(solved, Party.REQUESTER, QUESTION, what="resolve"), QUESTION
        ),
        "answer_opened_again": helpdesk.answer(
            t, face(busy, Party.REQUESTER, QUESTION, what="reopen"), QUESTION
        ),
        "reply": helpdesk_desk.reply(t, at_desk(busy, Party.DESK, QUESTION, REPLY, what="reply"), REPLY),
        "belongs": helpdesk_form.belongs(t, [face(busy)], "en nu piept hij ook"),
        "belongs_resolved": helpdesk_form.belongs(t, [face(solved)], DIFFICULT),
        "desk_moved_on": helpdesk_desk.desk(
            t,
            at_desk(solved, Party.DESK, what="resolve"),
            Notice(t("That is not possible any more: the ticket has been resolved."), "Is het al gelukt?"),
        ),
    }
