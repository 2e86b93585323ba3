"""A tip that a colleague should read too: sent to their own chat, in their own language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from domain.actor import Actor
from domain.chats.actions import show
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.people.colleagues import find_colleague
from domain.people.models import Person
from domain.tables import is_id, new_id
from domain.tips.feedback_models import ShareRow
from domain.tips.models import QuestionRow
from domain.tips.reading import access_tip
from domain.unit import Unit

SHARED = "tips.shared"
"""View of a tip that a colleague sent; the subject is the sending."""
A_DAY = timedelta(days=1)
MOST_A_DAY = 20
"""Tips that one person can send in a day: more is no longer thinking of a colleague."""
LATEST_QUESTIONS = 2_000
"""So many are looked at for what is asked most: as quick after years as in the first week."""


@dataclass(frozen=True, slots=True)
class Shared:
    tip_id: str
    by_id: str


async def share_tip(unit: Unit, desk: Desk, actor: Actor, tip_id: str, typed: str, key: str) -> Person:
    """Send a tip to the colleague whose name or address was typed; the same one once a day.

    Raises `NotFound` for a tip that is not for this person, `Invalid` with the field `colleague`, and `Conflict` when
    they sent many today.
    """
    tip = (await access_tip(unit, actor, tip_id)).tip
    colleague = await find_colleague(desk.directory, typed)
    if colleague.id == actor.id:
        raise Invalid("That is you. Choose a colleague.", field="colleague")
    if not tip.is_for(colleague.team_id):
        raise Invalid("This tip is for your own team only.", field="colleague")
    share_id = new_id()
    if await unit.once(actor.id, key, (tip.id, colleague.id), share_id) is not None:
        return colleague
    today = (ShareRow.by_id == actor.id, ShareRow.at > unit.now - A_DAY)
    sent = (await unit.db.execute(select(ShareRow.tip_id, ShareRow.to_id).where(*today))).all()
    if (tip.id, colleague.id) in {(row.tip_id, row.to_id) for row in sent}:
        return colleague
    if len(sent) >= MOST_A_DAY:
        raise Conflict("You sent {count} tips today. Go on tomorrow, please.", count=MOST_A_DAY)
    row = {"id": share_id, "tip_id": tip.id, "by_id": actor.id, "to_id": colleague.id, "at": unit.now}
    await unit.insert_new(ShareRow, row)
    await show(unit, SHARED, share_id, colleague.id)
    return colleague


async def access_shared(unit: Unit, actor: Actor, share_id: str) -> Shared:
    """For who it was sent to. Raises `NotFound` for all others."""
    found = None
    if is_id(share_id):
        mine = (ShareRow.id == share_id, ShareRow.to_id == actor.id)
        found = (await unit.db.execute(select(ShareRow.tip_id, ShareRow.by_id).where(*mine))).one_or_none()
    if found is None:
        raise NotFound("There is nothing here for you.")
    return Shared(found.tip_id, found.by_id)


async def most_asked(unit: Unit, limit: int) -> Sequence[str]:
    """Ids of the tips that people ended up with most often lately."""
    latest = select(QuestionRow.tip_id).order_by(QuestionRow.id.desc()).limit(LATEST_QUESTIONS).subquery()
    asked = (
        select(latest.c.tip_id)
        .where(latest.c.tip_id.is_not(None))
        .group_by(latest.c.tip_id)
        .order_by(func.count().desc(), latest.c.tip_id)
        .limit(limit)
    )
    return [str(tip_id) for tip_id in (await unit.db.execute(asked)).scalars()]
