"""Telling people: a card when they are asked, and how it stands on every card that is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from domain.approvals.approval import Approval, ApprovalState
from domain.approvals.reading import load
from domain.approvals.stages import ASKED, ENDED
from domain.chats.actions import show
from domain.chats.shared import refresh_shared
from domain.desk import Desk
from domain.jobs.handling import NOTHING_HEARD, ClaimedJob, JobHandler, nobody_hears
from domain.unit import Unit

TELL = "approvals.tell"
"""Job kind: payload `{approval: id}`."""
SETTLE = "approvals.settle"
"""Job kind: payload `{approval: id}`. The policy approved it by itself: its subject hears of it."""
REMIND = "approvals.remind"
"""Job kind: payload `{person: id, day: ISO date}`."""
VIEW = "approval.approver"
"""For who decides, or could have."""
REQUESTER_VIEW = "approval.requester"
SHARED_VIEW = "approval.shared"
"""For everybody in a channel in which somebody showed it."""
REMINDER_VIEW = "approval.reminder"
"""What waits for a person; its subject is the day on which they were reminded."""


async def refresh_cards(unit: Unit, approval_id: str) -> None:
    """Have the cards follow: something changed in the approval or in what it is about."""
    await unit.enqueue(TELL, {"approval": approval_id})


async def settle_later(unit: Unit, approval_id: str) -> None:
    await unit.enqueue(SETTLE, {"approval": approval_id})


async def remind_later(unit: Unit, desk: Desk, people: Sequence[str]) -> None:
    """Remind these people of all that waits for them: once a day, however many approvals call for it."""
    day = unit.now.astimezone(desk.organisation.calendar.zone).date().isoformat()
    for person_id in people:
        await unit.enqueue(REMIND, {"person": person_id, "day": day}, key=f"{REMIND}:{person_id}:{day}")


def post_subject(approval_id: str, round: int) -> str:  # noqa: A002
    """What a card about an approval is found by. Sent again after a change, it is asked in a new card."""
    return approval_id if round == 1 else f"{approval_id}:{round}"


def posts_of(approval: Approval, person_id: str) -> list[str]:
    """What the cards of this person are found by, the newest last: who is asked again in a later stage is told so by
    a new card, as a card far up in a chat that changes is seen by nobody."""
    posts = [post_subject(approval.id, number) for number in range(1, approval.round + 1)]
    stages = sorted({(one.round, one.stage) for one in approval.seats if one.person_id == person_id})
    again = [
        f"{approval.id}:{later[0]}.{later[1]}"
        for earlier, later in pairwise(stages)
        if earlier[0] == later[0] == approval.round
    ]
    return posts + again


def handlers(
    desk: Desk,
    receipts: Mapping[str, str] | None = None,
    heard: Mapping[str, JobHandler] = NOTHING_HEARD,
) -> dict[str, JobHandler]:
    """`receipts` are the views of the requester's own card about a subject, by kind: it says who decides too. `heard`
    has whoever wants to hear that something was asked or has ended."""

    async def tell(job: ClaimedJob) -> None:
        """A card for each person whose decision it waits for; other cards that stand are brought up to date."""
        async with desk.units() as unit:
            approval = await load(unit, job.payload["approval"])
            for person_id in sorted({seat.person_id for seat in approval.seats}):
                if await desk.directory.person(person_id) is not None:
                    asked = approval.pending and person_id in approval.approver_ids
                    await _show(unit, VIEW, approval, person_id, new=asked)
            if await desk.directory.person(approval.requester_id) is not None:
                back = approval.state is ApprovalState.SENT_BACK
                await _show(unit, REQUESTER_VIEW, approval, approval.requester_id, new=back)
            await refresh_shared(unit, SHARED_VIEW, approval.id)
            if receipt := (receipts or {}).get(approval.kind):
                await show(unit, receipt, approval.subject_id, approval.requester_id, only_if_posted=True)

    async def remind(job: ClaimedJob) -> None:
        if await desk.directory.person(job.payload["person"]) is not None:
            async with desk.units() as unit:
                await show(unit, REMINDER_VIEW, job.payload["day"], job.payload["person"])

    return {TELL: tell, REMIND: remind, **{what: heard.get(what, nobody_hears) for what in (ASKED, ENDED)}}


async def _show(unit: Unit, view: str, approval: Approval, person_id: str, *, new: bool) -> None:
    *earlier, newest = posts_of(approval, person_id)
    for post in earlier:
        await show(unit, view, post, person_id, only_if_posted=True)
    await show(unit, view, newest, person_id, only_if_posted=not new)
