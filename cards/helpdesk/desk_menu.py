"""What an agent can do with a ticket besides the buttons on its card, as one list; its history and parts to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from microsoft_teams.cards import CardElement

from cards.helpdesk.desk import DeskFace
from cards.helpdesk.words import history_line
from cards.kit import (
    Card,
    card,
    heading,
    press,
    pressable,
    text,
)
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.rules import Step
from domain.helpdesk.ticket import Event, Ticket
from locales import N_, Translator


@dataclass(frozen=True, slots=True)
class Page:
    """A small form. `values` is what was typed, `problems` what is wrong with it, by field; `colleagues` are the
    other agents, `(id, name)`, those who are away named so."""

    there: DeskFace
    policy: HelpdeskPolicy
    colleagues: Sequence[tuple[str, str]] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def ticket(self) -> Ticket:
        return self.there.ticket

    @property
    def data(self) -> dict[str, str | int]:
        ticket = self.ticket
        return {"id": ticket.id, "seen": ticket.version, "had": ticket.assignee_id or ""}


MENU: tuple[tuple[str, tuple[tuple[str, str, Step | None], ...]], ...] = (
    (
        N_("Go on with it"),
        (
            ("compose", N_("Answer with a standard reply"), Step.ANSWER),
            ("solve_with_tip", N_("Solve it with a tip"), Step.RESOLVE),
            ("wait", N_("Wait for the supplier"), Step.AWAIT_SUPPLIER),
            ("resume", N_("Go on: do not wait any longer"), Step.RESUME),
            ("time", N_("Write down the time you spent"), None),
            ("propose_tip", N_("Propose the solution as a tip"), None),
            ("reject", N_("Refuse it"), Step.REJECT),
        ),
    ),
    (
        N_("Who takes care of it?"),
        (
            ("give", N_("Give it to a colleague, or take it over"), Step.HAND_OVER),
            ("release", N_("Give it back to the group"), Step.RELEASE),
            ("move", N_("Give it to another group"), Step.MOVE),
            ("escalate", N_("Ask the next line"), Step.ESCALATE),
        ),
    ),
    (
        N_("What is it?"),
        (
            ("priority", N_("Change the priority"), Step.PRIORITISE),
            ("kind", N_("Change the kind or the category"), Step.CHANGE_KIND),
            ("declare", N_("Declare it a major incident"), Step.DECLARE_MAJOR),
            ("tell", N_("Tell everybody concerned how it goes"), Step.INFORM),
            ("end_major", N_("It is no major incident any more"), Step.END_MAJOR),
        ),
    ),
    (
        N_("What has to do with it?"),
        (
            ("join", N_("Make it part of a main ticket"), Step.JOIN),
            ("leave", N_("Take it off its main ticket"), Step.LEAVE),
            ("parts", N_("Show its parts"), None),
            ("link", N_("Link it to another ticket"), Step.LINK),
            ("merge", N_("Merge it into another ticket"), Step.MERGE),
            ("followers", N_("Who follows it"), Step.WATCH),
            ("history", N_("Show its history"), None),
        ),
    ),
)
"""By heading: name, words and the step that has to be possible."""
AT_ONCE = frozenset({"resume", "release", "leave", "declare", "end_major"})
"""What needs no form."""
ELSEWHERE = {"solve_with_tip": "tip_tickets.search", "propose_tip": "tip_tickets.form"}
"""Verbs of the forms that another feature has."""


def menu(t: Translator, page: Page) -> Card:
    there, possible = page.there, page.there.face.possible
    last_line = page.policy.group(page.ticket.group_id).escalates_to is None

    def offered(name: str, step: Step | None) -> bool:
        if name == "escalate" and last_line:
            return False
        if name == "parts":
            return there.parts.all > 0
        if name == "propose_tip":
            return page.ticket.resolved_at is not None
        return step is None or step in possible

    def verb(name: str) -> str:
        return ELSEWHERE.get(name) or (f"desk.{name}" if name in AT_ONCE else "desk.page")

    shown: list[CardElement] = []
    for title, entries in MENU:
        lines = [
            pressable(
                t(words),
                verb(name),
                {**page.data, "page": name} if verb(name) == "desk.page" else page.data,
            )
            for name, words, step in entries
            if offered(name, step)
        ]
        shown += [text(t(title), bold=True), *lines] if lines else []
    return card(
        heading(page.ticket.number),
        text(page.ticket.title, subtle=True, spacing="None"),
        *shown,
        actions=[press(t("Back"), "desk.back", page.data, inputs=False)],
        language=t.language,
    )


def history(
    t: Translator, page: Page, events: Sequence[Event], names: Mapping[str, str], earlier: int
) -> Card:
    before = t.plural("{n} earlier line", "{n} earlier lines", earlier) if earlier else ""
    return card(
        heading(t("History of {number}", number=page.ticket.number)),
        *([text(before, subtle=True)] if before else []),
        *(text(history_line(t, event, names, page.policy), spacing="Small") for event in events),
        actions=[press(t("Back"), "desk.back", page.data, inputs=False)],
        language=t.language,
    )


def parts(
    t: Translator, page: Page, shown: Sequence[Ticket], states: Mapping[str, str], more: str | None
) -> Card:
    """The tickets that are part of this one. `states` are in words, by ticket id."""
    return card(
        heading(t("Parts of {number}", number=page.ticket.number)),
        *(
            pressable(
                f"{part.number} · {states[part.id]}",
                "helpdesk.open",
                {"id": part.id, "desk": "yes"},
                detail=part.title,
            )
            for part in shown
        ),
        actions=[
            *(
                [press(t("More"), "desk.page", {**page.data, "page": "parts", "cursor": more}, inputs=False)]
                if more
                else []
            ),
            press(t("Back"), "desk.back", page.data, inputs=False),
        ],
        language=t.language,
    )
