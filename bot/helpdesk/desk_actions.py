"""What agents do with a ticket from their list and its forms: one press, one action, the ticket as it is then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.helpdesk.desk_menu import page_of, press_key
from bot.helpdesk.faces import render
from bot.turn import Feature, Handler, Reply, Turn
from cards.helpdesk.desk_pages import PAGES
from cards.helpdesk.requester import Notice
from domain.errors import Conflict, DeskError, Invalid, NotFound
from domain.helpdesk import actions, assigning, majors, merging, notes, reading, relations, sorting
from domain.helpdesk.notify import DESK
from domain.helpdesk.policy import HelpdeskPolicy, Priority
from domain.helpdesk.relations import Relation
from domain.helpdesk.rules import Kind
from domain.helpdesk.ticket import Ticket
from domain.people.colleagues import find_colleague
from domain.unit import Unit

CHOSEN = frozenset({"priority", "kind", "category", "group", "relation"})
"""Inputs in which nothing is typed: what they send is no word for people."""
Do = Callable[[Unit, Turn, HelpdeskPolicy, str], Awaitable[Ticket | None]]
"""Does what was asked, under a key. Gives the ticket to show, or None for the one that was pressed on."""


def act(do: Do, page: str = "", *inputs: str) -> Handler:
    """Answers a press: does it, and shows the ticket as it stands then; or the form again with what is wrong in it.

    `page` is the form it came from, `inputs` what was filled in there.
    """

    async def press(turn: Turn) -> Reply:
        key = press_key(turn, do.__name__, *(turn.field(name) for name in inputs))
        try:
            async with turn.desk.units() as unit:
                ticket = await do(unit, turn, turn.desk.organisation.helpdesk, key)
                subject = ticket.id if ticket else turn.field("id")
                card = await render(unit, turn.desk, turn.person, DESK, subject)
                await turn.keep(unit, DESK, subject)
        except DeskError as error:
            return await _refused(turn, error, page, inputs)
        return Reply(card, view=DESK, subject=subject)

    return press


async def _refused(turn: Turn, error: DeskError, page: str, inputs: tuple[str, ...]) -> Reply:
    """At the input that is wrong; or on the ticket's card, when the ticket has moved on."""
    said = turn.t.error(error)
    named = error.field if error.field in inputs else None
    # A number that finds nothing is a slip of the pen, and not somebody else's ticket being hidden.
    if named is None and isinstance(error, NotFound):
        named = next((name for name in inputs if name in ("main", "into", "number", "group")), None)
        if named is None:
            raise error
    async with turn.desk.units.read() as unit:
        if page and (named is not None or isinstance(error, Invalid)):
            turn.data = {**turn.data, "page": page}
            again = await page_of(unit, turn, {named or "": said})
            return Reply(PAGES[page](turn.t, again))
        typed = next((turn.field(name) for name in inputs if name not in CHOSEN and turn.field(name)), "")
        notice = Notice(said, typed if isinstance(error, Conflict) else "")
        subject = turn.field("id")
        card = await render(unit, turn.desk, turn.person, DESK, subject, notice)
    return Reply(card, view=DESK, subject=subject)


async def _note(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> None:
    await notes.write_note(unit, turn.actor, turn.field("id"), turn.field("note"), key=key)


async def _resume(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    return await actions.resume(unit, turn.actor, turn.field("id"), policy, key=key)


async def _give(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    colleague = await turn.desk.directory.person(turn.field("colleague"))
    if colleague is None:
        raise Invalid("Choose a colleague.", field="colleague")
    had = turn.field("had") or None
    return await assigning.hand_over(unit, turn.actor, turn.field("id"), colleague, policy, had=had, key=key)


async def _release(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    return await assigning.release(unit, turn.actor, turn.field("id"), policy, key=key)


async def _move(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    why = turn.field("why")
    if not turn.field("group"):
        raise Invalid("Choose one of the list.", field="group")
    return await assigning.move(
        unit, turn.actor, turn.field("id"), turn.field("group"), policy, why=why, key=key
    )


async def _escalate(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    return await assigning.escalate(
        unit, turn.actor, turn.field("id"), policy, why=turn.field("why"), key=key
    )


async def _priority(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    wanted = turn.field("priority").upper()
    if wanted not in Priority.__members__:
        raise Invalid("Choose one of the list.", field="priority")
    why = turn.field("why")
    return await sorting.prioritise(
        unit, turn.actor, turn.field("id"), Priority[wanted], why, policy, key=key
    )


async def _kind(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    wanted = turn.field("kind")
    if wanted not in list(Kind):
        raise Invalid("Choose one of the list.", field="kind")
    return await sorting.change_kind(unit, turn.actor, turn.field("id"), Kind(wanted), policy, key=key)


async def _category(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    category = turn.field("category")
    return await sorting.categorise(unit, turn.actor, turn.field("id"), category, policy, key=key)


async def _link(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    wanted = turn.field("relation")
    relation = Relation(wanted) if wanted in list(Relation) else Relation.RELATED
    number = turn.field("number")
    return await relations.link(unit, turn.actor, turn.field("id"), number, relation, policy, key=key)


async def _unlink(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    return await relations.unlink(unit, turn.actor, turn.field("id"), turn.field("other"), policy, key=key)


async def _join(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    return await majors.join(unit, turn.actor, turn.field("id"), turn.field("main"), policy, key=key)


async def _leave(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    return await majors.leave(unit, turn.actor, turn.field("id"), policy, key=key)


async def _merge(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    return await merging.merge(unit, turn.actor, turn.field("id"), turn.field("into"), policy, key=key)


async def _declare(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    return await majors.declare(unit, turn.actor, turn.field("id"), policy, key=key)


async def _end_major(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    return await majors.end(unit, turn.actor, turn.field("id"), policy, key=key)


async def _tell(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    return await majors.tell(unit, turn.actor, turn.field("id"), turn.field("text"), policy, key=key)


async def _resolve_parts(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    """With the words the main ticket was resolved with."""
    conversation = await reading.access_conversation(unit, turn.actor, turn.field("id"))
    said = [message.text for message in conversation.messages if message.from_desk]
    if not said:
        raise Conflict("There is no solution written down yet.")
    return await majors.resolve_parts(unit, turn.actor, conversation.ticket.id, said[-1], key=key)


async def _watch(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    colleague = await find_colleague(turn.desk.directory, turn.field("colleague"))
    return await relations.watch(unit, turn.actor, turn.field("id"), colleague, policy, key=key)


async def _unwatch(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> Ticket:
    return await relations.unwatch(unit, turn.actor, turn.field("id"), turn.field("person"), policy, key=key)


async def _time(unit: Unit, turn: Turn, policy: HelpdeskPolicy, key: str) -> None:
    typed = turn.field("minutes").removesuffix("min").strip()
    if not (typed.removeprefix("-").isascii() and typed.removeprefix("-").isdigit()):
        raise Invalid("Type a number of minutes, such as 15.", field="minutes")
    await notes.spend_time(unit, turn.actor, turn.field("id"), int(typed), key=key)


FEATURE = Feature(
    name="desk",
    verbs={
        "desk.note": act(_note, "", "note"),
        "desk.resume": act(_resume),
        "desk.give": act(_give, "give", "colleague"),
        "desk.release": act(_release),
        "desk.move": act(_move, "move", "group", "why"),
        "desk.escalate": act(_escalate, "escalate", "why"),
        "desk.priority": act(_priority, "priority", "priority", "why"),
        "desk.kind": act(_kind, "kind", "kind"),
        "desk.category": act(_category, "kind", "category"),
        "desk.link": act(_link, "link", "number", "relation"),
        "desk.unlink": act(_unlink, "", "other"),
        "desk.join": act(_join, "join", "main"),
        "desk.leave": act(_leave),
        "desk.merge": act(_merge, "merge", "into"),
        "desk.declare": act(_declare),
        "desk.end_major": act(_end_major),
        "desk.tell": act(_tell, "tell", "text"),
        "desk.resolve_parts": act(_resolve_parts),
        "desk.watch": act(_watch, "followers", "colleague"),
        "desk.unwatch": act(_unwatch, "", "person"),
        "desk.time": act(_time, "time", "minutes"),
    },
)
