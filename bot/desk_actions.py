"""What agents do with a ticket in chat, besides the buttons on its card: a list of what is possible, small forms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from hashlib import blake2b

from sqlalchemy import Delete, delete

from bot.helpdesk_faces import desk_face_of, render
from bot.turn import Feature, Handler, Reply, Turn
from cards import desk_pages as pages
from cards.desk_pages import PAGES, Page
from cards.helpdesk import Notice
from cards.helpdesk_words import STATE_WORDS
from domain.actor import Role
from domain.approvals.stages import who_are_away
from domain.chats.actions import show
from domain.chats.models import Post
from domain.errors import Conflict, DeskError, Invalid, NotFound
from domain.helpdesk import actions, assigning, majors, merging, notes, reading, relations, sorting
from domain.helpdesk.notify import DESK
from domain.helpdesk.policy import HelpdeskPolicy, Priority
from domain.helpdesk.relations import Relation
from domain.helpdesk.rules import Kind
from domain.helpdesk.standard_replies import filled
from domain.helpdesk.ticket import Ticket
from domain.people.colleagues import find_colleague
from domain.people.names import names_of
from domain.unit import Unit

PARTS_PAGE = 8


def press_key(turn: Turn, what: str, *typed: str) -> str:
    """Two presses on one card with the same input are one, whichever activities they come in."""
    said = "\n".join((what, turn.field("id"), str(turn.data.get("seen")), *typed))
    return "press:" + blake2b(said.encode("utf-8", "replace"), digest_size=20).hexdigest()


# --- looking ----------------------------------------------------------------------------------------------


async def more(turn: Turn) -> Reply:
    """The list of what is possible. While an agent is at it, the card does not change under their hands."""
    if not turn.place.personal:
        return await in_own_chat(turn)
    async with turn.desk.units() as unit:
        page = await _page(unit, turn)
        await _let_go(unit, turn, page.ticket)
    return Reply(pages.menu(turn.t, page))


async def open_page(turn: Turn) -> Reply:
    """One of the forms, or something to read."""
    name = turn.field("page")
    async with turn.desk.units.read() as unit:
        page = await _page(unit, turn)
        if name == "history":
            events, earlier = await reading.latest_history(unit, turn.actor, page.ticket.id)
            mentioned = [event.by_id for event in events]
            mentioned += [
                str(event.details[of]) for event in events for of in ("to", "person") if of in event.details
            ]
            names = {
                **await names_of(turn.desk.directory, mentioned),
                reading.BY_ITSELF: page.policy.name,
            }
            return Reply(pages.history(turn.t, page, events, names, earlier))
        if name == "parts":
            cursor = turn.field("cursor") or None
            found = await majors.parts_of(
                unit, turn.actor, page.ticket.id, limit=PARTS_PAGE + 1, cursor=cursor
            )
            states = {part.id: turn.t(STATE_WORDS[part.state]) for part in found}
            shown = found[:PARTS_PAGE]
            return Reply(
                pages.parts(turn.t, page, shown, states, shown[-1].id if len(found) > PARTS_PAGE else None)
            )
    form = PAGES.get(name)
    return Reply((form or pages.menu)(turn.t, page))


async def back(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        card = await render(unit, turn.desk, turn.person, DESK, turn.field("id"))
        await turn.keep(unit, DESK, turn.field("id"))
    return Reply(card, view=DESK, subject=turn.field("id"))


async def in_own_chat(turn: Turn) -> Reply:
    """In a channel: what is not for everybody there comes in the agent's own chat."""
    async with turn.desk.units() as unit:
        ticket = await notes.access_as_agent(unit, turn.actor, turn.field("id"))
        await unit.db.execute(_post_of(turn, ticket))
        await show(unit, DESK, ticket.id, turn.person.id)
    return Reply(text=turn.t("I show {number} in our own chat.", number=ticket.number))


async def _let_go(unit: Unit, turn: Turn, ticket: Ticket) -> None:
    """The pressed card becomes a form: what changes meanwhile must not wipe out what is being typed."""
    if turn.card_id:
        await unit.db.execute(_post_of(turn, ticket).where(Post.activity_id == turn.card_id))


def _post_of(turn: Turn, ticket: Ticket) -> Delete:
    return delete(Post).where(Post.view == DESK, Post.subject == ticket.id, Post.person_id == turn.person.id)


async def _page(unit: Unit, turn: Turn, problems: Mapping[str, str] | None = None) -> Page:
    conversation = await reading.access_conversation(unit, turn.actor, turn.field("id"))
    there = await desk_face_of(unit, turn.desk, turn.person, conversation)
    policy = turn.desk.organisation.helpdesk
    values = {name: value for name, value in turn.data.items() if isinstance(value, str)}
    chosen = next((one for one in policy.standard_replies if one.id == turn.field("reply")), None)
    if chosen is not None:
        texts = {
            one.id: filled(
                one,
                there.ticket,
                requester=there.names[there.ticket.requester_id],
                agent=turn.person.first_name,
                policy=policy,
            )
            for one in policy.standard_replies
        }
        typed = values.get("answer", "").strip()
        added = "" if not typed or typed in {text.strip() for text in texts.values()} else f"\n\n{typed}"
        values["answer"] = texts[chosen.id] + added
    colleagues = await _colleagues(unit, turn, there.ticket) if turn.field("page") == "give" else []
    return Page(there, policy, colleagues, values, problems or {})


async def _colleagues(unit: Unit, turn: Turn, ticket: Ticket) -> list[tuple[str, str]]:
    """Who can have the ticket: the agent first, then those of its group, then all others."""
    agents = [one for one in await turn.desk.directory.with_role(Role.AGENT) if one.id != ticket.assignee_id]
    away = await who_are_away(unit, turn.desk, [one.id for one in agents])
    members = turn.desk.organisation.helpdesk.group(ticket.group_id).members
    agents.sort(key=lambda one: (one.id != turn.person.id, one.id not in members, one.name))

    def title(person_id: str, name: str) -> str:
        if person_id == turn.person.id:
            return turn.t("I take it")
        return turn.t("{name} (away)", name=name) if person_id in away else name

    return [(one.id, title(one.id, one.name)) for one in agents]


# --- doing ------------------------------------------------------------------------------------------------

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
            again = await _page(unit, turn, {named or "": said})
            return Reply(PAGES[page](turn.t, again))
        typed = next((turn.field(name) for name in inputs if turn.field(name)), "")
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
        "desk.more": more,
        "desk.page": open_page,
        "desk.back": back,
        "desk.show": in_own_chat,
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
