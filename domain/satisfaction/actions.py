"""Rating a closed ticket: one tap, words when there are any, and another mind for a while."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select, update

from domain.actor import Actor
from domain.errors import Conflict, NotFound
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.reading import access_ticket
from domain.helpdesk.rules import State
from domain.helpdesk.texts import clean
from domain.helpdesk.ticket import Ticket
from domain.satisfaction.models import ticket_ratings
from domain.satisfaction.rating import Rating
from domain.satisfaction.rules import WORDS_LIMIT, check_change, check_score
from domain.unit import Unit

LOW_RATING = "satisfaction.low"
"""Job kind: somebody was not happy. Payload `{ticket, person}`."""
RATED = "satisfaction.rated"
"""Job kind: a rating was given or changed. Payload `{ticket, person}`; for whoever wants to hear of it."""


async def rate_ticket(
    unit: Unit, actor: Actor, ticket_id: str, score: int, words: str | None = None
) -> tuple[Ticket, Rating]:
    """The requester's rating of a closed ticket; a second one changes the first. `words` None leaves them as they are.

    Raises `NotFound` for everybody but the requester, `Invalid` for a score that is none, and `Conflict` when the
    ticket is not closed (any more) or when it is too late to change. The same rating again changes nothing.
    """
    ticket = await access_ticket(unit, actor, ticket_id)
    if ticket.requester_id != actor.id:
        raise NotFound("There is no such ticket.", field="id")
    if ticket.state is not State.CLOSED:
        raise Conflict("This ticket is not closed: say first what is still wrong, please.")
    score = check_score(score)
    words = None if words is None else clean(words)[:WORDS_LIMIT]
    await unit.hold(f"rating:{ticket.id}")
    before = await rating_of(unit, ticket.id, actor.id)
    if before is None:
        rating = Rating(ticket.id, actor.id, score, words or None, 1, unit.now, unit.now)
        await unit.db.execute(insert(ticket_ratings), _row(rating))
    else:
        said = before.words if words is None else (words or None)
        if (before.score, before.words) == (score, said):
            return ticket, before
        check_change(before.given_at, unit.now)
        rating = Rating(ticket.id, actor.id, score, said, before.version + 1, before.given_at, unit.now)
        await unit.db.execute(
            update(ticket_ratings)
            .where(ticket_ratings.c.ticket_id == ticket.id, ticket_ratings.c.person_id == actor.id)
            .values(score=score, words=said, version=rating.version, changed_at=unit.now)
        )
    await unit.enqueue(RATED, {"ticket": ticket.id, "person": actor.id}, lane=f"rating:{ticket.id}")
    if rating.low or (before is not None and before.low):
        await unit.enqueue(LOW_RATING, {"ticket": ticket.id, "person": actor.id})
    return ticket, rating


async def rating_of(unit: Unit, ticket_id: str, person_id: str) -> Rating | None:
    statement = select(ticket_ratings).where(
        ticket_ratings.c.ticket_id == ticket_id, ticket_ratings.c.person_id == person_id
    )
    row = (await unit.db.execute(statement)).one_or_none()
    return _rating(row) if row else None


def leads_of(ticket: Ticket, policy: HelpdeskPolicy) -> frozenset[str]:
    """Who looks into a low rating: who leads the group that handled it, and who leads the desk."""
    return frozenset({policy.lead_of(ticket.group_id), policy.lead_id}) - {ticket.requester_id}


async def access_low_rating(
    unit: Unit, actor: Actor, ticket_id: str, policy: HelpdeskPolicy
) -> tuple[Ticket, Rating]:
    """For who leads the desk: a rating that was low once. `NotFound` for all others."""
    ticket = await access_ticket(unit, actor, ticket_id)
    if actor.id not in leads_of(ticket, policy):
        raise NotFound("There is no such ticket.", field="id")
    rating = await rating_of(unit, ticket.id, ticket.requester_id)
    if rating is None:
        raise NotFound("There is no such ticket.", field="id")
    return ticket, rating


def _row(rating: Rating) -> dict[str, Any]:
    return {
        "ticket_id": rating.ticket_id,
        "person_id": rating.person_id,
        "score": rating.score,
        "words": rating.words,
        "version": rating.version,
        "given_at": rating.given_at,
        "changed_at": rating.changed_at,
    }


def _rating(row: Row[Any]) -> Rating:
    return Rating(
        row.ticket_id, row.person_id, row.score, row.words, row.version, row.given_at, row.changed_at
    )
