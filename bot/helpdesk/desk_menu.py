"""An agent's list of what is possible with a ticket, the forms behind it, and what there is to read."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from sqlalchemy import Delete, delete

from bot.helpdesk.faces import desk_face_of, render
from bot.turn import Feature, Reply, Turn
from cards.helpdesk import desk_menu as menu
from cards.helpdesk.desk_menu import Page
from cards.helpdesk.desk_pages import PAGES
from cards.helpdesk.words import STATE_WORDS
from domain.actor import Role
from domain.approvals.stages import who_are_away
from domain.chats.actions import show
from domain.chats.models import Post
from domain.helpdesk import majors, notes, reading
from domain.helpdesk.notify import DESK
from domain.helpdesk.standard_replies import filled
from domain.helpdesk.ticket import Ticket
from domain.people.names import names_of
from domain.unit import Unit

PARTS_PAGE = 8


def press_key(turn: Turn, what: str, *typed: str) -> str:
    """Two presses on one card with the same input are one, whichever activities they come in."""
    said = "\n".join((what, turn.field("id"), str(turn.data.get("seen")), *typed))
    return "press:" + blake2b(said.encode("utf-8", "replace"), digest_size=20).hexdigest()


async def more(turn: Turn) -> Reply:
    """The list of what is possible. While an agent is at it, the card does not change under their hands."""
    if not turn.place.personal:
        return await in_own_chat(turn)
    async with turn.desk.units() as unit:
        page = await page_of(unit, turn)
        await _let_go(unit, turn, page.ticket)
    return Reply(menu.menu(turn.t, page))


async def open_page(turn: Turn) -> Reply:
    """One of the forms, or something to read."""
    name = turn.field("page")
    async with turn.desk.units.read() as unit:
        page = await page_of(unit, turn)
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
            return Reply(menu.history(turn.t, page, events, names, earlier))
        if name == "parts":
            cursor = turn.field("cursor") or None
            found = await majors.parts_of(
                unit, turn.actor, page.ticket.id, limit=PARTS_PAGE + 1, cursor=cursor
            )
            states = {part.id: turn.t(STATE_WORDS[part.state]) for part in found}
            shown = found[:PARTS_PAGE]
            return Reply(
                menu.parts(turn.t, page, shown, states, shown[-1].id if len(found) > PARTS_PAGE else None)
            )
    form = PAGES.get(name)
    return Reply((form or menu.menu)(turn.t, page))


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


async def page_of(unit: Unit, turn: Turn, problems: Mapping[str, str] | None = None) -> Page:
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


FEATURE = Feature(
    name="desk_menu",
    verbs={"desk.more": more, "desk.page": open_page, "desk.back": back, "desk.show": in_own_chat},
)
