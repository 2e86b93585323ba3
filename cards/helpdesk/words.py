"""The helpdesk in everyday words: kinds, states, priorities and history, as people read them on cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.helpdesk.policy import HelpdeskPolicy, Impact, Priority, Urgency
from domain.helpdesk.reading import BY_ITSELF as CLOCK
from domain.helpdesk.rules import Kind, State
from domain.helpdesk.ticket import Event, Ticket
from locales import N_, Translator


@dataclass(frozen=True, slots=True)
class Words:
    """What a kind means to somebody who has never heard of it, and the form's questions about it."""

    means: str
    what: str
    urgency: str
    impact: str


KIND_NAMES = {
    Kind.INCIDENT: N_("incident"),
    Kind.REQUEST: N_("request"),
    Kind.CHANGE: N_("change"),
}
KIND_TITLES = {
    Kind.INCIDENT: N_("Something does not work"),
    Kind.REQUEST: N_("Ask for something"),
    Kind.CHANGE: N_("Ask for something new"),
}
KIND_WORDS = {
    Kind.INCIDENT: Words(
        means=N_("Something that used to work is broken, and I cannot go on."),
        what=N_("What does not work?"),
        urgency=N_("Can you go on working?"),
        impact=N_("Who is affected?"),
    ),
    Kind.REQUEST: Words(
        means=N_("I need something the helpdesk offers, such as a licence or a screen."),
        what=N_("What do you need?"),
        urgency=N_("When do you need it?"),
        impact=N_("Who is it for?"),
    ),
    Kind.CHANGE: Words(
        means=N_("I want something new, or something to work differently."),
        what=N_("What has to change, and why?"),
        urgency=N_("When do you need it?"),
        impact=N_("Who is it for?"),
    ),
}
_NEEDED = {
    Urgency.HIGH: N_("Today: without it I cannot go on"),
    Urgency.MEDIUM: N_("This week"),
    Urgency.LOW: N_("It can wait"),
}
URGENCY_CHOICES: Mapping[Kind, Mapping[Urgency, str]] = {
    Kind.INCIDENT: {
        Urgency.HIGH: N_("No, I cannot go on"),
        Urgency.MEDIUM: N_("With difficulty, in a roundabout way"),
        Urgency.LOW: N_("Yes, it can wait"),
    },
    Kind.REQUEST: _NEEDED,
    Kind.CHANGE: _NEEDED,
}
IMPACT_CHOICES = {
    Impact.LOW: N_("Only me"),
    Impact.MEDIUM: N_("My team"),
    Impact.HIGH: N_("Several teams, or citizens at the counter"),
}

STATE_WORDS = {
    State.WAITING_APPROVAL: N_("waits for approval"),
    State.NEW: N_("new"),
    State.ASSIGNED: N_("assigned"),
    State.IN_PROGRESS: N_("in progress"),
    State.WAITING_REQUESTER: N_("waiting for the requester"),
    State.WAITING_SUPPLIER: N_("waiting for the supplier"),
    State.RESOLVED: N_("resolved"),
    State.CLOSED: N_("closed"),
    State.WITHDRAWN: N_("withdrawn"),
    State.REJECTED: N_("refused"),
    State.MERGED: N_("merged"),
}
"""Also for lists of tickets."""

NEXT = {
    State.WAITING_APPROVAL: N_("This has to be approved first. I let you know here."),
    State.NEW: N_("Somebody of {desk} looks at it. You read the answer in this chat."),
    State.ASSIGNED: N_("{name} takes care of it. You read the answer in this chat."),
    State.IN_PROGRESS: N_("{name} is working on it. You read the answer in this chat."),
    State.WAITING_REQUESTER: N_(
        "{name} needs something from you to go on: your reply goes straight to them."
    ),
    State.WAITING_SUPPLIER: N_("{name} waits for the supplier. You read in this chat how it goes on."),
    State.RESOLVED: N_("This is solved. Does it not work after all? You can say so until {until}."),
    State.CLOSED: N_("This is done."),
    State.WITHDRAWN: N_("You withdrew this. Do you need it after all? You can say so until {until}."),
    State.REJECTED: N_("{desk} cannot do this for you. The message below says why."),
    State.MERGED: N_("This goes on in {number}: what you write there and here comes together."),
}
"""What happens next, for the requester."""

PRIORITY_WORDS = {
    Priority.CRITICAL: N_("critical"),
    Priority.HIGH: N_("high"),
    Priority.NORMAL: N_("normal"),
    Priority.LOW: N_("low"),
}
_REACH = {
    Impact.LOW: N_("one person"),
    Impact.MEDIUM: N_("a whole team"),
    Impact.HIGH: N_("several teams or citizens"),
}
_HASTE = {
    Urgency.HIGH: N_("cannot wait"),
    Urgency.MEDIUM: N_("can wait a little"),
    Urgency.LOW: N_("can wait"),
}

WHAT = {
    "report": N_("{name} reported it"),
    "start": N_("It was approved"),
    "reword": N_("{name} changed what it says"),
    "plan": N_("{name} planned the change"),
    "move_window": N_("{name} moved the change from {was} to {planned}"),
    "result": N_("{name} noted how the change went"),
    "review": N_("{name} reviewed the change"),
    "assign": N_("{name} took it"),
    "hand_over": N_("{name} gave it to {other}"),
    "release": N_("{name} gave it back to the group"),
    "move": N_("{name} gave it to {group}"),
    "escalate": N_("{name} passed it on to {group}"),
    "answer": N_("{name} answered"),
    "ask": N_("{name} asked something"),
    "await_supplier": N_("{name} waits for the supplier"),
    "resume": N_("{name} went on with it"),
    "reply": N_("{name} replied"),
    "resolve": N_("{name} resolved it"),
    "reopen": N_("{name} opened it again"),
    "close": N_("{name} confirmed that it works"),
    "withdraw": N_("{name} withdrew it"),
    "reject": N_("{name} refused it"),
    "merge": N_("{name} merged it into {number}"),
    "absorb": N_("{name} merged {number} into it"),
    "prioritise": N_("{name} changed the priority from {before} to {priority}"),
    "change_kind": N_("{name} made it another kind; it was {number}"),
    "categorise": N_("{name} changed the category to {category}"),
    "declare_major": N_("{name} declared it a major incident"),
    "end_major": N_("{name} said it is no major incident any more"),
    "inform": N_("{name} told everybody concerned how it goes"),
    "join": N_("{name} made it part of {number}"),
    "leave": N_("{name} took it off its main ticket"),
    "link": N_("{name} linked it to {number}"),
    "unlink": N_("{name} took off the link to {number}"),
    "watch": N_("{name} has {other} follow it"),
    "unwatch": N_("{other} does not follow it any more"),
}
"""A line of history, by what was done."""


def explain_priority(t: Translator, ticket: Ticket) -> str:
    """The priority and where it comes from, such as `normal: one person, cannot wait`; or why the desk decided
    otherwise."""
    if ticket.priority_reason is not None:
        return t(
            "{priority}, decided by the helpdesk: {why}",
            priority=t(PRIORITY_WORDS[ticket.priority]),
            why=ticket.priority_reason,
        )
    return t(
        "{priority}: {reach}, {haste}",
        priority=t(PRIORITY_WORDS[ticket.priority]),
        reach=t(_REACH[ticket.impact]),
        haste=t(_HASTE[ticket.urgency]),
    )


BY_ITSELF = {
    "close": N_("It closed by itself"),
    "hand_over": N_("It was {other}'s turn"),
    "release": N_("It went back to the group: its agent left"),
}
"""The lines of what nobody did."""


def history_line(
    t: Translator, event: Event, names: Mapping[str, str], policy: HelpdeskPolicy | None = None
) -> str:
    """One line: who did what, when, and why when that was said. `names` has who did it, and whom it concerned when
    they are known; without a `policy`, groups and categories go by their ids."""
    details = event.details
    other, priority, before = (details.get(name) for name in ("to", "priority", "before"))
    group, category = str(details.get("group", "")), str(details.get("category", ""))
    by_itself = event.by_id == CLOCK and event.what in BY_ITSELF
    line = t(
        (BY_ITSELF if by_itself else WHAT)[event.what],
        name=names[event.by_id],
        other=names.get(str(other or details.get("person", "")), t("a colleague")),
        group=policy.group(group).name if policy and group else group,
        category=(policy.category_name(category) if policy else "") or category,
        number=next((str(details[name]) for name in _NUMBERS if name in details), ""),
        priority=t(PRIORITY_WORDS[Priority[str(priority).upper()]]) if priority else "",
        before=t(PRIORITY_WORDS[Priority[str(before).upper()]]) if before else "",
        was=_span(t, details.get("was")),
        planned=_span(t, details.get("planned")),
    )
    why = f": {details['why']}" if details.get("why") else ""
    return f"{line}{why}, {t.moment(event.at)}"


def _span(t: Translator, window: Sequence[str] | None) -> str:
    if not window:
        return ""
    start, end = (t.moment(datetime.fromisoformat(moment)) for moment in window)
    return t("{start} to {end}", start=start, end=end)


_NUMBERS = ("number", "into", "from", "main", "other")
"""Details that name a ticket by its number."""
