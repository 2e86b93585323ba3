"""Sites: the form, the receipt that follows the request, and the operator's second try."""

from __future__ import annotations

from bot.turn import Card, Feature, Reply, Turn
from cards import sites as cards
from domain.approvals.actions import approval_of
from domain.desk import Desk
from domain.errors import Conflict, NotFound
from domain.intents.models import Intent
from domain.people.models import Person
from domain.people.names import names_of
from domain.sites import rules
from domain.sites.actions import RequestSite, access_request, request_site
from domain.sites.errors import InvalidRequest
from domain.sites.order import planned_steps, scenario_of
from domain.sites.prefill import prefill
from domain.sites.request import SiteRequest
from domain.sites.steps import KIND, REQUESTER_VIEW, RESULT_VIEW
from domain.tables import is_id, new_id
from domain.unit import Unit
from locales import Translator, translator

CHOICES = 100
"""How many colleagues the owner is chosen from: more do not fit in a card."""


async def form(turn: Turn) -> Reply:
    """An empty form, or one prefilled from what was typed."""
    read = prefill(turn.text or turn.field("text"), turn.desk.organisation.scenarios)
    values = cards.SiteForm(new_id(), scenario_id=read.scenario_id, name=read.name, owner=turn.person.id)
    return Reply(await _form(turn.desk, turn.person, turn.t, values))


async def submit(turn: Turn) -> Reply:
    """The receipt, or the form again with what is wrong at its place."""
    command = RequestSite(
        scenario_id=turn.field("scenario"),
        name=turn.field("name"),
        purpose=turn.field("purpose"),
        owner=turn.field("owner"),
        members=turn.field("members"),
    )
    form_id = turn.field("form")
    key = form_id if is_id(form_id) else turn.key
    try:
        async with turn.desk.units() as unit:
            request = await request_site(unit, turn.desk, turn.person, command, key)
            receipt = cards.requester(turn.t, await face_of(unit, turn.desk, request))
        return Reply(receipt, view=REQUESTER_VIEW, subject=request.id)
    except InvalidRequest as error:
        problems = {problem.field or "": turn.t.error(problem) for problem in reversed(error.problems)}
    except Conflict as error:
        if error.field != "name":
            raise
        problems = {"name": turn.t.error(error)}
    values = cards.SiteForm(
        form_id=new_id() if not is_id(form_id) else form_id,
        scenario_id=command.scenario_id,
        name=command.name,
        purpose=command.purpose,
        owner=command.owner,
        members=command.members,
        problems=problems,
    )
    return Reply(await _form(turn.desk, turn.person, turn.t, values))


async def open_request(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        request = await access_request(unit, turn.actor, turn.field("id"))
        card = cards.requester(turn.t, await face_of(unit, turn.desk, request))
    if request.requester_id != turn.person.id:
        return Reply(card)
    return Reply(card, view=REQUESTER_VIEW, subject=request.id)


async def face_of(unit: Unit, desk: Desk, request: SiteRequest) -> cards.SiteFace:
    """A request with all its cards need, for a caller that has access to it already."""
    scenario = scenario_of(desk, request)
    approval = await approval_of(unit, KIND, request.id)
    decided_by = [approval.decision.person_id] if approval.decision else []
    mentioned = [
        request.requester_id,
        *request.owner_ids,
        *request.member_ids,
        *approval.approver_ids,
        *decided_by,
    ]
    planned = [step.step for step in request.steps] or planned_steps(desk, request)
    return cards.SiteFace(request, scenario, approval, planned, await names_of(desk.directory, mentioned))


async def show_requester(unit: Unit, desk: Desk, person: Person, request_id: str) -> Card | None:
    request = await _seen(unit, person, request_id)
    if request is None:
        return None
    return cards.requester(translator(person.language), await face_of(unit, desk, request))


async def show_result(unit: Unit, desk: Desk, person: Person, request_id: str) -> Card | None:
    request = await _seen(unit, person, request_id)
    return cards.result(translator(person.language), await face_of(unit, desk, request)) if request else None


async def _seen(unit: Unit, person: Person, request_id: str) -> SiteRequest | None:
    try:
        return await access_request(unit, person.as_actor(), request_id)
    except NotFound:
        return None


async def _form(desk: Desk, person: Person, t: Translator, values: cards.SiteForm) -> Card:
    team = await desk.directory.team(person.team_id)
    others = [one for one in await desk.directory.team_members(person.team_id) if one.id != person.id]
    colleagues = [(one.id, one.name) for one in (person, *others[:CHOICES])]
    scenarios = desk.organisation.scenarios
    after_track = frozenset(
        scenario.id
        for scenario in scenarios
        if rules.scenario_problem(scenario, team, information_manager="")
    )
    return cards.form(t, values, scenarios, colleagues, after_track)


FEATURE = Feature(
    name="sites",
    verbs={
        "sites.form": form,
        "sites.submit": submit,
        "sites.open": open_request,
    },
    intents={Intent.SITE: form},
    views={
        REQUESTER_VIEW: show_requester,
        RESULT_VIEW: show_result,
    },
)
