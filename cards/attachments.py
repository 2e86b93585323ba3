"""The files of a ticket: on its card, in a list with links, and the question which ticket files belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from microsoft_teams.cards import CardElement

from cards.helpdesk.sections import NO_SECTION, Section
from cards.kit import (
    Card,
    buttons,
    card,
    choice_input,
    group,
    heading,
    open_url,
    press,
    row,
    run,
    runs,
    text,
    text_input,
)
from cards.literal import shorten
from domain.attachments.attachment import Attachment
from domain.attachments.rules import Problem, State
from domain.helpdesk.ticket import Ticket
from locales import N_, Translator

FILES = "files"
"""The key in a card's data under which the files of a message travel to the ticket they are for."""
NAMED = 4
"""Files that a ticket's card names; the list has them all."""
NAME_SHOWN = 60

PROBLEM_WORDS: Mapping[Problem, str] = {
    Problem.EMPTY: N_("There is nothing in it."),
    Problem.TOO_LARGE: N_("It is too large: at most {megabytes} MB."),
    Problem.WRONG_TYPE: N_(
        "We do not take this type of file. A picture, a PDF, an Office document or a text can come along."
    ),
    Problem.MACROS: N_("It has macros in it. Save it without macros, and send it again."),
    Problem.GONE: N_("It could not be opened any more. Send it again, please."),
    Problem.BROKEN: N_("Getting it broke off, again and again. Send it again, please."),
    Problem.UNREADABLE: N_("I cannot read files here. Send it to me in our own chat, please."),
    Problem.ELSEWHERE: N_("It is kept where I cannot look. Send the file itself, please."),
    Problem.TOO_MANY: N_("These are too many at once. Send the rest in another message, please."),
}


def size(t: Translator, count: int) -> str:
    """Such as `1,2 MB`."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} kB"
    megabytes = f"{count / 1024 / 1024:.1f}"
    return f"{megabytes if t.language == 'en' else megabytes.replace('.', ',')} MB"


def on_ticket(t: Translator, ticket: Ticket, files: Sequence[Attachment], more: int) -> Section:
    """The files as a part of the ticket's card, with a button to the list from which they open."""
    if not files:
        return NO_SECTION
    lines = [run(t("Files"), bold=True)]
    for file in files[:NAMED]:
        lines.append(run("\n" + shorten(file.name, NAME_SHOWN)))
        lines.append(run(f" · {_standing(t, file)}", subtle=True))
    rest = len(files[NAMED:]) + more
    if rest:
        lines.append(run("\n" + t.plural("and {n} more file", "and {n} more files", rest), subtle=True))
    return Section(
        [runs(*lines, spacing="Medium")],
        [press(t("Open the files"), "attachments.list", {"id": ticket.id}, inputs=False)],
    )


def listed(t: Translator, ticket: Ticket, files: Sequence[tuple[Attachment, str, str]], more: int) -> Card:
    """Every file with who sent it and its link; what is not here yet says so."""
    left = t.plural("{n} more file is not shown.", "{n} more files are not shown.", more) if more else ""
    return card(
        heading(t("Files of {number}", number=ticket.number)),
        text(ticket.title, subtle=True, spacing="None"),
        *(_line(t, file, sender, url) for file, sender, url in files),
        *([text(left, subtle=True)] if left else []),
        text(t("These links are yours alone, and work for an hour."), subtle=True),
        actions=[
            press(t("Save them in my OneDrive"), "attachments.save", {"id": ticket.id}),
            press(t("Back to the ticket"), "helpdesk.open", {"id": ticket.id}),
        ],
        language=t.language,
    )


def refused(t: Translator, files: Sequence[Attachment], megabytes: int) -> Card:
    """The files of one message that were not taken, each by name and with the reason."""
    wrong = [file for file in files if file.state is State.REFUSED]
    taken = [file for file in files if file.state is State.STORED]
    return card(
        heading(
            t.plural("{n} file did not come along", "{n} files did not come along", len(wrong)), size="Medium"
        ),
        group(*(element for file in wrong for element in _why(t, file, megabytes)), tone="warning"),
        *([text(t("These did: {names}.", names=_names(taken)), subtle=True)] if taken else []),
        language=t.language,
    )


@dataclass(frozen=True, slots=True)
class FilesForm:
    """The question what files are for. `tickets` are those to choose from, as `(id, words)`."""

    batch_id: str
    files: Sequence[Attachment]
    tickets: Sequence[tuple[str, str]] = ()
    chosen: str = ""
    number: str = ""
    words: str = ""
    internal: str = ""
    for_agent: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)


def ask(t: Translator, form: FilesForm) -> Card:
    """Nothing is required by the card itself: a new ticket needs none of it."""
    problem = form.problems.get
    carry = {FILES: form.batch_id}
    choice = (
        [
            choice_input(
                "ticket",
                t("Which ticket is it for?"),
                form.tickets,
                value=form.chosen,
                problem=problem("ticket", ""),
            )
        ]
        if form.tickets
        else []
    )
    internal = choice_input(
        "internal",
        t("Who may see it?"),
        [("no", t("The requester and the helpdesk")), ("yes", t("Only the helpdesk"))],
        value=form.internal or "no",
        expanded=True,
    )
    return card(
        heading(
            t.plural("What is this file for?", "What are these files for?", len(form.files)), size="Medium"
        ),
        text(_names(form.files), subtle=True),
        *choice,
        text_input(
            "number",
            t("Another ticket: its number") if form.tickets else t("The ticket's number"),
            value=form.number,
            max_length=20,
            placeholder="I-2026-000123",
            problem=problem("number", ""),
        ),
        text_input(
            "text",
            t("What do you want to say with it? (may stay empty)"),
            value=form.words,
            multiline=True,
            problem=problem("text", ""),
        ),
        *([internal] if form.for_agent else []),
        actions=[
            press(t("Put it on the ticket"), "attachments.add", carry, style="positive"),
            press(t("New: something does not work"), "helpdesk.form", {"kind": "incident", **carry}),
            press(t("New: ask for something"), "helpdesk.form", {"kind": "request", **carry}),
        ],
        language=t.language,
    )


def along(t: Translator, files: Sequence[Attachment]) -> CardElement:
    """On a form: what goes along when it is sent."""
    return text(t("Goes along: {names}", names=_names(files)), subtle=True)


def _line(t: Translator, file: Attachment, sender: str, url: str) -> CardElement:
    about = [_standing(t, file), sender, t.moment(file.at)]
    if file.internal:
        about.append(t("only for the helpdesk"))
    said = [runs(run(file.name, bold=True)), runs(run(" · ".join(about), subtle=True), spacing="None")]
    return row(said, [buttons(open_url(t("Open"), url))] if url else [], separator=True)


def _why(t: Translator, file: Attachment, megabytes: int) -> list[CardElement]:
    why = t(PROBLEM_WORDS[file.problem or Problem.BROKEN], megabytes=megabytes)
    return [runs(run(file.name, bold=True), run(f"\n{why}"), spacing="Small")]


def _standing(t: Translator, file: Attachment) -> str:
    return size(t, file.size) if file.size is not None else t("still on its way")


def _names(files: Sequence[Attachment]) -> str:
    return ", ".join(shorten(file.name, NAME_SHOWN) for file in files)
