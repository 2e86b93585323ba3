"""What agents have in chat besides a ticket's own cards, and what majors, followers and callers see."""

from __future__ import annotations

from dataclasses import replace

from cards.helpdesk import desk as helpdesk_desk
from cards.helpdesk import desk_channel, desk_menu, desk_queue
from cards.helpdesk import form as helpdesk_form
from cards.helpdesk import majors as helpdesk_majors
from cards.helpdesk import own as helpdesk_own
from cards.helpdesk import phone as helpdesk_phone
from cards.helpdesk import requester as helpdesk
from cards.helpdesk.desk import DeskFace
from cards.helpdesk.desk_menu import Page
from cards.helpdesk.desk_pages import PAGES
from cards.helpdesk.desk_queue import Line, Several, Shown
from cards.helpdesk.form import FirstHelp, TicketForm
from cards.helpdesk.phone import Call
from cards.kit import Card
from domain.helpdesk.majors import Major, News, Parts
from domain.helpdesk.notes import DeskFile, Note
from domain.helpdesk.policy import Priority
from domain.helpdesk.queues import Order, Queue
from domain.helpdesk.relations import Link, Relation
from domain.helpdesk.rules import Kind, Party, State
from domain.helpdesk.ticket import Event
from locales import Translator
from tests.cards.samples.helpdesk import AT, NAMES, POLICY, QUESTION, REPLY, TICKET, at_desk, face
from tests.cards.samples.home import DIFFICULT

PEOPLE = {
    **NAMES,
    "fatima": "Fatima Benali",
    "dirk": "Dirk Peeters",
    "stijn": "Stijn Verbeke",
    "desk:clock": POLICY.name,
}
BUSY = replace(
    TICKET,
    state=State.IN_PROGRESS,
    assignee_id="bram",
    version=5,
    category="toestel",
    group_id="eerste_lijn",
    priority=Priority.HIGH,
    priority_reason="Raadszitting vanavond",
)
NOTE = Note("01a00000-0000-7000-8000-000000000051", TICKET.id, "carla", "Derde keer met dit model.", AT)
TOLD = News(
    "01a00000-0000-7000-8000-000000000061",
    TICKET.id,
    "stijn",
    "De leverancier is ter plaatse. Om 11 uur weten we meer.",
    AT,
)
MAJOR = Major(
    "01a00000-0000-7000-8000-000000000071",
    "I-2026-000099",
    "De wifi valt telkens weg in het stadhuis",
    "netwerk",
    State.IN_PROGRESS,
    AT,
    (TOLD,),
)
LINK = Link(
    "01a00000-0000-7000-8000-000000000081",
    "W-2026-000004",
    "Nieuwe toegangspunten voor wifi",
    State.IN_PROGRESS,
    Relation.CAUSED_BY,
)


def everything() -> DeskFace:
    """A ticket with all that can hang on one."""
    seen = at_desk(BUSY, Party.DESK, QUESTION, REPLY, what="reply", earlier=2)
    return replace(
        seen,
        file=DeskFile((NOTE,), 1, 45),
        names=PEOPLE,
        links=(LINK,),
        watchers=("fatima", "dirk"),
        looks_like=MAJOR,
    )


def samples(t: Translator) -> dict[str, Card]:
    there = everything()
    major = replace(BUSY, major_since=AT, title=MAJOR.title, text=MAJOR.title)
    main = replace(at_desk(major, Party.DESK, what="declare_major"), parts=Parts(12, 3), names=PEOPLE)
    solved = replace(major, state=State.RESOLVED, resolved_at=AT)
    page = Page(
        there,
        POLICY,
        [
            ("bram", t("I take it")),
            ("carla", "Carla Maes"),
            ("stijn", t("{name} (away)", name="Stijn Verbeke")),
        ],
    )
    wrong = {
        "merge": ("into", t("There is no such ticket.")),
        "time": ("minutes", t("Type a number of minutes, such as 15.")),
        "priority": ("why", t("Write something here, please.")),
    }
    long = replace(TICKET, title=DIFFICULT[:120], priority=Priority.CRITICAL)
    lines = [
        Line(BUSY, "Amina El Idrissi", "", t("before {moment}", moment=t.moment(AT))),
        Line(TICKET, "Dirk Peeters", "Carla Maes", t("late since {moment}", moment=t.moment(AT)), late=True),
        Line(replace(long, id=LINK.ticket_id), DIFFICULT[:60], ""),
    ]
    shown = Shown(Queue.GROUP, Order.PRIORITY)
    several = Several(shown, lines, [BUSY.id])
    events = [
        Event("report", State.NEW, "amina", AT),
        Event("hand_over", State.ASSIGNED, "desk:clock", AT, State.NEW, {"to": "bram"}),
        Event(
            "prioritise",
            State.ASSIGNED,
            "bram",
            AT,
            State.ASSIGNED,
            {"priority": "high", "before": "normal", "why": "Raadszitting vanavond"},
        ),
        Event("change_kind", State.ASSIGNED, "bram", AT, State.ASSIGNED, {"number": "A-2026-000001"}),
        Event("escalate", State.NEW, "carla", AT, State.ASSIGNED, {"group": "tweede_lijn"}),
        Event("close", State.CLOSED, "desk:clock", AT, State.RESOLVED),
    ]
    form = TicketForm("01a00000-0000-7000-8000-000000000030", Kind.INCIDENT, text=TICKET.text)
    first = FirstHelp(MAJOR, [("wifi-1", "Verbinden met de wifi van de stad")], "joris")
    part = face(replace(BUSY, parent_id=MAJOR.ticket_id))
    resolved = face(replace(solved, major_since=None, title=TICKET.title))
    return {
        "everything": helpdesk_desk.desk(t, there),
        "major": helpdesk_desk.desk(t, main),
        "major_resolved": helpdesk_desk.desk(t, replace(main, face=face(solved, Party.DESK, what="resolve"))),
        "menu": desk_menu.menu(t, page),
        **{f"page_{name}": show(t, page) for name, show in PAGES.items()},
        **{
            f"wrong_{name}": PAGES[name](t, replace(page, values={field: "onzin"}, problems={field: said}))
            for name, (field, said) in wrong.items()
        },
        "history": desk_menu.history(t, page, events, PEOPLE, 3),
        "parts": desk_menu.parts(
            t, page, [BUSY, TICKET], {BUSY.id: "in behandeling", TICKET.id: "nieuw"}, TICKET.id
        ),
        "queue": desk_queue.queue(t, shown, lines, LINK.ticket_id),
        "queue_empty": desk_queue.queue(t, Shown(Queue.MINE), [], None),
        "queue_done": desk_queue.queue(
            t,
            shown,
            lines,
            None,
            "\n".join(
                [
                    t.plural("{n} ticket done.", "{n} tickets done.", 2),
                    f"I-2026-000002: {t('That is this ticket itself.')}",
                ]
            ),
            refused=True,
        ),
        "several": desk_queue.several(t, several),
        **{
            f"together_{what}": desk_queue.together(
                t, replace(several, what=what, options=[("carla", "Carla Maes")])
            )
            for what in ("give", "join", "resolve")
        },
        "call": helpdesk_phone.call(t, Call(form.form_id, "Dirk Peeters", "zijn scherm flikkert")),
        "call_wrong": helpdesk_phone.call(
            t,
            Call(
                form.form_id,
                "Zeppelin",
                problems={"person": t("Choose a colleague."), "text": t("Write something here, please.")},
            ),
        ),
        "channel": desk_channel.ticket(t, face(TICKET, Party.DESK), "Eerste lijn"),
        "channel_which": desk_channel.which(
            t, TICKET.number, "Amina El Idrissi", DIFFICULT, {"id": TICKET.id}, is_open=True
        ),
        **{
            f"channel_{what}": desk_channel.said(
                t, what, "Amina El Idrissi", "Bram De Smet", "Brandt het lampje?"
            )
            for what in ("answer", "note", "nothing")
        },
        "channel_requester": desk_channel.requester_said(t, "Amina El Idrissi", "Er komt rook uit."),
        "which_kind": helpdesk_form.which_kind(t, ""),
        "form_first_help": helpdesk_form.form(t, form, first),
        "following": helpdesk_form.following(t, MAJOR),
        "belongs_several": helpdesk_form.belongs(t, [face(BUSY), resolved], "en nu piept hij ook"),
        "news": helpdesk_majors.news(t, MAJOR, TOLD, "Stijn Verbeke", has_ticket=False),
        "news_solved": helpdesk_majors.news(
            t, replace(MAJOR, state=State.RESOLVED), TOLD, "Stijn Verbeke", has_ticket=False
        ),
        "receipt_part": helpdesk.requester(t, replace(part, part_of=MAJOR)),
        "receipt_on_behalf": helpdesk.requester(t, face(replace(TICKET, reporter_id="bram"))),
        "receipt_waiting": helpdesk.requester(
            t, face(replace(BUSY, state=State.WAITING_REQUESTER), Party.REQUESTER, QUESTION)
        ),
        "receipt_rejected": helpdesk.requester(
            t, face(replace(BUSY, state=State.REJECTED, closed_at=AT), Party.REQUESTER, QUESTION)
        ),
        "receipt_merged": helpdesk.requester(
            t,
            replace(
                face(replace(BUSY, state=State.MERGED, merged_into_id=LINK.ticket_id)),
                goes_on_in="I-2026-000007",
            ),
        ),
        "own": helpdesk_own.own_actions(t, face(BUSY), {"fatima": "Fatima Benali"}),
        "watcher": helpdesk_own.watcher(t, face(BUSY, Party.REQUESTER, QUESTION)),
        "closes_soon": helpdesk.closes_soon(t, replace(resolved, closes_at=AT)),
    }
