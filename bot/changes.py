"""Changes in chat: planning one, the calendar, and how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, tzinfo
from hashlib import blake2b

from bot.helpdesk.faces import render
from bot.helpdesk.report import form_of
from bot.planned import face_of, show_result
from bot.turn import NOTHING, Feature, Reply, Turn
from cards import changes as forms
from cards import planned as cards
from domain.changes.actions import (
    PlanChange,
    Planned,
    find_clashes,
    is_reworded,
    list_ahead,
    may_look,
    plan_change,
    record_result,
    replan_change,
    review_change,
)
from domain.changes.change import Change
from domain.changes.moving import MoveWindow, move_window
from domain.changes.policy import ChangePolicy, ChangeType, StandardChange
from domain.changes.reading import find_change
from domain.changes.rules import Clash, Result, Window
from domain.changes.subject import RESULT_VIEW
from domain.errors import Invalid, InvalidForm, NotFound
from domain.helpdesk.actions import Say
from domain.helpdesk.notify import DESK
from domain.helpdesk.reading import access_ticket, load_ticket
from domain.helpdesk.rules import Kind
from domain.helpdesk.ticket import Ticket
from domain.intents.models import Intent
from domain.tables import is_id, new_id
from domain.unit import Unit

TYPED = frozenset({"wijzigingskalender", "wijzigingen", "change calendar", "calendrier des changements"})
"""What opens the calendar whatever it looks like."""
PLAN = frozenset({"wijziging plannen", "een wijziging plannen", "plan a change", "planifier un changement"})
"""What an agent plans a change with, whatever it looks like."""
WINDOW_FIELDS = ("start_day", "start_time", "end_day", "end_time")
FIELDS = ("title", "why", "systems", "plan", "back_out", *WINDOW_FIELDS)


async def wanted(turn: Turn) -> Reply:
    """Answers an intent: an agent plans; anybody else says in their own words what has to change."""
    if turn.actor.is_agent:
        return await start(turn)
    return await form_of(Kind.CHANGE)(turn)


async def start(turn: Turn) -> Reply:
    """Which kind of change it is; for a ticket that is there, or for a new one."""
    policy, ticket_id = _policy(turn), turn.field("ticket")
    _check_agent(turn)
    if not ticket_id:
        return Reply(forms.start(turn.t, policy, typed=turn.text or turn.field("text")))
    async with turn.desk.units.read() as unit:
        ticket = await access_ticket(unit, turn.actor, ticket_id)
    return Reply(forms.start(turn.t, policy, ticket_id=ticket.id, ticket=_named(ticket)))


async def form(turn: Turn) -> Reply:
    """An empty form; of a standard change with the way it is always done."""
    _check_agent(turn)
    type_ = _type(turn)
    standard = _standard(turn, type_)
    if type_ is ChangeType.STANDARD and standard is None:
        return await start(turn)
    given = {"title": standard.name, "plan": standard.plan, "back_out": standard.back_out} if standard else {}
    given |= {"title": typed} if (typed := turn.field("title")) else {}
    label = ""
    if ticket_id := turn.field("ticket"):
        async with turn.desk.units.read() as unit:
            label = _named(await access_ticket(unit, turn.actor, ticket_id))
    values = forms.ChangeForm(new_id(), type_, standard, given, ticket_id=ticket_id, ticket=label)
    return Reply(forms.form(turn.t, values, _policy(turn)))


async def edit(turn: Turn) -> Reply:
    """The form of a change that the board sent back, as it was filled in."""
    _check_agent(turn)
    async with turn.desk.units.read() as unit:
        ticket = await access_ticket(unit, turn.actor, turn.field("id"))
        change = await find_change(unit, ticket.id)
    if change is None or change.planned_by_id != turn.person.id:
        raise NotFound("There is no such ticket.", field="id")
    own = is_reworded(turn.person, ticket)
    values = forms.ChangeForm(
        new_id(),
        change.type,
        given=_given(change, ticket, turn.desk.organisation.calendar.zone),
        ticket_id=ticket.id,
        ticket="" if own else _named(ticket),
        again=True,
    )
    return Reply(forms.form(turn.t, values, _policy(turn)))


async def submit(turn: Turn) -> Reply:
    """The change's card; or the form again, with what is wrong in it or with what speaks against its window."""
    _check_agent(turn)
    type_, zone = _type(turn), turn.desk.organisation.calendar.zone
    form_id, ticket_id, again = turn.field("form"), turn.field("ticket"), turn.field("again") == "yes"
    given = {name: turn.field(name) for name in (*FIELDS, *_questions(_policy(turn)))}
    values = forms.ChangeForm(
        form_id if is_id(form_id) else new_id(),
        type_,
        _standard(turn, type_),
        given,
        ticket_id=ticket_id,
        ticket=await _label(turn, ticket_id, again=again),
        again=again,
    )
    try:
        command = _command(turn, type_, given, zone)
        key = f"form:{form_id}" if is_id(form_id) else turn.key
        async with turn.desk.units.read() as unit:
            # Sent once more, the change that this form made is no clash of it.
            own = ticket_id or await unit.done_before(turn.actor.id, key) or ""
            clashes = await find_clashes(unit, turn.desk, command.window, command.systems, besides=own)
        if clashes and turn.field("accepted") != _mark(clashes):
            values = replace(values, clashes=clashes, accepted=_mark(clashes))
            return Reply(forms.form(turn.t, values, _policy(turn)))
        async with turn.desk.units() as unit:
            planned = (
                await replan_change(unit, turn.desk, turn.person, ticket_id, command, key=key)
                if again
                else await plan_change(unit, turn.desk, turn.person, command, ticket_id=ticket_id, key=key)
            )
            return await _card(unit, turn, planned)
    except InvalidForm as wrong:
        return Reply(forms.form(turn.t, replace(values, problems=turn.t.problems(wrong)), _policy(turn)))


async def move(turn: Turn) -> Reply:
    """The form with which a planned change gets another moment."""
    _check_agent(turn)
    async with turn.desk.units.read() as unit:
        ticket, change = await _planned(unit, turn)
    given = _window_given(change, turn.desk.organisation.calendar.zone)
    values = forms.ChangeForm(new_id(), change.type, given=given, ticket_id=ticket.id, ticket=_named(ticket))
    return Reply(forms.move(turn.t, values, change))


async def moved(turn: Turn) -> Reply:
    """The ticket; or the form again, with what is wrong in it or with what speaks against the new moment."""
    _check_agent(turn)
    zone, form_id = turn.desk.organisation.calendar.zone, turn.field("form")
    async with turn.desk.units.read() as unit:
        ticket, change = await _planned(unit, turn)
    values = forms.ChangeForm(
        form_id if is_id(form_id) else new_id(),
        change.type,
        given={name: turn.field(name) for name in (*WINDOW_FIELDS, "why")},
        ticket_id=ticket.id,
        ticket=_named(ticket),
    )
    try:
        window = Window(_moment(values.given, "start", zone), _moment(values.given, "end", zone))
        async with turn.desk.units.read() as unit:
            clashes = await find_clashes(unit, turn.desk, window, change.systems, besides=ticket.id)
        if clashes and turn.field("accepted") != _mark(clashes):
            values = replace(values, clashes=clashes, accepted=_mark(clashes))
            return Reply(forms.move(turn.t, values, change))
        command = MoveWindow(ticket.id, window, values.given["why"])
        async with turn.desk.units() as unit:
            key = f"move:{values.form_id}"
            return await _card(unit, turn, await move_window(unit, turn.desk, turn.person, command, key=key))
    except InvalidForm as wrong:
        return Reply(forms.move(turn.t, replace(values, problems=turn.t.problems(wrong)), change))


async def result(turn: Turn) -> Reply:
    said = Say(turn.field("id"), turn.field("change_note"))
    chosen = turn.field("change_result")
    how = Result(chosen) if chosen in set(Result) else None
    async with turn.desk.units() as unit:
        return await _card(
            unit, turn, await record_result(unit, turn.desk, turn.actor, said, how, key=turn.key)
        )


async def review(turn: Turn) -> Reply:
    said = Say(turn.field("id"), turn.field("change_review"))
    async with turn.desk.units() as unit:
        return await _card(unit, turn, await review_change(unit, turn.desk, turn.actor, said, key=turn.key))


async def calendar(turn: Turn) -> Reply:
    cursor = turn.field("cursor") or None
    async with turn.desk.units.read() as unit:
        page = await list_ahead(unit, turn.actor, cursor=cursor)
    may_plan = turn.actor.is_agent
    return Reply(cards.calendar(turn.t, page, _policy(turn), may_plan=may_plan, first=cursor is None))


async def show(turn: Turn) -> Reply:
    """A change of the calendar, for who may look at that without being of the desk."""
    ticket_id = turn.field("id")
    async with turn.desk.units.read() as unit:
        change = await find_change(unit, ticket_id) if is_id(ticket_id) and may_look(turn.actor) else None
        if change is None:
            raise NotFound("There is no such ticket.", field="id")
        face = await face_of(unit, turn.desk, change)
        return Reply(cards.look(turn.t, await load_ticket(unit, ticket_id), face))


async def claims(turn: Turn) -> Reply:
    typed = turn.text.strip().casefold()
    if typed in TYPED and may_look(turn.actor):
        return await calendar(turn)
    if typed in PLAN and turn.actor.is_agent:
        turn.text = ""
        return await start(turn)
    return NOTHING


# --- parts ------------------------------------------------------------------------------------------------


async def _card(unit: Unit, turn: Turn, planned: Planned) -> Reply:
    """The ticket as the desk sees it, in place of the card that was pressed."""
    shown = await render(unit, turn.desk, turn.person, DESK, planned.ticket.id)
    await turn.keep(unit, DESK, planned.ticket.id)
    return Reply(shown, view=DESK, subject=planned.ticket.id)


def _command(turn: Turn, type_: ChangeType, given: Mapping[str, str], zone: tzinfo) -> PlanChange:
    """Raises `InvalidForm` for a window that is none."""
    return PlanChange(
        type=type_,
        window=Window(_moment(given, "start", zone), _moment(given, "end", zone)),
        systems=tuple(filter(None, given["systems"].split(","))),
        plan=given["plan"],
        back_out=given["back_out"],
        title=given["title"],
        why=given["why"],
        standard_id=turn.field("standard") or None,
        answers={name.removeprefix(forms.RISK): given[name] for name in _questions(_policy(turn))},
    )


def _moment(given: Mapping[str, str], name: str, zone: tzinfo) -> datetime:
    try:
        day, clock = date.fromisoformat(given[f"{name}_day"]), time.fromisoformat(given[f"{name}_time"])
    except ValueError:
        raise InvalidForm([Invalid("Choose a day and a time.", field=name)]) from None
    return datetime.combine(day, clock.replace(tzinfo=None), zone).astimezone(UTC)


def _given(change: Change, ticket: Ticket, zone: tzinfo) -> dict[str, str]:
    """A change as it stands in its form."""
    return {
        "title": ticket.title,
        "why": ticket.text,
        "systems": ",".join(change.systems),
        "plan": change.plan,
        "back_out": change.back_out,
        **_window_given(change, zone),
        **{forms.RISK + question: answer for question, answer in change.answers.items()},
    }


def _window_given(change: Change, zone: tzinfo) -> dict[str, str]:
    starts, ends = change.window.starts_at.astimezone(zone), change.window.ends_at.astimezone(zone)
    moments = (f"{starts:%Y-%m-%d}", f"{starts:%H:%M}", f"{ends:%Y-%m-%d}", f"{ends:%H:%M}")
    return dict(zip(WINDOW_FIELDS, moments, strict=True))


async def _planned(unit: Unit, turn: Turn) -> tuple[Ticket, Change]:
    """The change of a pressed button. Raises `NotFound` for a ticket without a plan."""
    ticket = await access_ticket(unit, turn.actor, turn.field("id"))
    change = await find_change(unit, ticket.id)
    if change is None:
        raise NotFound("There is no such ticket.", field="id")
    return ticket, change


def _questions(policy: ChangePolicy) -> Sequence[str]:
    return [forms.RISK + question.id for question in policy.questionnaire.questions]


def _mark(clashes: Sequence[Clash]) -> str:
    """Tells these clashes from others: who accepted some has not accepted new ones."""
    return blake2b(repr(clashes).encode(), digest_size=8).hexdigest()


async def _label(turn: Turn, ticket_id: str, *, again: bool) -> str:
    if not ticket_id:
        return ""
    async with turn.desk.units.read() as unit:
        ticket = await access_ticket(unit, turn.actor, ticket_id)
    return "" if again and is_reworded(turn.person, ticket) else _named(ticket)


def _named(ticket: Ticket) -> str:
    return f"{ticket.number} · {ticket.title}"


def _type(turn: Turn) -> ChangeType:
    chosen = turn.field("type")
    return ChangeType(chosen) if chosen in set(ChangeType) else ChangeType.NORMAL


def _standard(turn: Turn, type_: ChangeType) -> StandardChange | None:
    if type_ is not ChangeType.STANDARD:
        return None
    return next((one for one in _policy(turn).standard if one.id == turn.field("standard")), None)


def _policy(turn: Turn) -> ChangePolicy:
    return turn.desk.organisation.changes


def _check_agent(turn: Turn) -> None:
    if not turn.actor.is_agent:
        raise NotFound("There is no such ticket.", field="id")


FEATURE = Feature(
    name="changes",
    verbs={
        "changes.start": start,
        "changes.form": form,
        "changes.edit": edit,
        "changes.submit": submit,
        "changes.move": move,
        "changes.moved": moved,
        "changes.result": result,
        "changes.review": review,
        "changes.calendar": calendar,
        "changes.show": show,
    },
    intents={Intent.CHANGE: wanted},
    views={RESULT_VIEW: show_result},
    claims=claims,
)
