"""Service levels on cards: by when, for the requester; both clocks, for the desk; and why it is due when it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from microsoft_teams.cards import Action, CardElement, TextRun

from cards.helpdesk.words import KIND_NAMES, PRIORITY_WORDS
from cards.kit import Card, Tone, card, facts, group, heading, press, run, runs, text, user_text
from domain.helpdesk.rules import State
from domain.helpdesk.ticket import Ticket
from domain.service_levels.explain import Closed, Explanation, Line, Ran, StoodStill
from domain.service_levels.policy import Measure
from domain.service_levels.rules import Level, Standing
from locales import N_, Translator

SHOWN_LINES = 16

MEASURES = {Measure.RESPONSE: N_("Response"), Measure.RESOLUTION: N_("Solution")}
_PROMISED = {
    Measure.RESPONSE: N_("Promised: somebody reacts within {time} of working time."),
    Measure.RESOLUTION: N_("Promised: solved within {time} of working time."),
}
_DONE = {
    Measure.RESPONSE: N_("Somebody reacted {moment}, after {time}."),
    Measure.RESOLUTION: N_("Done {moment}, after {time}."),
}
_STILL = {
    State.WAITING_APPROVAL: N_("waits for an approval"),
    State.WAITING_REQUESTER: N_("waits for the requester"),
    State.WAITING_SUPPLIER: N_("waits for a supplier"),
}
_TONES: dict[Level, Tone] = {Level.CALM: "default", Level.AT_RISK: "warning", Level.BREACHED: "attention"}


# --- on the card of a ticket ------------------------------------------------------------------------------


def for_requester(t: Translator, solution: Standing, state: State) -> list[CardElement]:
    """By when it is solved, in plain words. Nothing when nothing was promised, or when it is done."""
    if solution.clock.target is None or solution.clock.done_at is not None:
        return []
    if state is State.WAITING_REQUESTER:
        return [text(t("The time stands still until you answer."), subtle=True)]
    if state.waiting or solution.due_at is None:
        return [text(t("The time stands still: we wait for somebody else."), subtle=True)]
    if solution.left <= timedelta():
        moment = t.when(solution.due_at)
        return [text(t("This takes longer than we promised: it was to be ready by {moment}.", moment=moment))]
    return [facts(t, [(t("Ready by"), t.when(solution.due_at))])]


def looks_at_it(t: Translator, response: Standing, desk: str) -> str:
    """What happens next with a ticket nobody has reacted to; nothing when it is late, or nothing was promised."""
    if response.due_at is None or response.left <= timedelta():
        return ""
    return t(
        "Somebody of {desk} looks at it by {moment} at the latest. You read the answer in this chat.",
        desk=desk,
        moment=t.when(response.due_at),
    )


def for_desk(t: Translator, clocks: Sequence[tuple[Standing, Level]]) -> list[CardElement]:
    """Both clocks, of those for which something was promised."""
    return [_clock(t, clock, level) for clock, level in clocks if clock.clock.target is not None]


def why_button(t: Translator, ticket: Ticket) -> Action:
    return press(t("Why by then?"), "service_levels.why", {"id": ticket.id}, inputs=False)


def _clock(t: Translator, explained: Standing, level: Level) -> CardElement:
    tone = "default" if explained.clock.done_at is not None else _TONES[level]
    name = t(MEASURES[explained.clock.measure])
    return group(
        runs(run(f"{name}{t.colon} ", bold=True), run(_standing(t, explained, level))),
        tone=tone,
        spacing="Small",
    )


def _standing(t: Translator, explained: Standing, level: Level) -> str:
    clock, due_at = explained.clock, explained.due_at
    if clock.done_at is not None:
        done = t.when(clock.done_at)
        return t("late, {moment}", moment=done) if due_at else t("in time, {moment}", moment=done)
    if due_at is None:
        return t("stands still, {time} left", time=duration(t, explained.left))
    if level is Level.BREACHED:
        return t("late since {moment}", moment=t.when(due_at))
    return t("by {moment}", moment=t.when(due_at))  # not how long that is: the card may stand for days


# --- a warning --------------------------------------------------------------------------------------------


def warning(t: Translator, ticket: Ticket, explained: Standing, level: Level, handler: str) -> Card:
    """A ticket that is at risk or late, for whoever can do something about it."""
    late = level is Level.BREACHED
    title = (
        t("{number} is late", number=ticket.number)
        if late
        else t("{number} is at risk", number=ticket.number)
    )
    return card(
        heading(title),
        user_text(t, ticket.title, bold=True),
        _clock(t, explained, level),
        facts(
            t,
            [
                (t("Kind"), t(KIND_NAMES[ticket.kind])),
                (t("Priority"), t(PRIORITY_WORDS[ticket.priority])),
                (t("Handled by"), handler or t("nobody yet")),
            ],
        ),
        actions=[
            press(t("Show the ticket"), "helpdesk.open", {"id": ticket.id}, inputs=False),
            why_button(t, ticket),
        ],
        language=t.language,
    )


# --- the computation --------------------------------------------------------------------------------------


def why(t: Translator, ticket: Ticket, explained: Iterable[Explanation]) -> Card:
    """How each due time came to be, line by line."""
    return card(
        heading(t("Why is {number} due then?", number=ticket.number)),
        user_text(t, ticket.title, bold=True),
        text(
            t(
                "A {kind} with priority {priority}, reported {moment}. Only opening hours count.",
                kind=t(KIND_NAMES[ticket.kind]),
                priority=t(PRIORITY_WORDS[ticket.priority]),
                moment=t.when(ticket.created_at),
            )
        ),
        *(_computation(t, one) for one in explained),
        actions=[press(t("Show the ticket"), "helpdesk.open", {"id": ticket.id}, inputs=False)],
        language=t.language,
    )


def _computation(t: Translator, explained: Explanation) -> CardElement:
    clock = explained.clock
    lines = [_line(t, line) for line in explained.lines]
    if len(lines) > SHOWN_LINES:
        left_out = len(lines) - SHOWN_LINES + 1
        lines = [
            lines[0],
            t.plural("… {n} more line …", "… {n} more lines …", left_out),
            *lines[left_out + 1 :],
        ]
    promised = (
        t(_PROMISED[clock.measure], time=duration(t, clock.target))
        if clock.target is not None
        else t("Nothing was promised.")
    )
    pieces: list[TextRun] = [run(promised)]
    pieces += (run(f"\n· {line}", subtle=True) for line in lines)
    pieces.append(run(f"\n{_conclusion(t, explained)}", bold=True))
    return group(text(t(MEASURES[clock.measure]), bold=True), runs(*pieces, spacing="Small"), separator=True)


def _line(t: Translator, line: Line) -> str:
    match line:
        case Ran():
            span = _span(t, line.start, line.end)
            if line.days > 1:
                span = f"{span} ({t.plural('{n} day', '{n} days', line.days)})"
            length, total = duration(t, line.length), duration(t, line.total)
            if line.length == line.total:
                return t("{span}: {length}", span=span, length=length)
            return t("{span}: {length}, together {total}", span=span, length=length, total=total)
        case Closed(name=None):
            return t("{days}: closed", days=_days(t, line.first, line.last))
        case Closed():
            return t("{days}: closed ({name})", days=_days(t, line.first, line.last), name=line.name)
        case StoodStill():
            why_still = t(_STILL.get(line.state, N_("it was done")))
            if line.end is None:
                return t("From {moment}: stands still, {why}", moment=t.when(line.start), why=why_still)
            return t("{span}: stood still, {why}", span=_span(t, line.start, line.end), why=why_still)


def _conclusion(t: Translator, explained: Explanation) -> str:
    clock, used = explained.clock, duration(t, explained.used)
    if clock.done_at is not None and explained.due_at is not None:
        due, done = t.when(explained.due_at), t.when(clock.done_at)
        return t("It was due {due} and done {done}: late.", due=due, done=done)
    if clock.done_at is not None:
        done = _DONE[clock.measure]
        return t(done, moment=t.when(clock.done_at), time=used)
    if explained.due_at is not None:
        return t("So by {moment} at the latest.", moment=t.when(explained.due_at))
    if clock.target is not None:
        return t("{time} are left once it goes on.", time=duration(t, explained.left))
    return t("So far: {time}.", time=used)


def _span(t: Translator, start: datetime, end: datetime) -> str:
    same_day = t.local(start).date() == t.local(end).date()
    return f"{t.when(start)}–{t.local(end):%H:%M}" if same_day else f"{t.when(start)} – {t.when(end)}"


def _days(t: Translator, first: date, last: date) -> str:
    return t.near_day(first) if first == last else f"{t.near_day(first)} – {t.near_day(last)}"


def duration(t: Translator, time: timedelta) -> str:
    """In hours and minutes, such as `7 h 30 min`; a minute that has begun counts."""
    minutes = -(-int(time.total_seconds()) // 60)
    hours, rest = divmod(max(minutes, 0), 60)
    if not hours:
        return t("{minutes} min", minutes=rest)
    return t("{hours} h {minutes} min", hours=hours, minutes=rest) if rest else t("{hours} h", hours=hours)
