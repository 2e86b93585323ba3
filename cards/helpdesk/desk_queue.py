"""An agent's work as a list: whose, in which order, and several at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from microsoft_teams.cards import CardElement

from cards.helpdesk.words import PRIORITY_WORDS, STATE_WORDS
from cards.kit import (
    INPUT_LIMIT,
    Card,
    buttons,
    card,
    choice_input,
    group,
    heading,
    press,
    pressable,
    row,
    run,
    runs,
    text,
    text_input,
)
from cards.literal import shorten
from domain.helpdesk.queues import Order, Queue
from domain.helpdesk.ticket import Ticket
from locales import N_, Translator

TITLE_LIMIT = 80

QUEUE_WORDS = {
    Queue.MINE: N_("Mine"),
    Queue.GROUP: N_("My group"),
    Queue.UNASSIGNED: N_("Nobody has them"),
    Queue.AT_RISK: N_("At risk"),
}
ORDER_WORDS = {
    Order.PRIORITY: N_("Most urgent first"),
    Order.OLDEST: N_("Oldest first"),
    Order.NEWEST: N_("Newest first"),
}
TOGETHER = {
    "mine": N_("Take them"),
    "give": N_("Give them to a colleague"),
    "move": N_("Give them to another group"),
    "join": N_("Make them part of a main ticket"),
    "resolve": N_("Resolve them with the same words"),
}
"""What can be done with several at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket in the list. `due` is when its time is up, in words; empty when no clock runs."""

    ticket: Ticket
    requester: str
    handler: str
    due: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """Which list this is; `cursor` is where this page began."""

    queue: Queue
    order: Order = Order.PRIORITY
    cursor: str = ""

    @property
    def data(self) -> dict[str, str]:
        return {"queue": self.queue.value, "order": self.order.value, "cursor": self.cursor}


def queue(
    t: Translator,
    shown: Shown,
    lines: Sequence[Line],
    more: str | None,
    said: str = "",
    *,
    refused: bool = False,
) -> Card:
    """`said` is what became of several at once; `refused` says that some of it did not go."""
    others = [one for one in Queue if one is not shown.queue]
    return card(
        heading(t("Worklist: {which}", which=t(QUEUE_WORDS[shown.queue]).lower())),
        *([group(text(said), tone="warning" if refused else "good")] if said else []),
        buttons(
            *(press(t(QUEUE_WORDS[one]), "desk.queue", {"queue": one.value}, inputs=False) for one in others)
        ),
        *(_line(t, line) for line in lines),
        *([] if lines else [text(t("Nothing here. Well done."))]),
        *(
            []
            if shown.queue is Queue.AT_RISK or not lines
            else [
                buttons(
                    *(
                        press(
                            t(ORDER_WORDS[one]),
                            "desk.queue",
                            {"queue": shown.queue.value, "order": one.value},
                            inputs=False,
                        )
                        for one in Order
                        if one is not shown.order
                    )
                )
            ]
        ),
        actions=[
            *([press(t("More"), "desk.queue", {**shown.data, "cursor": more}, inputs=False)] if more else []),
            *(
                [press(t("Back to the first"), "desk.queue", {**shown.data, "cursor": ""}, inputs=False)]
                if shown.cursor
                else []
            ),
            *([press(t("Several at once"), "desk.several", shown.data, inputs=False)] if lines else []),
            press(t("A ticket for a colleague"), "helpdesk.call", inputs=False),
        ],
        language=t.language,
    )


def _line(t: Translator, line: Line) -> CardElement:
    ticket = line.ticket
    about = [t(PRIORITY_WORDS[ticket.priority]), t(STATE_WORDS[ticket.state]), line.requester]
    if line.handler:
        about.append(t("has it: {name}", name=line.handler))
    return row(
        [
            runs(run(shorten(ticket.title, TITLE_LIMIT), bold=True)),
            runs(run(f"{ticket.number} · {' · '.join(about)}", subtle=True), spacing="None"),
            *([runs(run(line.due, bold=line.late), spacing="None")] if line.due else []),
        ],
        [buttons(press(t("Open"), "helpdesk.open", {"id": ticket.id, "desk": "yes"}, inputs=False))],
        separator=True,
    )


@dataclass(frozen=True, slots=True)
class Several:
    """Several tickets and what to do with them. `options` is whom or what to choose, when there is a choice."""

    shown: Shown
    lines: Sequence[Line]
    chosen: Sequence[str] = ()
    what: str = ""
    options: Sequence[tuple[str, str]] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def several(t: Translator, form: Several) -> Card:
    """First which ones and what; then, for what needs it, to whom or with which words."""
    problem = form.problems.get
    return card(
        heading(t("Several at once")),
        choice_input(
            "chosen",
            t("Which tickets?"),
            [
                (one.ticket.id, f"{one.ticket.number} {shorten(one.ticket.title, TITLE_LIMIT)}")
                for one in form.lines
            ],
            value=",".join(form.chosen),
            expanded=True,
            multiple=True,
            problem=problem("chosen", ""),
        ),
        text(t("What do you want to do?"), bold=True),
        *(
            pressable(t(words), "desk.together", {**form.shown.data, "what": what})
            for what, words in TOGETHER.items()
        ),
        actions=[press(t("Back"), "desk.queue", form.shown.data, inputs=False)],
        language=t.language,
    )


def together(t: Translator, form: Several) -> Card:
    problem = form.problems.get
    match form.what:
        case "give" | "move":
            label = t("Who takes care of it?") if form.what == "give" else t("Which group?")
            asked = choice_input(
                "to",
                label,
                form.options,
                value=form.values.get("to", ""),
                expanded=True,
                problem=problem("to", ""),
            )
        case "join":
            asked = text_input(
                "to",
                t("Number of the main ticket"),
                value=form.values.get("to", ""),
                max_length=40,
                problem=problem("to", ""),
            )
        case _:
            asked = text_input(
                "to",
                t("What did you do about it?"),
                value=form.values.get("to", ""),
                multiline=True,
                max_length=INPUT_LIMIT,
                problem=problem("to", ""),
            )
    data = {**form.shown.data, "what": form.what, "chosen": ",".join(form.chosen), "sure": "yes"}
    numbers = ", ".join(one.ticket.number for one in form.lines if one.ticket.id in set(form.chosen))
    return card(
        heading(t(TOGETHER[form.what])),
        text(numbers),
        asked,
        actions=[
            press(t("Do it"), "desk.together", data, style="positive"),
            press(t("Back"), "desk.queue", form.shown.data, inputs=False),
        ],
        language=t.language,
    )
