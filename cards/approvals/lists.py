"""What waits for a person's decision: the list, several approved at once, and the reminder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from microsoft_teams.cards import CardElement

from cards.kit import Card, buttons, card, choice_input, group, heading, press, row, text
from domain.approvals.approval import Approval
from domain.approvals.rules import Act, acts
from locales import Translator


@dataclass(frozen=True, slots=True)
class Done:
    """One line of several approved at once. Without a `problem` it was approved, `further` says it goes on."""

    number: str
    title: str
    further: bool = False
    problem: str = ""


def waiting(
    t: Translator,
    approvals: Sequence[Approval],
    names: Mapping[str, str],
    cursor: str | None,
    *,
    viewer_id: str = "",
    done: Sequence[Done] = (),
    reminder: bool = False,
) -> Card:
    """What waits for a person, the oldest first, after what they just approved together."""
    said = _results(t, done)
    if not approvals:
        nothing = (
            heading(t("Nothing waits for your approval")),
            *said,
            text(t("When somebody asks you something, I let you know here.")),
        )
        return card(*nothing, language=t.language)
    title = t("Still waits for your approval") if reminder else t("Waits for your approval")
    more = [press(t("Show more"), "approvals.list", {"cursor": cursor}, inputs=False)] if cursor else []
    rows = [_row(t, approval, names) for approval in approvals]
    return card(
        heading(title), *said, *rows, *_together(t, approvals, viewer_id), actions=more, language=t.language
    )


def _row(t: Translator, approval: Approval, names: Mapping[str, str]) -> CardElement:
    asked = f"{names[approval.requester_id]}, {t.day(approval.asked_at)}"
    due = t("before {moment}", moment=t.moment(approval.due_at)) if approval.due_at else ""
    return row(
        [
            text(f"{approval.number} · {approval.title}", bold=True),
            text(" · ".join(filter(None, (asked, due))), subtle=True, spacing="None"),
        ],
        [buttons(press(t("Open"), "approvals.open", {"id": approval.id}, inputs=False))],
        separator=True,
    )


def _together(t: Translator, approvals: Sequence[Approval], viewer_id: str) -> list[CardElement]:
    """The ones that may be approved unopened, when there are several."""
    able = [one for one in approvals if one.plan.bulk and Act.APPROVE in acts(one, viewer_id)]
    if len(able) < 2:
        return []
    choices = [(f"{one.id}:{one.round}", f"{one.number} · {one.title}") for one in able]
    box = choice_input("chosen", t("Approve several at once"), choices, expanded=True, multiple=True)
    send = press(t("Approve these"), "approvals.bulk", style="positive")
    return [group(box, buttons(send), tone="emphasis", spacing="Large")]


def _results(t: Translator, done: Sequence[Done]) -> list[CardElement]:
    well = [one for one in done if not one.problem]
    wrong = [one for one in done if one.problem]
    parts: list[CardElement] = []
    if well:
        lines = [
            t("{number} · {title}: approved, the next step begins.", number=one.number, title=one.title)
            if one.further
            else t("{number} · {title}: approved.", number=one.number, title=one.title)
            for one in well
        ]
        parts.append(group(*(text(line, spacing="Small") for line in lines), tone="good"))
    if wrong:
        lines = [f"{one.number} · {one.title}: {one.problem}" for one in wrong]
        parts.append(group(*(text(line, spacing="Small") for line in lines), tone="attention"))
    return parts
