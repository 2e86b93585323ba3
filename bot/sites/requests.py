"""Asking for a site: the questions, the advice, the form, and the receipt that follows the request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.sites.form import answers_of, command_of, show_form, values_of
from bot.turn import NOTHING, Card, Feature, Reply, Turn, own_chat_only
from cards.sites import form as forms
from cards.sites import guide as guides
from cards.sites import requests as cards
from domain.approvable import subjects
from domain.approvals.actions import approval_of
from domain.approvals.approval import Event
from domain.building.steps import KIND, REQUESTER_VIEW, RESULT_VIEW
from domain.desk import Desk
from domain.errors import Conflict, NotFound
from domain.intents.models import Intent
from domain.people.models import Person
from domain.people.names import names_of
from domain.sites import advice, rules
from domain.sites.actions import (
    NUMBER,
    access_own_request,
    access_request,
    asked_before,
    request_site,
    send_again,
    withdraw_request,
)
from domain.sites.checking import RequestSite, check_request, check_twin
from domain.sites.errors import InvalidRequest
from domain.sites.names import check_name
from domain.sites.order import libraries_of, planned_steps, scenario_of
from domain.sites.people import information_managers
from domain.sites.policy import Question
from domain.sites.prefill import prefill
from domain.sites.register import find_site
from domain.sites.request import SiteRequest, SiteState
from domain.tables import is_id, new_id
from domain.unit import Unit
from locales import translator


async def guide(turn: Turn) -> Reply:
    """The questions, with what the message says already, or what was answered before."""
    city = turn.desk.organisation
    read = prefill(turn.text or turn.field("text"), city.scenarios)
    if not city.advice:
        return await show_form(turn, values_of(turn), city.scenarios[0].id)
    answers = advice.likely_answers(city.advice, read.scenario_id) | answers_of(turn)
    return Reply(guides.questions(turn.t, answers, name=turn.field("name") or read.name))


async def advise(turn: Turn) -> Reply:
    """What fits; the questions again when one was not answered."""
    answers = answers_of(turn)
    if advice.advise(turn.desk.organisation.advice, answers) is None:
        return Reply(guides.questions(turn.t, answers, name=turn.field("name"), missing=True))
    return Reply(guides.advice(turn.t, await _advice(turn, answers)))


async def choose(turn: Turn) -> Reply:
    """Another kind than was advised, with a reason: the form, or the advice again with what is missing."""
    wanted, reason, answers = turn.field("scenario"), turn.field("reason"), answers_of(turn)
    advised = advice.advise(turn.desk.organisation.advice, answers)
    if advised is None:
        return await advise(turn)
    problems = {}
    if wanted not in {scenario.id for scenario in turn.desk.organisation.scenarios}:
        problems["scenario"] = turn.t("Choose what kind of site you need.")
    elif problem := advice.reason_problem(wanted, advised, reason):
        problems["reason"] = turn.t.error(problem)
    if not problems:
        return await show_form(turn, values_of(turn), wanted)
    face = replace(await _advice(turn, answers), wanted=wanted, reason=reason, problems=problems)
    return Reply(guides.advice(turn.t, face))


async def fill(turn: Turn) -> Reply:
    """The form for the kind that was advised; its name goes along from the message."""
    wanted = turn.field("scenario")
    if advice.advise(turn.desk.organisation.advice, answers_of(turn)) != wanted:
        return await advise(turn)
    return await show_form(turn, values_of(turn), wanted)


async def submit(turn: Turn) -> Reply:
    """The receipt, or the form again with what is wrong at its place."""
    command, form_id = command_of(turn), turn.field("form")
    key = form_id if is_id(form_id) else turn.key
    try:
        async with turn.desk.units.read() as unit:
            request = await asked_before(unit, turn.person, key)
            alias = "" if request else await _check(turn, unit, command)
        known = request is not None or await check_name(turn.desk.site_names, alias)
        async with turn.desk.units() as unit:
            request = request or await request_site(unit, turn.desk, turn.person, command, key)
            await turn.keep(unit, REQUESTER_VIEW, request.id)
            receipt = cards.requester(turn.t, await face_of(unit, turn.desk, request), unchecked=not known)
        return Reply(receipt, view=REQUESTER_VIEW, subject=request.id)
    except (InvalidRequest, Conflict) as error:
        return await _again(turn, command, error)


async def resend(turn: Turn) -> Reply:
    """A request that came back, sent again; or the form again with what is wrong at its place."""
    command, request_id = command_of(turn), turn.field("request")
    key = turn.field("form") if is_id(turn.field("form")) else turn.key
    async with turn.desk.units.read() as unit:
        request = await access_own_request(unit, turn.actor, request_id)
    if request.state is not SiteState.SENT_BACK:
        return await _receipt(turn, request)
    try:
        async with turn.desk.units.read() as unit:
            alias = await _check(turn, unit, command, request_id)
        known = alias == request.alias or await check_name(turn.desk.site_names, alias)
        async with turn.desk.units() as unit:
            request = await send_again(unit, turn.desk, turn.person, request_id, command, key)
            await turn.keep(unit, REQUESTER_VIEW, request.id)
            receipt = cards.requester(turn.t, await face_of(unit, turn.desk, request), unchecked=not known)
        return Reply(receipt, view=REQUESTER_VIEW, subject=request.id)
    except (InvalidRequest, Conflict) as error:
        return await _again(turn, command, error)


async def edit(turn: Turn) -> Reply:
    """The form of a request that came back, as it was sent, with what an approver asked to change."""
    async with turn.desk.units.read() as unit:
        request = await access_own_request(unit, turn.actor, turn.field("id"))
        approval = await approval_of(unit, KIND, request.id)
    if request.state is not SiteState.SENT_BACK:
        return await _receipt(turn, request)
    names = await names_of(turn.desk.directory, [*request.owner_ids, *request.member_ids])
    comments = [line.comment for line in approval.log if line.event is Event.SENT_BACK]
    values = forms.SiteForm(
        form_id=new_id(),
        name=request.name,
        purpose=request.purpose,
        owner=request.owner_ids[0],
        second_owner=", ".join(names[owner] for owner in request.owner_ids[1:]),
        members=", ".join(names[member] for member in request.member_ids),
        guests=", ".join(request.guests),
        hub=request.hub_id or "",
        language=request.language,
        libraries=",".join(request.library_ids),
        retention_label=request.retention_label or "",
        end_date=request.end_date.isoformat() if request.end_date else "",
        answers=request.answers,
        reason=request.scenario_reason,
        request_id=request.id,
        comment=comments[-1] if comments else "",
    )
    return await show_form(turn, values, request.scenario_id)


async def withdraw(turn: Turn) -> Reply:
    """The receipt as it stands after it: also when somebody decided first."""
    async with turn.desk.units() as unit:
        request = await withdraw_request(unit, turn.actor, turn.field("id"), subjects(turn.desk))
        await turn.keep(unit, REQUESTER_VIEW, request.id)
        receipt = cards.requester(turn.t, await face_of(unit, turn.desk, request))
    return Reply(receipt, view=REQUESTER_VIEW, subject=request.id)


async def open_request(turn: Turn) -> Reply:
    return await _opened(turn, turn.field("id"))


async def claims(turn: Turn) -> Reply:
    """The number of a request opens it, unless what is said with it surely is about something else."""
    named, guess = NUMBER.search(turn.text.upper()), turn.guess
    if named is None:
        return NOTHING
    alone = NUMBER.fullmatch(turn.text.strip(" .?!").upper()) is not None
    asks = alone or (guess is not None and guess.first is Intent.MY_ITEMS)
    if not asks and (guess is None or guess.sure):
        return NOTHING
    try:
        return await _opened(turn, named[0])
    except NotFound:
        if asks:
            raise
        return NOTHING  # in a story a number may be anything


@own_chat_only
async def _opened(turn: Turn, id_or_number: str) -> Reply:
    async with turn.desk.units.read() as unit:
        request = await access_request(unit, turn.actor, id_or_number)
    return await _receipt(turn, request)


async def face_of(unit: Unit, desk: Desk, request: SiteRequest) -> cards.SiteFace:
    """A request with all its cards need, for a caller that has access to it already."""
    approval = await approval_of(unit, KIND, request.id)
    hub = await find_site(unit, request.hub_id) if request.hub_id else None
    mentioned = [
        request.requester_id,
        *request.owner_ids,
        *request.member_ids,
        *approval.approver_ids,
        *([approval.decision.person_id] if approval.decision else []),
        *(line.person_id for line in approval.log),
    ]
    advised = [one for one in desk.organisation.scenarios if one.id == request.advised_id]
    return cards.SiteFace(
        request,
        scenario_of(desk, request),
        approval,
        [step.step for step in request.steps] or planned_steps(desk, request),
        await names_of(desk.directory, mentioned),
        advised=advised[0] if advised else None,
        libraries=libraries_of(desk, request),
        hub=hub.name if hub else "",
    )


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


async def _receipt(turn: Turn, request: SiteRequest) -> Reply:
    async with turn.desk.units.read() as unit:
        card = cards.requester(turn.t, await face_of(unit, turn.desk, request))
    if request.requester_id != turn.person.id:
        return Reply(card)
    return Reply(card, view=REQUESTER_VIEW, subject=request.id)


async def _check(turn: Turn, unit: Unit, command: RequestSite, request_id: str | None = None) -> str:
    """The address it gets. Raises what is wrong with it."""
    checked = await check_request(unit, turn.desk, turn.person, command)
    await check_twin(unit, turn.person, checked.alias, but=request_id)
    return checked.alias


async def _again(turn: Turn, command: RequestSite, error: InvalidRequest | Conflict) -> Reply:
    """The form with what was typed. Raises the error when it is about nothing in the form."""
    if isinstance(error, InvalidRequest):
        problems = turn.t.problems(error)
    elif error.field == "name":
        problems = {"name": turn.t.error(error)}
    else:
        raise error
    if command.scenario_id not in {scenario.id for scenario in turn.desk.organisation.scenarios}:
        return await guide(turn)
    return await show_form(turn, replace(values_of(turn), problems=problems), command.scenario_id)


async def _advice(turn: Turn, answers: Mapping[Question, str]) -> guides.Advice:
    city = turn.desk.organisation
    advised = city.scenario(advice.advise(city.advice, answers) or "")
    team = await turn.desk.directory.team(turn.person.team_id)
    after_track = frozenset(
        scenario.id
        for scenario in city.scenarios
        if rules.scenario_problem(scenario, team, information_manager="")
    )
    return guides.Advice(
        answers=answers,
        advised=advised,
        scenarios=city.scenarios,
        after_track=after_track,
        talk_to=await information_managers(turn.desk, turn.person.team_id),
        cautions=advice.cautions(advised, advised, answers),
        name=turn.field("name"),
    )


FEATURE = Feature(
    name="sites",
    verbs={
        "sites.form": guide,
        "sites.advise": advise,
        "sites.choose": choose,
        "sites.fill": fill,
        "sites.submit": submit,
        "sites.send_again": resend,
        "sites.edit": edit,
        "sites.withdraw": withdraw,
        "sites.open": open_request,
    },
    intents={Intent.SITE: guide},
    views={
        REQUESTER_VIEW: show_requester,
        RESULT_VIEW: show_result,
    },
    claims=claims,
)
