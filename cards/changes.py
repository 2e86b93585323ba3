"""Planning a change: what kind it is, and the form of its plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from microsoft_teams.cards import CardElement

from cards.inputs import choice_input, date_input, text_input, time_input
from cards.kit import Card, card, facts, group, heading, press, pressable, text
from cards.planned import span, warning
from domain.approvals.rules import COMMENT_LIMIT
from domain.changes.change import Change
from domain.changes.policy import ChangePolicy, ChangeType, StandardChange
from domain.changes.rules import TEXT_LIMIT, Clash
from domain.helpdesk.texts import TITLE_LIMIT
from locales import N_, Translator

RISK = "risk_"
"""Before a question's id in the card."""
TITLES = {
    ChangeType.STANDARD: N_("A standard change"),
    ChangeType.NORMAL: N_("A normal change"),
    ChangeType.EMERGENCY: N_("An emergency change"),
}


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """What stands in the form. `given` and `problems` go by input. `ticket_id` is the ticket that gets this plan, and
    `again` says that it had one; without, a new one is made. `ticket` names it, when what it is about stands there
    already. `clashes` were found for what was sent, and `accepted` says which of them sending once more accepts."""

    form_id: str
    type: ChangeType
    standard: StandardChange | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    ticket_id: str = ""
    ticket: str = ""
    again: bool = False
    clashes: Sequence[Clash] = ()
    accepted: str = ""


def start(
    t: Translator, policy: ChangePolicy, *, typed: str = "", ticket_id: str = "", ticket: str = ""
) -> Card:
    """Which kind of change it is. `ticket` is the number and title of the ticket that gets the plan."""
    data = {"ticket": ticket_id} if ticket_id else {}
    first = (
        text(ticket, bold=True)
        if ticket_id
        else text_input(
            "title", t("What changes, in a few words?"), value=typed[:TITLE_LIMIT], max_length=TITLE_LIMIT
        )
    )
    return card(
        heading(t("Plan a change")),
        first,
        pressable(
            t("A normal change"),
            "changes.form",
            data | {"type": ChangeType.NORMAL.value},
            detail=t("The change board decides before it happens."),
        ),
        pressable(
            t("An emergency change"),
            "changes.form",
            data | {"type": ChangeType.EMERGENCY.value},
            detail=t("It cannot wait: one member of the board is enough."),
        ),
        *([text(t("Or a standard change, approved already:"), bold=True)] if policy.standard else []),
        *(
            pressable(
                one.name, "changes.form", data | {"type": ChangeType.STANDARD.value, "standard": one.id}
            )
            for one in policy.standard
        ),
        actions=[
            press(t("Change calendar"), "changes.calendar", inputs=False),
            *(
                []
                if ticket_id
                else [press(t("It is only a wish"), "helpdesk.form", {"kind": "change"}, inputs=False)]
            ),
        ],
        language=t.language,
    )


def form(t: Translator, values: ChangeForm, policy: ChangePolicy) -> Card:
    data = {
        "form": values.form_id,
        "type": values.type.value,
        "standard": values.standard.id if values.standard else "",
        "ticket": values.ticket_id,
        "again": "yes" if values.again else "",
        "accepted": values.accepted,
    }
    send = t("Plan it all the same") if values.clashes else t("Plan this change")
    return card(
        heading(values.standard.name if values.standard else t(TITLES[values.type])),
        *([text(values.ticket, bold=True)] if values.ticket else []),
        *_remark(t, values),
        *([] if values.ticket else _about(t, values)),
        choice_input(
            "systems",
            t("What is changed?"),
            list(policy.systems.items()),
            value=values.given.get("systems", ""),
            required=True,
            error=t("Choose what is changed."),
            multiple=True,
            problem=values.problems.get("systems", ""),
        ),
        *([] if values.standard else _questions(t, values, policy)),
        _words(t, values, "plan", t("How is it done?")),
        _words(t, values, "back_out", t("How is it undone when it goes wrong?")),
        *_window(t, values),
        actions=[press(send, "changes.submit", data, style="positive")],
        language=t.language,
    )


def move(t: Translator, values: ChangeForm, change: Change) -> Card:
    """Another moment for a planned change, and why."""
    data = {"id": values.ticket_id, "form": values.form_id, "accepted": values.accepted}
    send = t("Move it all the same") if values.clashes else t("Move the change")
    anew = [text(t("The board decides about the new moment."))] if change.needs_approval else []
    why = text_input(
        "why",
        t("Why does it move? The board and the requester read this."),
        value=values.given.get("why", ""),
        required=True,
        error=t("Write something here, please."),
        multiline=True,
        max_length=COMMENT_LIMIT,
        problem=values.problems.get("why", ""),
    )
    return card(
        heading(t("Move the change")),
        text(values.ticket, bold=True),
        facts(t, [(t("Planned now"), span(t, change.window))]),
        *anew,
        *_remark(t, values),
        *_window(t, values),
        why,
        actions=[
            press(send, "changes.moved", data, style="positive"),
            press(t("Back"), "helpdesk.open", {"id": values.ticket_id, "desk": "yes"}, inputs=False),
        ],
        language=t.language,
    )


# --- parts ------------------------------------------------------------------------------------------------


def _remark(t: Translator, values: ChangeForm) -> list[CardElement]:
    if values.problems:
        return [group(text(t("Something is not right yet. Look at the red lines.")), tone="attention")]
    if values.clashes:
        choose = t("Choose another moment below, or go on all the same.")
        return [*warning(t, values.clashes), text(choose)]
    return []


def _about(t: Translator, values: ChangeForm) -> list[CardElement]:
    return [
        text_input(
            "title",
            t("What changes, in a few words?"),
            value=values.given.get("title", ""),
            required=True,
            error=t("Write something here, please."),
            max_length=TITLE_LIMIT,
            problem=values.problems.get("title", ""),
        ),
        _words(t, values, "why", t("Why is it needed?")),
    ]


def _words(t: Translator, values: ChangeForm, name: str, label: str) -> CardElement:
    return text_input(
        name,
        label,
        value=values.given.get(name, ""),
        required=True,
        error=t("Write something here, please."),
        multiline=True,
        max_length=TEXT_LIMIT,
        problem=values.problems.get(name, ""),
    )


def _questions(t: Translator, values: ChangeForm, policy: ChangePolicy) -> list[CardElement]:
    return [
        text(t("How risky is it?"), bold=True),
        *(
            choice_input(
                RISK + question.id,
                question.text,
                list(question.options.items()),
                value=values.given.get(RISK + question.id, ""),
                required=True,
                error=t("Choose what fits best."),
                problem=values.problems.get(RISK + question.id, ""),
            )
            for question in policy.questionnaire.questions
        ),
    ]


def _window(t: Translator, values: ChangeForm) -> list[CardElement]:
    made: list[CardElement] = []
    for name, day, time in (
        ("start", t("On which day does it start?"), t("At what time does it start?")),
        ("end", t("On which day does it end?"), t("At what time does it end?")),
    ):
        problem = values.problems.get(name, "")
        made += [
            date_input(
                f"{name}_day",
                day,
                value=values.given.get(f"{name}_day", ""),
                required=True,
                error=t("Choose a date."),
                problem=problem,
            ),
            time_input(
                f"{name}_time",
                time,
                value=values.given.get(f"{name}_time", ""),
                required=True,
                error=t("Choose a time."),
            ),
        ]
    return made
