"""What waits for somebody's decision, and deciding it."""

from __future__ import annotations

from connector.acting import key_of, named, person_of
from connector.authentication import Caller
from connector.operation import Answer, Call, Operation, Parameter
from connector.shapes import approvals as shapes
from connector.shapes.base import present
from connector.shapes.webhooks import ApprovalAsked
from connector.webhooks import ConnectorObjects
from domain.api_keys.models import Scope
from domain.approvable import subjects
from domain.approvals.actions import Decide, Decided, approve, refuse, send_back
from domain.approvals.approval import Approval
from domain.approvals.reading import access_approval, checked_id, load, load_all, waiting_for
from domain.desk import Desk
from domain.errors import Conflict, NotFound
from domain.unit import Unit

APPROVAL = {"approvalId": Parameter("Approval ID", "The key of the approval.")}
_ACTIONS = {
    shapes.Outcome.APPROVE: approve,
    shapes.Outcome.REFUSE: refuse,
    shapes.Outcome.SEND_BACK: send_back,
}


async def waiting(desk: Desk, caller: Caller, call: Call[shapes.WaitingFor, None]) -> Answer:
    """What waits for the person of the connection, or for a colleague."""
    wanted = call.query
    person = await person_of(desk, caller, wanted.on_behalf_of)
    with named(cursor="$skiptoken"):
        async with desk.units.read() as unit:
            page = await waiting_for(unit, person.as_actor(), limit=wanted.top, cursor=wanted.skiptoken)
    value = [await ConnectorObjects(desk).approval(approval) for approval in page.approvals]
    return Answer(present({"value": value, "nextLink": call.next_link(page.next_cursor)}))


async def get(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
    """A flow sees every approval, a person those they asked for or were asked."""
    async with desk.units.read() as unit:
        if caller.actor.is_flow:
            found = await load_all(unit, [checked_id(call.path["approvalId"])])
            if not found:
                raise NotFound("This approval is not there.")
            approval = found[0]
        else:
            approval = await access_approval(unit, caller.actor, call.path["approvalId"])
    return Answer(await ConnectorObjects(desk).approval(approval))


async def decide(desk: Desk, caller: Caller, call: Call[None, shapes.Decision]) -> Answer:
    person = await person_of(desk, caller, call.body.on_behalf_of)
    async with desk.units() as unit:
        approval_id = checked_id(call.path["approvalId"])
        seen = await access_approval(unit, person.as_actor(), approval_id)
        approval = await decide_on(unit, desk, caller, call, seen)
    return Answer(await ConnectorObjects(desk).approval(approval))


async def decide_on(
    unit: Unit, desk: Desk, caller: Caller, call: Call[None, shapes.Decision], seen: Approval
) -> Approval:
    """The approval after the decision. Raises `Conflict` when somebody was first."""
    wanted = call.body
    person = await person_of(desk, caller, wanted.on_behalf_of)
    key = key_of("decide", call.key, wanted.external_id)
    if await unit.once(caller.actor.id, key, (seen.id, wanted), seen.id) is not None:
        return await load(unit, seen.id)
    command = Decide(seen.id, wanted.comment, wanted.round or seen.round)
    decided: Decided = await _ACTIONS[wanted.decision](unit, desk, person.as_actor(), command, subjects(desk))
    if not decided.first:
        raise Conflict("Somebody was first. This is how it stands.", field="decision")
    return decided.approval


OPERATIONS = (
    Operation(
        id="ListApprovals",
        method="GET",
        path="/approvals",
        summary="List waiting approvals",
        description="Gets what waits for the decision of a person, the longest waiting first.",
        scope=Scope.APPROVALS_READ,
        handler=waiting,
        query=shapes.WaitingFor,
        answer=shapes.ApprovalPage,
        pageable=True,
    ),
    Operation(
        id="GetApproval",
        method="GET",
        path="/approvals/{approvalId}",
        summary="Get an approval",
        description="Gets one approval: what it is about, whom it waits for, and how it ended.",
        scope=Scope.APPROVALS_READ,
        handler=get,
        parameters=APPROVAL,
        answer=ApprovalAsked,
    ),
    Operation(
        id="DecideApproval",
        method="POST",
        path="/approvals/{approvalId}/decision",
        summary="Decide an approval",
        description="Approves or refuses what waits for a person, or asks the requester for a change.",
        scope=Scope.APPROVALS_DECIDE,
        handler=decide,
        parameters=APPROVAL,
        body=shapes.Decision,
        answer=ApprovalAsked,
        important=True,
    ),
)
