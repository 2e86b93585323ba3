"""Webhook triggers for flows: subscribing, ending a subscription, and what an event carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.acting import check_choices
from connector.authentication import Caller
from connector.comments import shape_of as comment_of
from connector.operation import Answer, Call, Handler, Operation, Parameter, Trigger
from connector.shapes import webhooks as shapes
from connector.shapes.base import present
from connector.tickets import shape_of
from domain.api_keys.models import Scope
from domain.approvable import subjects
from domain.approvals.approval import Approval
from domain.desk import Desk
from domain.errors import Invalid
from domain.helpdesk.ticket import Message, Ticket
from domain.sites.request import SiteRequest
from domain.webhooks import actions
from domain.webhooks.actions import Subscribe
from domain.webhooks.rules import EventType

SCOPES: Mapping[str, Scope] = {
    "ticket": Scope.READ,
    "approval": Scope.APPROVALS_READ,
    "site": Scope.SITES_READ,
    "question": Scope.TIPS_READ,
}
"""What a connection needs besides `EVENTS`: to be allowed to read what the events are about."""


class ConnectorObjects:
    """Implements `domain.webhooks.ports.Objects`: the same shapes as the operations answer with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ticket(self, ticket: Ticket) -> Mapping[str, Any]:
        return await shape_of(self._desk, ticket)

    async def comment(self, message: Message) -> Mapping[str, Any]:
        return await comment_of(self._desk, message)

    async def approval(self, approval: Approval) -> Mapping[str, Any]:
        name, email = await self._who(approval.requester_id)
        decided = approval.decision
        by = (await self._who(decided.person_id))[0] if decided and decided.person_id else None
        return present(
            shapes.ApprovalAsked(
                id=approval.id,
                kind=approval.kind,
                subjectId=approval.subject_id,
                number=approval.number,
                title=approval.title,
                state=approval.state,
                requesterName=name,
                requesterEmail=email,
                approvers=await self._emails(approval.approver_ids),
                askedAt=approval.asked_at,
                dueAt=approval.due_at,
                decidedBy=by,
                decidedAt=decided.at if decided else None,
                comment=(decided.comment or None) if decided else None,
            )
        )

    async def site(self, request: SiteRequest) -> Mapping[str, Any]:
        stopped = request.failed_step
        return present(
            shapes.SiteAsked(
                id=request.id,
                number=request.number,
                name=request.name,
                siteType=request.scenario_id,
                team=request.team_id,
                state=request.state,
                owners=await self._emails(request.owner_ids),
                address=request.url,
                problem=f"{stopped.step}: {stopped.error}" if stopped else None,
                createdAt=request.created_at,
                finishedAt=request.finished_at,
            )
        )

    async def _who(self, person_id: str) -> tuple[str, str | None]:
        person = await self._desk.directory.person(person_id)
        return (person.name, person.email) if person else (person_id.removeprefix("flow:"), None)

    async def _emails(self, person_ids: tuple[str, ...]) -> list[str]:
        people = [await self._who(person_id) for person_id in person_ids]
        return [email for _, email in people if email is not None]


def subscribing_to(event: EventType) -> Handler[None, shapes.NewSubscription]:
    async def subscribe(desk: Desk, caller: Caller, call: Call[None, shapes.NewSubscription]) -> Answer:
        """Asking for the same again answers with the subscription that is there."""
        caller.check(SCOPES[event.about])
        wanted = call.body.filter()
        chosen = {name: wanted.get(name) for name in ("category", "scenario", "team")}
        await check_choices(desk, **chosen)
        if event.about == "approval" and wanted.get("kind") not in (None, *subjects(desk)):
            raise Invalid("Choose one of the list.", field="kind")
        command = Subscribe(event, call.body.callback_url, wanted)
        async with desk.units() as unit:
            made = await actions.subscribe(unit, caller.actor, command, desk.callbacks)
        body = shapes.Subscription(id=made.id, event=made.event, secret=made.secret)
        return Answer(body, location=f"/webhooks/{made.id}")

    return subscribe


async def unsubscribe(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
    """Doing so twice changes nothing."""
    async with desk.units() as unit:
        await actions.unsubscribe(unit, caller.actor, call.path["subscriptionId"])
    return Answer()


@dataclass(frozen=True, slots=True)
class Row:
    """What makes one trigger another than the rest. `when` completes "When …" and "This operation triggers when …"."""

    event: EventType
    id: str
    when: str
    hint: str
    body: type[shapes.NewSubscription]
    notification: type


_TICKET = shapes.TicketSubscription
_APPROVAL = shapes.ApprovalSubscription
_SITE = shapes.SiteSubscription

ROWS = (
    Row(
        EventType.TICKET_CREATED,
        "WhenATicketIsCreated",
        "a ticket is created",
        "Report something to the helpdesk in the chat.",
        _TICKET,
        shapes.TicketEvent,
    ),
    Row(
        EventType.TICKET_UPDATED,
        "WhenATicketIsUpdated",
        "a ticket is updated",
        "Change a ticket, such as its priority.",
        _TICKET,
        shapes.TicketEvent,
    ),
    Row(
        EventType.TICKET_COMMENTED,
        "WhenACommentIsAdded",
        "a comment is added to a ticket",
        "Answer a ticket, or reply to the helpdesk.",
        _TICKET,
        shapes.CommentEvent,
    ),
    Row(
        EventType.TICKET_ASSIGNED,
        "WhenATicketIsAssigned",
        "a ticket is assigned to an agent",
        "Take a ticket, or hand it over.",
        _TICKET,
        shapes.TicketEvent,
    ),
    Row(
        EventType.TICKET_AT_RISK,
        "WhenATicketIsAtRisk",
        "a service level of a ticket is at risk",
        "Leave a ticket until its target is near.",
        _TICKET,
        shapes.OverdueEvent,
    ),
    Row(
        EventType.TICKET_BREACHED,
        "WhenATicketIsBreached",
        "a service level of a ticket is breached",
        "Leave a ticket until its target has passed.",
        _TICKET,
        shapes.OverdueEvent,
    ),
    Row(
        EventType.TICKET_RESOLVED,
        "WhenATicketIsResolved",
        "a ticket is resolved",
        "Resolve a ticket.",
        _TICKET,
        shapes.TicketEvent,
    ),
    Row(
        EventType.TICKET_REOPENED,
        "WhenATicketIsReopened",
        "a ticket is reopened",
        "Open a ticket again that was resolved.",
        _TICKET,
        shapes.TicketEvent,
    ),
    Row(
        EventType.TICKET_RATED,
        "WhenATicketIsRated",
        "a ticket is rated by its requester",
        "Rate a ticket that was closed.",
        _TICKET,
        shapes.RatingEvent,
    ),
    Row(
        EventType.APPROVAL_ASKED,
        "WhenAnApprovalIsAsked",
        "an approval is asked of somebody",
        "Ask for a site.",
        _APPROVAL,
        shapes.ApprovalEvent,
    ),
    Row(
        EventType.APPROVAL_DECIDED,
        "WhenAnApprovalIsDecided",
        "an approval is decided or withdrawn",
        "Approve or refuse something.",
        _APPROVAL,
        shapes.ApprovalEvent,
    ),
    Row(
        EventType.SITE_PROVISIONED,
        "WhenASiteIsProvisioned",
        "a site is ready to use",
        "Approve a site, and wait until it is made.",
        _SITE,
        shapes.SiteEvent,
    ),
    Row(
        EventType.SITE_FAILED,
        "WhenASiteIsFailed",
        "the making of a site is stopped by a problem",
        "Wait until a site cannot be made.",
        _SITE,
        shapes.SiteEvent,
    ),
    Row(
        EventType.QUESTION_UNANSWERED,
        "WhenAQuestionIsUnanswered",
        "a question is left without an answer",
        "Ask something that no tip is about.",
        shapes.QuestionSubscription,
        shapes.QuestionEvent,
    ),
)

OPERATIONS: tuple[Operation[Any, Any], ...] = (
    *(
        Operation(
            id=row.id,
            method="POST",
            path="/webhooks/" + row.event.value.replace(".", "-").replace("_", "-"),
            summary=f"When {row.when}",
            description=f"This operation triggers when {row.when}.",
            scope=Scope.EVENTS,
            handler=subscribing_to(row.event),
            body=row.body,
            answer=shapes.Subscription,
            status=201,
            located=True,
            important=row.event in (EventType.TICKET_CREATED, EventType.APPROVAL_DECIDED),
            trigger=Trigger(row.hint, row.notification, f"What is sent when {row.when}."),
        )
        for row in ROWS
    ),
    Operation(
        id="EndSubscription",
        method="DELETE",
        path="/webhooks/{subscriptionId}",
        summary="End a subscription",
        description="Ends a subscription to events, so that nothing more is sent. Ending it twice changes nothing.",
        scope=Scope.EVENTS,
        handler=unsubscribe,
        parameters={"subscriptionId": Parameter("Subscription ID", "The key of the subscription.")},
        status=204,
        internal=True,
    ),
)
