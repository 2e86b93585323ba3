"""What waits for a person: the list, several approved at once, and the reminder of it."""

from __future__ import annotations

from bot.turn import Card, Feature, Reply, Turn
from cards.approvals import lists as cards
from cards.approvals.lists import Done
from domain.approvable import subjects
from domain.approvals.actions import Decide, approve
from domain.approvals.notify import REMINDER_VIEW
from domain.approvals.reading import access_approval, waiting_for
from domain.chats.actions import show
from domain.desk import Desk
from domain.errors import Conflict, DeskError, Invalid
from domain.intents.models import Intent
from domain.people.models import Person
from domain.people.names import names_of
from domain.tables import new_id
from domain.unit import Unit
from locales import translator

TOGETHER = 20
"""How many can be approved with one press."""


async def waiting(turn: Turn) -> Reply:
    """What waits for this person, the oldest first. In a channel it is not for everybody: they get it in their chat."""
    if not turn.place.personal:
        async with turn.desk.units() as unit:
            await show(unit, REMINDER_VIEW, new_id(), turn.person.id)
        return Reply(text=turn.t("What waits for you is not for everybody here: I show it in our own chat."))
    return await _list(turn, cursor=turn.field("cursor") or None)


async def approve_together(turn: Turn) -> Reply:
    """Approve what was chosen, each in a transaction of its own, and say of each how it went."""
    chosen = [item.partition(":") for item in turn.field("chosen").split(",") if item]
    if not chosen:
        raise Invalid("Choose what you approve.", field="chosen")
    done = [await _approve(turn, approval_id, round_) for approval_id, _, round_ in chosen[:TOGETHER]]
    return await _list(turn, done=tuple(one for one in done if one is not None))


async def remind(unit: Unit, desk: Desk, person: Person, _subject: str) -> Card | None:
    page = await waiting_for(unit, person.as_actor())
    if not page.approvals:
        return None
    names = await names_of(desk.directory, [approval.requester_id for approval in page.approvals])
    t = translator(person.language)
    return cards.waiting(t, page.approvals, names, page.next_cursor, viewer_id=person.id, reminder=True)


async def _approve(turn: Turn, approval_id: str, round_: str) -> Done | None:
    number, title = "", ""
    try:
        async with turn.desk.units() as unit:
            approval = await access_approval(unit, turn.actor, approval_id)
            number, title = approval.number, approval.title
            if not approval.plan.bulk:
                raise Conflict("Open this one to decide.")
            command = Decide(approval.id, round=int(round_) if round_.isdigit() else 1)
            decided = await approve(unit, turn.desk, turn.actor, command, subjects(turn.desk))
    except DeskError as error:
        return Done(number, title, problem=turn.t.error(error)) if number else None
    if not decided.first:
        return Done(number, title, problem=turn.t("Somebody was first, or it was changed."))
    return Done(number, title, further=decided.approval.pending)


async def _list(turn: Turn, *, cursor: str | None = None, done: tuple[Done, ...] = ()) -> Reply:
    async with turn.desk.units.read() as unit:
        page = await waiting_for(unit, turn.actor, cursor=cursor)
    names = await names_of(turn.desk.directory, [approval.requester_id for approval in page.approvals])
    return Reply(
        cards.waiting(turn.t, page.approvals, names, page.next_cursor, viewer_id=turn.person.id, done=done)
    )


FEATURE = Feature(
    name="approval_lists",
    verbs={"approvals.list": waiting, "approvals.bulk": approve_together},
    intents={Intent.APPROVALS: waiting},
    views={REMINDER_VIEW: remind},
)
