from __future__ import annotations

from dataclasses import replace

from cards import attachments
from cards.attachments import FilesForm
from cards.helpdesk import desk as helpdesk_desk
from cards.helpdesk import requester as helpdesk
from cards.helpdesk.desk import DeskFace
from cards.helpdesk.sections import Section
from cards.kit import Card
from domain.attachments.attachment import Attachment
from domain.attachments.rules import Problem, State
from domain.helpdesk.rules import Party
from locales import Translator
from tests.cards.samples.helpdesk import AT, TICKET, at_desk, face
from tests.cards.samples.home import DIFFICULT

PICTURE = Attachment(
    id="01a00000-0000-7000-8000-000000000071",
    batch_id="01a00000-0000-7000-8000-000000000070",
    uploader_id="amina",
    ticket_id=TICKET.id,
    internal=False,
    name="schermafbeelding.png",
    state=State.STORED,
    problem=None,
    content_type="image/png",
    size=348_160,
    at=AT,
)
FILES = (
    PICTURE,
    replace(PICTURE, name="logboek.txt", size=812),
    replace(PICTURE, name="verslag-van-de-storing.pdf", size=4_404_019, uploader_id="bram", internal=True),
    replace(PICTURE, name="onderweg.docx", state=State.WAITING, size=None),
)
URL = "https://wijzer.vlaskerke.example/api/files/token"


def with_section(there: DeskFace, section: Section) -> DeskFace:
    return replace(there, face=replace(there.face, section=section))


def samples(t: Translator) -> dict[str, Card]:
    section = attachments.on_ticket(
        t, TICKET, [*FILES[:2], FILES[3], PICTURE, replace(PICTURE, name=DIFFICULT[:100])], 3
    )
    lines = [(file, "Amina El Idrissi", URL if file.size else "") for file in FILES]
    wrong = [
        replace(PICTURE, name=f"{problem.value}.bin", state=State.REFUSED, problem=problem)
        for problem in Problem
    ]
    form = FilesForm(PICTURE.batch_id, FILES[:2])
    tickets = [
        (TICKET.id, f"{TICKET.number} · {TICKET.title}"),
        (PICTURE.id, f"A-2026-000007 · {DIFFICULT[:80]}"),
    ]
    return {
        "receipt": helpdesk.requester(t, replace(face(), section=section)),
        "desk": helpdesk_desk.desk(t, with_section(at_desk(TICKET, Party.DESK), section)),
        "list": attachments.listed(t, TICKET, lines, 0),
        "list_long": attachments.listed(t, TICKET, [*lines, *lines, *lines], 12),
        "refused": attachments.refused(t, [wrong[2], PICTURE], 25),
        "refused_all": attachments.refused(t, wrong, 25),
        "ask": attachments.ask(t, replace(form, tickets=tickets, chosen=TICKET.id)),
        "ask_agent": attachments.ask(t, replace(form, tickets=tickets, for_agent=True)),
        "ask_wrong": attachments.ask(
            t,
            replace(form, number="I-2026-999999", problems={"number": t("There is no such ticket.")}),
        ),
    }
