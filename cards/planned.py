"""A planned change on the cards of its ticket and of its approval, and the change calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from microsoft_teams.cards import Action, CardElement

from cards.approvals.approval import decision
from cards.approvals.trail import waited_for
from cards.kit import (
    Card,
    buttons,
    card,
    choice_input,
    facts,
    group,
    heading,
    press,
    pressable,
    row,
    run,
    runs,
    text,
    text_input,
    unfold,
    user_text,
)
from domain.approvals.approval import Approval, ApprovalState
from domain.changes.change import Change, ChangePage, Listed, Outcome
from domain.changes.policy import ChangePolicy, ChangeType, Risk
from domain.changes.rules import TEXT_LIMIT, ChangeState, ChangeStep, Clash, ClashKind, Result, Window
from domain.helpdesk.ticket import Ticket
from locales import N_, Translator

TYPE_WORDS = {
    ChangeType.STANDARD: N_("standard change"),
    ChangeType.NORMAL: N_("normal change"),
    ChangeType.EMERGENCY: N_("emergency change"),
}
RISK_WORDS = {Risk.LOW: N_("low"), Risk.MEDIUM: N_("medium"), Risk.HIGH: N_("high")}
STATE_WORDS = {
    ChangeState.ASKED: N_("waits for approval"),
    ChangeState.PLANNED: N_("planned"),
    ChangeState.REFUSED: N_("refused"),
    ChangeState.WITHDRAWN: N_("withdrawn"),
    ChangeState.IMPLEMENTED: N_("implemented"),
    ChangeState.REVIEWED: N_("implemented and reviewed"),
}
RESULT_WORDS = {
    Result.SUCCESS: N_("It succeeded"),
    Result.FAILED: N_("It failed"),
    Result.ROLLED_BACK: N_("It was undone"),
}
CLASH_WORDS = {
    ClashKind.SAME_SYSTEM: N_("{name} changes the same system at that time."),
    ClashKind.SAME_TIME: N_("{name} is at that time too."),
    ClashKind.CLOSED: N_("The city is closed: {name}, {day}."),
    ClashKind.FREEZE: N_("Nothing should change now: {name}, {day}."),
}


@dataclass(frozen=True, slots=True)
class ChangeFace:
    """A change with what its cards show beside it. `steps` are what the desk can do with it now; `names` those of
    everybody it mentions."""

    change: Change
    policy: ChangePolicy
    approval: Approval | None
    names: Mapping[str, str]
    clashes: Sequence[Clash] = ()
    steps: frozenset[ChangeStep] = field(default_factory=frozenset)
    movable: bool = False
    """Whether who looks can give it another moment."""
    again: bool = False
    """Whether who looks can plan it anew, after the board refused it."""


def for_desk(t: Translator, face: ChangeFace) -> list[CardElement]:
    """Everything about it."""
    change = face.change
    return [
        facts(t, _facts(t, face)),
        *_plan(t, change),
        *(warning(t, face.clashes) if change.state.ahead else []),
        *_decided(t, face),
        *_elsewhen(t, face),
        *_outcome(t, t("How it went"), change.outcome, face),
        *_outcome(t, t("What was learnt"), change.review, face),
    ]


def for_requester(t: Translator, face: ChangeFace) -> list[CardElement]:
    """When it happens and how it went; how it is done is the desk's."""
    change = face.change
    planned = [(t("Planned"), span(t, change.window))] if change.state is not ChangeState.REFUSED else []
    result = [(t("Result"), t(RESULT_WORDS[change.result]))] if change.result else []
    stands = (t("This change"), t(STATE_WORDS[change.state]))
    return [facts(t, [stands, *planned, *result]), *_outcome(t, t("How it went"), change.outcome, face)]


def approval_details(t: Translator, face: ChangeFace) -> list[CardElement]:
    """What the board has to know before deciding."""
    return [facts(t, _facts(t, face)), *_plan(t, face.change), *warning(t, face.clashes)]


def look(t: Translator, ticket: Ticket, face: ChangeFace) -> Card:
    """For who sees the calendar and is not of the desk: the plan, without the conversation on its ticket."""
    return card(
        heading(ticket.number),
        user_text(t, ticket.title, bold=True),
        *approval_details(t, face),
        *_decided(t, face),
        *_outcome(t, t("How it went"), face.change.outcome, face),
        actions=[press(t("Change calendar"), "changes.calendar", inputs=False)],
        language=t.language,
    )


def result(t: Translator, ticket: Ticket, face: ChangeFace) -> Card:
    """A new message for who planned it, once the board decided."""
    approved = face.approval is not None and face.approval.state is ApprovalState.APPROVED
    title = (
        t("{number} was approved and is planned", number=ticket.number)
        if approved
        else t("{number} was not approved", number=ticket.number)
    )
    return card(
        heading(title),
        user_text(t, ticket.title, bold=True),
        *([facts(t, [(t("Planned"), span(t, face.change.window))])] if approved else []),
        *_decided(t, face),
        actions=[
            press(t("Show the change"), "helpdesk.open", {"id": ticket.id, "desk": "yes"}, inputs=False)
        ],
        language=t.language,
    )


def actions(t: Translator, face: ChangeFace) -> list[Action]:
    """What the desk can note about it now."""
    data = {"id": face.change.ticket_id}
    made: list[Action] = []
    if ChangeStep.RESULT in face.steps:
        how = choice_input(
            "change_result",
            t("How did it go?"),
            [(one.value, t(words)) for one, words in RESULT_WORDS.items()],
            required=True,
            error=t("Choose what fits best."),
            expanded=True,
        )
        what = _box(t, "change_note", t("What happened? The requester reads this."))
        send = press(t("Note the result"), "changes.result", data, style="positive")
        made.append(unfold(t("Note the result"), how, what, actions=[send]))
    if ChangeStep.REVIEW in face.steps:
        learnt = _box(t, "change_review", t("What did we learn? Only the desk reads this."))
        made.append(
            unfold(
                t("Review the change"),
                learnt,
                actions=[press(t("Note the review"), "changes.review", data, style="positive")],
            )
        )
    return made


def warning(t: Translator, clashes: Sequence[Clash]) -> list[CardElement]:
    """What speaks against the window."""
    if not clashes:
        return []
    lines = [
        text(t(CLASH_WORDS[clash.kind], name=clash.name, day=t.day(clash.day)), spacing="Small")
        for clash in clashes
    ]
    return [group(text(t("Mind the moment"), bold=True), *lines, tone="warning")]


def calendar(t: Translator, page: ChangePage, policy: ChangePolicy, *, may_plan: bool, first: bool) -> Card:
    """What is ahead, the first to start first."""
    plan = [press(t("Plan a change"), "changes.start", inputs=False)] if may_plan else []
    more = (
        [press(t("Show more"), "changes.calendar", {"cursor": page.next_cursor}, inputs=False)]
        if page.next_cursor
        else []
    )
    if not page.changes and first:
        return card(
            heading(t("Change calendar")),
            text(t("No change is planned.")),
            actions=plan,
            language=t.language,
        )
    return card(
        heading(t("Change calendar")),
        *(_line(t, one, policy, agent=may_plan) for one in page.changes),
        actions=[*more, *plan],
        language=t.language,
    )


def span(t: Translator, window: Window) -> str:
    return t("{start} to {end}", start=t.moment(window.starts_at), end=t.moment(window.ends_at))


# --- parts ------------------------------------------------------------------------------------------------


def _facts(t: Translator, face: ChangeFace) -> list[tuple[str, str]]:
    change, policy = face.change, face.policy
    standard = next((one.name for one in policy.standard if one.id == change.standard_id), "")
    return [
        (t("This change"), f"{t(TYPE_WORDS[change.type])}, {t(STATE_WORDS[change.state])}"),
        *([(t("Standard change"), standard)] if standard else []),
        (t("Systems"), ", ".join(policy.systems.get(one, one) for one in change.systems)),
        (t("Planned"), span(t, change.window)),
        (t("Risk"), t(RISK_WORDS[change.risk])),
        *_reasons(change, policy),
        *([(t("Result"), t(RESULT_WORDS[change.result]))] if change.result else []),
    ]


def _reasons(change: Change, policy: ChangePolicy) -> list[tuple[str, str]]:
    """The answers that add to the risk."""
    return [
        (question.text.rstrip("?"), question.options[answer])
        for question in policy.questionnaire.questions
        if (answer := change.answers.get(question.id, "")) in question.options and question.points[answer]
    ]


def _plan(t: Translator, change: Change) -> list[CardElement]:
    return [
        text(t("How it is done"), bold=True),
        user_text(t, change.plan, limit=800, spacing="Small"),
        text(t("How it is undone"), bold=True),
        user_text(t, change.back_out, limit=800, spacing="Small"),
    ]


def _decided(t: Translator, face: ChangeFace) -> list[CardElement]:
    approval, names = face.approval, face.names
    if approval is None:
        return []
    if approval.decision is not None:
        return [decision(t, approval, names)]
    if approval.pending:
        who = waited_for(t, approval, names)
        return [text(t("Waits for approval by {who}.", who=who), bold=True)]
    return []


def _elsewhen(t: Translator, face: ChangeFace) -> list[CardElement]:
    """In the body of the card: Teams shows six buttons under one, and a ticket has as many."""
    data = {"id": face.change.ticket_id}
    if face.movable:
        return [pressable(t("Move it to another moment"), "changes.move", data)]
    return [pressable(t("Plan it anew"), "changes.edit", data)] if face.again else []


def _outcome(t: Translator, title: str, said: Outcome | None, face: ChangeFace) -> list[CardElement]:
    if said is None:
        return []
    who = f"{face.names[said.by_id]}, {t.moment(said.at)}"
    return [
        group(
            runs(run(title, bold=True), run(f" · {who}", subtle=True)),
            user_text(t, said.text, limit=600, spacing="Small"),
            tone="emphasis",
        )
    ]


def _box(t: Translator, name: str, label: str) -> CardElement:
    error = t("Write something here, please.")
    return text_input(name, label, multiline=True, required=True, error=error, max_length=TEXT_LIMIT)


def _line(t: Translator, one: Listed, policy: ChangePolicy, *, agent: bool) -> CardElement:
    systems = ", ".join(policy.systems.get(system, system) for system in one.systems)
    about = f"{t(TYPE_WORDS[one.type])}, {t(STATE_WORDS[one.state])} · {systems}"
    verb = "helpdesk.open" if agent else "changes.show"  # its ticket is the desk's
    return row(
        [
            runs(run(f"{one.number} · {one.title}", bold=True)),
            text(span(t, one.window), spacing="None"),
            text(about, subtle=True, spacing="None"),
        ],
        [buttons(press(t("Open"), verb, {"id": one.ticket_id, "desk": "yes"}, inputs=False))],
        separator=True,
    )
