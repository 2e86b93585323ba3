"""Turns what happens in the desk into events. Everything here runs in jobs, never in somebody's turn; and when nobody
subscribed to something, it costs one look.

The features do not know of webhooks: tickets have subscribers, and the others leave a job that says what happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.approvals.approval import Approval
from domain.approvals.models import ApprovalRow
from domain.approvals.reading import load as load_approval
from domain.approvals.stages import ASKED, ENDED
from domain.building.steps import OUTCOME
from domain.desk import Desk
from domain.helpdesk.actions import REPORT
from domain.helpdesk.changes import TicketChanged
from domain.helpdesk.reading import load_message, load_ticket
from domain.helpdesk.relations import watchers_of
from domain.helpdesk.rules import State, Step
from domain.helpdesk.ticket import Ticket
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.satisfaction.actions import RATED, rating_of
from domain.service_levels.rules import Level
from domain.sites.actions import find_request
from domain.sites.request import SiteState
from domain.tips.actions import UNANSWERED
from domain.tips.models import QuestionRow
from domain.unit import Unit
from domain.webhooks.announcing import Happened, announce, wanted
from domain.webhooks.ports import Objects
from domain.webhooks.rules import EventType

FIELDS: dict[str, tuple[str, ...]] = {
    "assignee_id": ("assigneeName", "assigneeEmail"),
    "group_id": ("group",),
    "parent_id": ("mainTicketId",),
    "merged_into_id": ("mergedIntoId",),
    "number": ("number",),
    "kind": ("kind",),
    "state": ("state",),
    "title": ("title",),
    "text": ("text",),
    "impact": ("impact",),
    "urgency": ("urgency",),
    "priority": ("priority",),
    "priority_reason": ("priorityReason",),
    "category": ("category",),
    "resolved_at": ("resolvedAt",),
    "closed_at": ("closedAt",),
    "major_since": ("majorSince",),
}
"""The columns of a ticket that a step changes, by their names in the connector."""
OVERDUE = {Level.AT_RISK: EventType.TICKET_AT_RISK, Level.BREACHED: EventType.TICKET_BREACHED}


def types_of(change: TicketChanged) -> Iterator[EventType]:
    """Which events one change of a ticket is."""
    if change.what == REPORT:
        yield EventType.TICKET_CREATED
    else:
        yield EventType.TICKET_UPDATED
    if change.message_id is not None:
        yield EventType.TICKET_COMMENTED
    if change.what in (Step.ASSIGN, Step.HAND_OVER) or "assignee_id" in change.changed:
        yield EventType.TICKET_ASSIGNED
    if change.to_state is State.RESOLVED and change.from_state is not State.RESOLVED:
        yield EventType.TICKET_RESOLVED
    if change.what == Step.REOPEN:
        yield EventType.TICKET_REOPENED


@dataclass(frozen=True, slots=True)
class Listener:
    """Hears of every change of a ticket, as a `domain.helpdesk.changes.Subscriber`."""

    objects: Objects

    async def __call__(self, unit: Unit, change: TicketChanged, ticket: Ticket) -> None:
        types = await wanted(unit, types_of(change))
        if not types:
            return
        about = await self.about(unit, ticket)
        about["objects"] = {"ticket": await self.objects.ticket(ticket)}
        if change.message_id is not None and EventType.TICKET_COMMENTED in types:
            said = await self.objects.comment(await load_message(unit, change.message_id))
        happened = [
            Happened(
                type=one,
                key=f"{one}:{ticket.id}:{change.version}",
                at=change.at,
                changed=[name for column in change.changed for name in FIELDS.get(column, ())],
                **(
                    {**about, "objects": {**about["objects"], "comment": said}}
                    if one is EventType.TICKET_COMMENTED
                    else about
                ),
            )
            for one in EventType
            if one in types
        ]
        await announce(unit, happened)

    async def overdue(self, unit: Unit, ticket: Ticket, measure: str, level: Level, job_id: str) -> None:
        """A clock of this ticket has come so far, as a `domain.service_levels.notify.Overdue`."""
        event = OVERDUE.get(level)
        if event is None or not await wanted(unit, [event]):
            return
        about = await self.about(unit, ticket)
        about["objects"] = {"ticket": await self.objects.ticket(ticket), "measure": measure}
        await announce(unit, [Happened(event, f"{event}:{job_id}", at=unit.now, **about)])

    async def about(self, unit: Unit, ticket: Ticket) -> dict[str, Any]:
        facts = {
            "kind": ticket.kind.value,
            "priority": ticket.priority.name.lower(),
            "category": ticket.category,
            "team": ticket.team_id,
        }
        people = {ticket.requester_id, *(await watchers_of(unit, ticket))}
        return {"subject": ticket.id, "facts": facts, "people": people}


def handlers(desk: Desk, objects: Objects) -> dict[str, JobHandler]:
    listener = Listener(objects)

    async def rated(job: ClaimedJob) -> None:
        async with desk.units() as unit:
            if not await wanted(unit, [EventType.TICKET_RATED]):
                return
            ticket = await load_ticket(unit, job.payload["ticket"])
            rating = await rating_of(unit, ticket.id, job.payload["person"])
            if rating is None:
                return
            about = await listener.about(unit, ticket)
            given = {"score": rating.score, "words": rating.words, "givenAt": rating.given_at}
            told = {"ticket": await objects.ticket(ticket), "rating": given}
            key = f"{EventType.TICKET_RATED}:{job.id}"
            at = rating.changed_at
            await announce(
                unit,
                [Happened(EventType.TICKET_RATED, key, at=at, objects=told, changed=["rating"], **about)],
            )

    async def asked(job: ClaimedJob) -> None:
        await approval_event(job, EventType.APPROVAL_ASKED, ["state", "approvers"])

    async def ended(job: ClaimedJob) -> None:
        await approval_event(job, EventType.APPROVAL_DECIDED, ["state", "decision"])

    async def approval_event(job: ClaimedJob, event: EventType, changed: list[str]) -> None:
        async with desk.units() as unit:
            if not await wanted(unit, [event]):
                return
            approval = await load_approval(unit, job.payload["approval"])
            columns = (ApprovalRow.team_id, ApprovalRow.attributes)
            row = (await unit.db.execute(select(*columns).where(ApprovalRow.id == approval.id))).one()
            scenario = (row.attributes or {}).get("scenario")
            happened = Happened(
                event,
                key=f"{event}:{job.id}",
                subject=approval.id,
                at=datetime.fromisoformat(job.payload["at"]),
                objects={"approval": await objects.approval(approval)},
                facts={
                    "kind": approval.kind,
                    "team": row.team_id,
                    "scenario": str(scenario) if scenario is not None else None,
                },
                people=concerned(approval),
                changed=changed,
            )
            await announce(unit, [happened])

    async def built(job: ClaimedJob) -> None:
        event = (
            EventType.SITE_PROVISIONED if job.payload["state"] == SiteState.READY else EventType.SITE_FAILED
        )
        async with desk.units() as unit:
            request = (
                await find_request(unit, job.payload["request"]) if await wanted(unit, [event]) else None
            )
            if request is None:
                return
            happened = Happened(
                event,
                key=f"{event}:{job.id}",
                subject=request.id,
                at=datetime.fromisoformat(job.payload["at"]),
                objects={"siteRequest": await objects.site(request)},
                facts={"scenario": request.scenario_id, "team": request.team_id},
                people={request.requester_id, *request.owner_ids},
                changed=["state"],
            )
            await announce(unit, [happened])

    async def unanswered(job: ClaimedJob) -> None:
        event = EventType.QUESTION_UNANSWERED
        async with desk.units() as unit:
            if not await wanted(unit, [event]):
                return
            wanted_row = select(QuestionRow).where(QuestionRow.id == job.payload["question"])
            row = (await unit.db.execute(wanted_row)).one_or_none()
            if row is None:
                return
            # Not who asked: what is missing is knowledge, and it is nobody's business who had not got it.
            question = {"id": row.id, "text": row.text, "language": row.language, "askedAt": row.at}
            happened = Happened(
                event,
                key=f"{event}:{row.id}",
                subject=row.id,
                at=row.at,
                objects={"question": question},
                facts={"language": row.language},
            )
            await announce(unit, [happened])

    return {RATED: rated, ASKED: asked, ENDED: ended, OUTCOME: built, UNANSWERED: unanswered}


def concerned(approval: Approval) -> set[str]:
    return {approval.requester_id, *approval.asked_ids}
