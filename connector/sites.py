"""Sites for flows: asking, looking, deciding, withdrawing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from connector.acting import colleague, key_of, named, person_of
from connector.approvals import decide_on
from connector.authentication import Caller
from connector.operation import Answer, Call, Operation, Parameter
from connector.shapes import sites as shapes
from connector.shapes.approvals import Decision
from connector.shapes.base import present
from connector.shapes.catalogue import FormSchema
from connector.shapes.webhooks import SiteAsked
from connector.site_form import FIELDS, form_of, read_details
from connector.webhooks import ConnectorObjects
from domain.actor import Actor, Role
from domain.api_keys.models import Scope
from domain.approvable import subjects
from domain.approvals.reading import access_approval, approval_of
from domain.building.steps import KIND
from domain.desk import Desk
from domain.errors import NotFound
from domain.sites.actions import access_request, find_request, list_requests, request_site, withdraw_request
from domain.sites.checking import RequestSite
from locales import translator

IN_DETAILS = {field: f"details.{name}" for name, field in FIELDS.items()}
REQUEST = {"siteRequestId": Parameter("Site Request ID", "The key or the number of the request.")}


def governing(caller: Caller) -> Actor:
    """A flow with the scope to read sites reads them all; a person what they may see."""
    actor = caller.actor
    return replace(actor, roles=actor.roles | {Role.INFORMATION_MANAGER}) if actor.is_flow else actor


async def ask(desk: Desk, caller: Caller, call: Call[None, shapes.NewSiteRequest]) -> Answer:
    """The request, which has to be approved and then built. The first one when the key was used before for the same."""
    wanted = call.body
    requester = await person_of(desk, caller, wanted.on_behalf_of)
    key = key_of("site", call.key, wanted.external_id)
    details = read_details(wanted.details)
    command = RequestSite(
        scenario_id=wanted.site_type,
        name=wanted.name,
        purpose=wanted.purpose,
        owner=wanted.owner or requester.id,
        second_owner=wanted.second_owner,
        **details,
    )
    with named(scenario="siteType", second_owner="secondOwner", **IN_DETAILS):
        async with desk.units() as unit:
            await unit.once(caller.actor.id, f"{key}:asked", (requester.id, command), requester.id)
            request = await request_site(unit, desk, requester, command, f"{caller.actor.id}:{key}")
    return Answer(await ConnectorObjects(desk).site(request), location=f"/sites/requests/{request.id}")


async def get(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
    async with desk.units.read() as unit:
        request = await access_request(unit, governing(caller), call.path["siteRequestId"])
    return Answer(await ConnectorObjects(desk).site(request))


async def find(desk: Desk, caller: Caller, call: Call[shapes.SiteFilter, None]) -> Answer:
    wanted = call.query
    requester = await colleague(desk, wanted.requester, "requester") if wanted.requester else None
    with named(cursor="$skiptoken"):
        async with desk.units.read() as unit:
            page = await list_requests(
                unit,
                governing(caller),
                state=wanted.state,
                requester_id=requester.id if requester else None,
                limit=wanted.top,
                cursor=wanted.skiptoken,
            )
    value = [await ConnectorObjects(desk).site(request) for request in page.requests]
    return Answer(present({"value": value, "nextLink": call.next_link(page.next_cursor)}))


async def decide(desk: Desk, caller: Caller, call: Call[None, Decision]) -> Answer:
    """As deciding its approval."""
    person = await person_of(desk, caller, call.body.on_behalf_of)
    async with desk.units() as unit:
        request = await access_request(unit, person.as_actor(), call.path["siteRequestId"])
        approval = await approval_of(unit, KIND, request.id)
        await access_approval(unit, person.as_actor(), approval.id)
        await decide_on(unit, desk, caller, call, approval)
        decided = await find_request(unit, request.id)
    return Answer(await ConnectorObjects(desk).site(decided or request))


async def withdraw(desk: Desk, caller: Caller, call: Call[None, shapes.Withdrawal]) -> Answer:
    """By who asked for it; when it was decided meanwhile, that stands. Doing so twice changes nothing."""
    person = await person_of(desk, caller, call.body.on_behalf_of)
    key = key_of("withdraw", call.key, call.body.external_id)
    async with desk.units() as unit:
        request = await withdraw_request(unit, person.as_actor(), call.path["siteRequestId"], subjects(desk))
        await unit.once(caller.actor.id, key, (request.id, person.id), request.id)
    return Answer(await ConnectorObjects(desk).site(request))


async def form(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
    scenario = next((one for one in desk.organisation.scenarios if one.id == call.path["siteType"]), None)
    if scenario is None:
        raise NotFound("There is no such type of site.", field="siteType")
    schema: dict[str, Any] = form_of(scenario, desk.organisation, translator(call.language))
    return Answer(FormSchema(schema=schema))


OPERATIONS = (
    Operation(
        id="RequestSite",
        method="POST",
        path="/sites/requests",
        summary="Ask for a site",
        description="Asks for a site for a team. It is built after somebody has approved it, which takes its time.",
        scope=Scope.SITES_WRITE,
        handler=ask,
        body=shapes.NewSiteRequest,
        answer=SiteAsked,
        status=202,
        located=True,
        important=True,
    ),
    Operation(
        id="ListSiteRequests",
        method="GET",
        path="/sites/requests",
        summary="List site requests",
        description="Gets the sites that were asked for, the newest first.",
        scope=Scope.SITES_READ,
        handler=find,
        query=shapes.SiteFilter,
        answer=shapes.SiteRequestPage,
        pageable=True,
    ),
    Operation(
        id="GetSiteRequest",
        method="GET",
        path="/sites/requests/{siteRequestId}",
        summary="Get a site request",
        description="Gets one request: where it stands, and the address of the site once it is there.",
        scope=Scope.SITES_READ,
        handler=get,
        parameters=REQUEST,
        answer=SiteAsked,
    ),
    Operation(
        id="DecideSiteRequest",
        method="POST",
        path="/sites/requests/{siteRequestId}/decision",
        summary="Decide a site request",
        description="Approves or refuses a site that was asked for, or asks the requester for a change.",
        scope=Scope.APPROVALS_DECIDE,
        handler=decide,
        parameters=REQUEST,
        body=Decision,
        answer=SiteAsked,
    ),
    Operation(
        id="WithdrawSiteRequest",
        method="POST",
        path="/sites/requests/{siteRequestId}/withdrawal",
        summary="Withdraw a site request",
        description="Takes back a site that was asked for, as its requester.",
        scope=Scope.SITES_WRITE,
        handler=withdraw,
        parameters=REQUEST,
        body=shapes.Withdrawal,
        answer=SiteAsked,
    ),
    Operation(
        id="GetSiteTypeForm",
        method="GET",
        path="/sites/types/{siteType}/schema",
        summary="Get the form of a site type",
        description="Gets what else can be filled in for a site of this type.",
        scope=Scope.SITES_READ,
        handler=form,
        parameters={"siteType": Parameter("Site Type", "The type of the site.", shapes.SITE_TYPES)},
        answer=FormSchema,
        internal=True,
    ),
)
