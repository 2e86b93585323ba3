"""`werkvoorraad`: an agent's lists in chat, and several tickets at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.turn import NOTHING, Feature, Reply, Turn, own_chat_only
from cards.helpdesk import desk_queue as cards
from cards.helpdesk.desk_queue import TOGETHER, Line, Several, Shown
from domain.actor import Role
from domain.approvals.stages import who_are_away
from domain.errors import Conflict, Invalid, NotFound
from domain.helpdesk import actions, assigning, majors
from domain.helpdesk.actions import Say
from domain.helpdesk.queues import MOST_AT_ONCE, Bulk, Order, Queue, for_each, list_queue
from domain.helpdesk.reading import access_ticket, tickets_by_id
from domain.helpdesk.texts import check_text
from domain.helpdesk.ticket import Ticket
from domain.people.names import names_of
from domain.service_levels.reading import due_of, list_at_risk
from domain.service_levels.rules import Level
from domain.unit import Unit

PAGE = 8
COMMANDS = frozenset(
    {
        "werkvoorraad",
        "mijn werkvoorraad",
        "toon werkvoorraad",
        "werkbak",
        "worklist",
        "my worklist",
        "queue",
        "liste de travail",
        "ma liste de travail",
        "file d'attente",
    }
)


async def claims(turn: Turn) -> Reply:
    """Answers `werkvoorraad`, of agents."""
    if not turn.actor.is_agent or turn.text.strip().rstrip(".!?").lower().lstrip("/") not in COMMANDS:
        return NOTHING
    return await _show(turn, Shown(Queue.MINE))


async def queue(turn: Turn) -> Reply:
    return await _show(turn, _shown(turn))


def _shown(turn: Turn) -> Shown:
    queue, order = turn.field("queue"), turn.field("order")
    return Shown(
        Queue(queue) if queue in list(Queue) else Queue.MINE,
        Order(order) if order in list(Order) else Order.PRIORITY,
        turn.field("cursor"),
    )


@own_chat_only
async def _show(turn: Turn, shown: Shown, said: str = "", *, refused: bool = False) -> Reply:
    lines, following = await _lines(turn, shown)
    return Reply(cards.queue(turn.t, shown, lines, following, said, refused=refused))


async def _lines(turn: Turn, shown: Shown) -> tuple[list[Line], str | None]:
    policy, cursor = turn.desk.organisation.helpdesk, shown.cursor or None
    async with turn.desk.units.read() as unit:
        if shown.queue is Queue.AT_RISK:
            groups = [group.id for group in policy.groups_of(turn.actor.id)]
            page = await list_at_risk(unit, turn.actor, group_ids=groups, limit=PAGE, cursor=cursor)
            found = await tickets_by_id(unit, turn.actor, [due.ticket_id for due in page.due])
            following, dues = page.next_cursor, {due.ticket_id: due for due in page.due}
        else:
            listed = await list_queue(
                unit, turn.actor, shown.queue, policy, order=shown.order, limit=PAGE, cursor=cursor
            )
            found, following = listed.tickets, listed.next_cursor
            dues = dict(await due_of(unit, [ticket.id for ticket in found]))
    people = [ticket.requester_id for ticket in found]
    names = await names_of(turn.desk.directory, [*people, *(t.assignee_id for t in found if t.assignee_id)])
    lines = []
    for ticket in found:
        due = dues.get(ticket.id)
        late = due is not None and due.level is Level.BREACHED
        words = "" if due is None else turn.t.moment(due.at)
        if due is not None:
            words = (
                turn.t("late since {moment}", moment=words)
                if late
                else turn.t("before {moment}", moment=words)
            )
        other = ticket.assignee_id if ticket.assignee_id != turn.actor.id else None
        lines.append(
            Line(
                ticket,
                names[ticket.requester_id].removeprefix("flow:"),
                names[other] if other else "",
                words,
                late,
            )
        )
    return lines, following


# --- several at once --------------------------------------------------------------------------------------


async def several(turn: Turn) -> Reply:
    shown = _shown(turn)
    lines, _ = await _lines(turn, shown)
    return Reply(cards.several(turn.t, Several(shown, lines)))


async def together(turn: Turn) -> Reply:
    """Asks what is still to be known, or does it: each ticket by itself, and it is said what did not go."""
    shown, what = _shown(turn), turn.field("what")
    if what not in TOGETHER:
        raise NotFound("There is nothing here for you.")
    chosen = [one for one in turn.field("chosen").split(",") if one][:MOST_AT_ONCE]
    if not chosen:
        lines, _ = await _lines(turn, shown)
        problem = {"chosen": turn.t("Choose one ticket or more.")}
        return Reply(cards.several(turn.t, Several(shown, lines, problems=problem)))
    if what != "mine" and not turn.field("sure"):
        return await _ask(turn, shown, what, chosen)
    try:
        take = await _taking(turn, what)
    except (Invalid, NotFound) as error:
        return await _ask(turn, shown, what, chosen, turn.t.error(error))
    bulk = await for_each(turn.desk.units, chosen, take)
    return await _show(turn, shown, await _said(turn, bulk), refused=bool(bulk.refused))


async def _ask(turn: Turn, shown: Shown, what: str, chosen: Sequence[str], problem: str = "") -> Reply:
    async with turn.desk.units.read() as unit:
        found = await tickets_by_id(unit, turn.actor, chosen)
    lines = [Line(ticket, "", "") for ticket in found]
    values = {"to": turn.field("to")}
    options = await _options(turn, what)
    problems = {"to": problem} if problem else {}
    return Reply(cards.together(turn.t, Several(shown, lines, chosen, what, options, values, problems)))


async def _options(turn: Turn, what: str) -> list[tuple[str, str]]:
    if what == "move":
        return [(group.id, group.name) for group in turn.desk.organisation.helpdesk.groups]
    if what != "give":
        return []
    agents = [one for one in await turn.desk.directory.with_role(Role.AGENT) if one.id != turn.actor.id]
    async with turn.desk.units.read() as unit:
        away = await who_are_away(unit, turn.desk, [one.id for one in agents])
    return [
        (one.id, turn.t("{name} (away)", name=one.name) if one.id in away else one.name) for one in agents
    ]


async def _taking(turn: Turn, what: str) -> Callable[[Unit, str], Awaitable[Ticket]]:
    """What to do with each ticket. Raises `Invalid` and `NotFound` for what was filled in wrong, before anything is
    done."""
    actor, policy, to = turn.actor, turn.desk.organisation.helpdesk, turn.field("to")

    def key(ticket_id: str) -> str:
        return f"bulk:{turn.key}:{ticket_id}"[:200]

    async def mine(unit: Unit, ticket_id: str) -> Ticket:
        had = (await access_ticket(unit, actor, ticket_id)).assignee_id
        if had is not None:
            name = (await names_of(turn.desk.directory, [had]))[had]
            raise Conflict("{name} has this ticket already.", name=name)
        return await actions.assign_to_me(unit, actor, ticket_id, policy, key=key(ticket_id))

    if what == "mine":
        return mine
    if what == "resolve":
        words = check_text(to, "to")

        async def resolve(unit: Unit, ticket_id: str) -> Ticket:
            return await actions.resolve(unit, actor, Say(ticket_id, words), policy, key=key(ticket_id))

        return resolve
    if what == "join":
        async with turn.desk.units.read() as unit:
            main = await access_ticket(unit, actor, to)

        async def join(unit: Unit, ticket_id: str) -> Ticket:
            return await majors.join(unit, actor, ticket_id, main.id, policy, key=key(ticket_id))

        return join
    if what == "move":
        if policy.group(to).id != to:
            raise Invalid("Choose one of the list.", field="to")

        async def move(unit: Unit, ticket_id: str) -> Ticket:
            return await assigning.move(unit, actor, ticket_id, to, policy, why="", key=key(ticket_id))

        return move
    colleague = await turn.desk.directory.person(to)
    if colleague is None or Role.AGENT not in colleague.roles:
        raise Invalid("Choose a colleague.", field="to")

    async def give(unit: Unit, ticket_id: str) -> Ticket:
        had = (await access_ticket(unit, actor, ticket_id)).assignee_id
        return await assigning.hand_over(
            unit, actor, ticket_id, colleague, policy, had=had, key=key(ticket_id)
        )

    return give


async def _said(turn: Turn, bulk: Bulk) -> str:
    """How many were done, and of each of the others why not."""
    t = turn.t
    done = t.plural("{n} ticket done.", "{n} tickets done.", len(bulk.done))
    if not bulk.refused:
        return done
    async with turn.desk.units.read() as unit:
        found = await tickets_by_id(unit, turn.actor, [ticket_id for ticket_id, _ in bulk.refused])
    numbers = {ticket.id: ticket.number for ticket in found}
    why = [
        f"{numbers[ticket_id]}: {t.error(error)}" for ticket_id, error in bulk.refused if ticket_id in numbers
    ]
    return "\n".join([done, *why])


FEATURE = Feature(
    name="desk_queue",
    verbs={"desk.queue": queue, "desk.several": several, "desk.together": together},
    claims=claims,
)
