"""Telling authors: what waits to be looked at, what became of a draft, and which tips have to be reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, update

from domain.actor import Role
from domain.authoring.draft import Draft, DraftState
from domain.authoring.piles import Entry, entry_of_tip, tips_due
from domain.authoring.writing import TELL, load_draft
from domain.chats.actions import show
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.tips.models import TipRow
from domain.unit import Unit

DRAFT_VIEW = "tips.draft"
"""A draft on its author's own card; its subject is the draft."""
REVIEW_VIEW = "tips.review"
"""For the other authors: a draft waits for them. Its subject is that of `asked`."""
PROPOSAL_VIEW = "tips.proposal"
"""For all authors: a colleague proposes a tip. Its subject is the draft."""
RESULT_VIEW = "tips.result"
"""For who wrote or proposed it: a draft came back, or was published. Its subject is that of `asked`."""
DUE_VIEW = "tips.due"
"""Published tips that wait for this author's review; its subject is the day they were reminded."""
REMIND = "tips.remind"
"""Job kind: payload `{person, day}`."""
BITE = 200


def asked(draft: Draft) -> str:
    """The subject of a card about a draft that was sent to be reviewed: a new card for each time it was."""
    return f"{draft.id}:{draft.round}"


def draft_id_of(subject: str) -> str:
    return subject.partition(":")[0]


async def authors(desk: Desk) -> list[str]:
    return sorted(person.id for person in await desk.directory.with_role(Role.TIP_AUTHOR))


def handlers(desk: Desk) -> dict[str, JobHandler]:
    async def tell(job: ClaimedJob) -> None:
        """Repeating it shows the same cards in the same places once more."""
        everybody = await authors(desk)
        async with desk.units() as unit:
            draft = await load_draft(unit, job.payload["draft"])
            proposed = draft.author_id is None and draft.open
            waits = draft.state is DraftState.REVIEW
            for person_id in everybody:
                mine = person_id == draft.author_id
                await show(unit, PROPOSAL_VIEW, draft.id, person_id, only_if_posted=not proposed)
                await show(unit, REVIEW_VIEW, asked(draft), person_id, only_if_posted=mine or not waits)
                await show(unit, DRAFT_VIEW, draft.id, person_id, only_if_posted=True)
            for person_id in _concerned(draft):
                if await desk.directory.person(person_id) is not None:
                    await show(unit, RESULT_VIEW, asked(draft), person_id)

    async def remind(job: ClaimedJob) -> None:
        async with desk.units() as unit:
            await show(unit, DUE_VIEW, job.payload["day"], job.payload["person"])

    return {TELL: tell, REMIND: remind}


def _concerned(draft: Draft) -> list[str]:
    """Who hears what became of a draft: its author and who proposed it, but for the one who decided."""
    decided = draft.state in (DraftState.PUBLISHED, DraftState.DISCARDED)
    returned = draft.state is DraftState.DRAFT and draft.comment is not None
    people = {draft.author_id} if decided or returned else set()
    people |= {draft.proposer_id} if decided else set()
    return sorted(one for one in people if one and one != draft.reviewer_id)


async def sweep_reviews(desk: Desk) -> int:
    """Have authors told which of their tips have to be reviewed, each author once. How many tips became due."""
    policy = desk.organisation.authoring
    people = await authors(desk)
    found = 0
    while people:
        async with desk.units() as unit:
            day = desk.organisation.day(unit.now)
            again = unit.now - policy.remind_every + timedelta(hours=12)  # a sweep may be a little early
            rows = await unit.db.execute(
                tips_due(policy.due_if_checked_by(day))
                .where(or_(TipRow.reminded_at.is_(None), TipRow.reminded_at < again))
                .limit(BITE)
            )
            due = [entry_of_tip(row) for row in rows]
            told = update(TipRow).where(TipRow.id.in_([one.id for one in due])).values(reminded_at=unit.now)
            await unit.db.execute(told)
            for person_id in sorted({who for one in due for who in _whose(one, people)}):
                payload = {"person": person_id, "day": day.isoformat()}
                await unit.enqueue(REMIND, payload, key=f"{REMIND}:{person_id}:{day}")
        found += len(due)
        if len(due) < BITE:
            break
    return found


async def due_for(unit: Unit, desk: Desk, person_id: str, limit: int) -> Sequence[Entry]:
    """The tips that wait longest for the review of this author: their own, and those of nobody who still writes."""
    others = [one for one in await authors(desk) if one != person_id]
    due_by = desk.organisation.authoring.due_if_checked_by(desk.organisation.day(unit.now))
    theirs = or_(TipRow.author_id.is_(None), TipRow.author_id.not_in(others))
    rows = await unit.db.execute(tips_due(due_by).where(theirs).limit(limit))
    return [entry_of_tip(row) for row in rows]


def _whose(entry: Entry, people: Sequence[str]) -> Sequence[str]:
    return [entry.who] if entry.who and entry.who in people else people
