"""What somebody typed to ask for a site, and everything that may be wrong with it, each at its own field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select, text

from domain.desk import Desk
from domain.errors import Conflict, Invalid
from domain.people.models import Person
from domain.sites import advice, lifecycle, rules
from domain.sites.errors import InvalidRequest
from domain.sites.models import HOLDS_ADDRESS, SiteRequestRow
from domain.sites.people import entries, find_owners, find_people, information_managers
from domain.sites.policy import Question, Scenario
from domain.sites.register import hub_ids
from domain.unit import Unit

LANGUAGES = ("nl", "fr", "en")
"""A site can have."""


@dataclass(frozen=True, slots=True)
class RequestSite:
    """As typed. `owner` is a person's id, or a name or address, and `second_owner` too; `members` are names and
    addresses between commas, `guests` addresses of people outside the city. `libraries` are ids of templates between
    commas, `hub` the id of a site, `retention_label` a label's name and `end_date` ISO; all of these may be empty.
    `answers` are to the questions beforehand, and `reason` is why not the scenario that was advised on them."""

    scenario_id: str
    name: str
    purpose: str
    owner: str
    members: str = ""
    second_owner: str = ""
    guests: str = ""
    hub: str = ""
    language: str = "nl"
    libraries: str = ""
    retention_label: str = ""
    end_date: str = ""
    answers: Mapping[Question, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """What it comes down to: everything known and allowed."""

    scenario: Scenario
    name: str
    alias: str
    purpose: str
    owner_ids: tuple[str, ...]
    member_ids: tuple[str, ...]
    guests: tuple[str, ...]
    hub_id: str | None
    language: str
    library_ids: tuple[str, ...]
    retention_label: str | None
    end_date: date | None
    answers: Mapping[Question, str]
    advised_id: str | None
    reason: str


async def check_request(unit: Unit, desk: Desk, requester: Person, command: RequestSite) -> CheckedRequest:
    """Raises `InvalidRequest` with every problem."""
    city = desk.organisation
    scenario = next((s for s in city.scenarios if s.id == command.scenario_id.strip()), None)
    if scenario is None:
        raise InvalidRequest([Invalid("Choose what kind of site you need.", field="scenario")])
    name, purpose, reason = " ".join(command.name.split()), command.purpose.strip(), command.reason.strip()
    typed = (command.owner.strip(), command.second_owner.strip())
    owners, unclear_owners = await find_owners(desk.directory, city.domain, *typed)
    members = await find_people(desk.directory, city.domain, entries(command.members))
    outsiders = await find_people(desk.directory, city.domain, entries(command.guests))
    owner_ids = tuple(owner.id for owner in owners)
    member_ids = tuple(person.id for person in members.people if person.id not in owner_ids)
    guests = tuple(dict.fromkeys((*members.guests, *outsiders.guests)))
    libraries = tuple(dict.fromkeys(one for part in command.libraries.split(",") if (one := part.strip())))
    advised_id = advice.advise(city.advice, command.answers)
    today = desk.organisation.day(unit.now)
    problems = [
        rules.scenario_problem(
            scenario, await desk.directory.team(requester.team_id), await whom_to_talk_to(desk, requester)
        ),
        advice.reason_problem(scenario.id, advised_id, reason),
        rules.name_problem(scenario, city.naming, name),
        rules.purpose_problem(purpose),
        *unclear_owners,
        None if unclear_owners else lifecycle.owners_problem(owner_ids),
        rules.unclear_people_problem(members.unknown, members.several),
        rules.unclear_people_problem(outsiders.unknown, outsiders.several, "guests"),
        rules.not_guests_problem([person.name for person in outsiders.people]),
        rules.people_problem(scenario, member_ids, guests, "members" if members.guests else "guests"),
        rules.library_problem(scenario, city.libraries, libraries, requester.language),
        lifecycle.end_date_problem(command.end_date, today, city.life_cycle),
        await _hub_problem(unit, desk, scenario, command.hub),
        _choice_problem(command.language, LANGUAGES, "language"),
        _choice_problem(command.retention_label, ["", *_labels(desk)], "retention_label"),
    ]
    if wrong := [problem for problem in problems if problem is not None]:
        raise InvalidRequest(wrong)
    return CheckedRequest(
        scenario=scenario,
        name=name,
        alias=rules.alias_of(scenario, name),
        purpose=purpose,
        owner_ids=owner_ids,
        member_ids=member_ids,
        guests=guests,
        hub_id=command.hub or None,
        language=command.language,
        library_ids=libraries,
        retention_label=command.retention_label or city.retention.default,
        end_date=lifecycle.read_date(command.end_date),
        answers=command.answers,
        advised_id=advised_id,
        reason=reason if advised_id != scenario.id else "",
    )


async def check_twin(unit: Unit, requester: Person, alias: str, *, but: str | None = None) -> None:
    """Raises `Conflict` (field `name`) when a request holds this address; `but` is the request itself.

    It says so of one's own, by number, and whether the site of another one is there or only asked for.
    """
    held = (SiteRequestRow.alias == alias, text(HOLDS_ADDRESS))
    columns = (SiteRequestRow.id, SiteRequestRow.number, SiteRequestRow.requester_id, SiteRequestRow.url)
    twin = (await unit.db.execute(select(*columns).where(*held))).one_or_none()
    if twin is None or twin.id == but:
        return
    if twin.requester_id == requester.id:
        message = "You asked for a site with this name already: {number}."
        raise Conflict(message, field="name", number=twin.number)
    if twin.url:
        raise Conflict("There is a site with this name already. Choose another name.", field="name")
    raise Conflict("Somebody asked for a site with this name already. Choose another name.", field="name")


async def whom_to_talk_to(desk: Desk, person: Person) -> str:
    """The information manager of the person's team; without one, all of them."""
    return ", ".join(one.name for one in await information_managers(desk, person.team_id))


async def _hub_problem(unit: Unit, desk: Desk, scenario: Scenario, hub_id: str) -> Invalid | None:
    if not hub_id:
        return None
    if scenario.hub:
        return Invalid("A hub does not come under another hub.", field="hub")
    if hub_id not in await hub_ids(unit, desk, [hub_id]):
        return Invalid("Choose a hub from the list.", field="hub")
    return None


def _choice_problem(value: str, choices: Sequence[str], field: str) -> Invalid | None:
    return None if value in choices else Invalid("Choose one from the list.", field=field)


def _labels(desk: Desk) -> list[str]:
    return [label.name for label in desk.organisation.retention.labels]
