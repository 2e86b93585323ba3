"""The look-ups behind the choices of a flow, and as whom it acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from connector.authentication import Caller
from connector.operation import Answer, Call, Handler, Operation
from connector.shapes import lookups as shapes
from connector.shapes.base import present
from domain.actor import Role
from domain.desk import Desk
from domain.helpdesk.policy import Priority
from domain.people.models import Person

Choices = Callable[[Desk, str], Iterable[tuple[str, str]]]
"""Ids and names, in a language."""


def lookup(id: str, path: str, what: str, choices: Choices) -> Operation[None, None]:  # noqa: A002
    async def look_up(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
        found = choices(desk, call.language)
        return Answer(shapes.Options(value=[shapes.Option(id=one, name=name) for one, name in found]))

    return _internal(id, path, what, look_up, shapes.Options)


def _internal(
    id: str,  # noqa: A002
    path: str,
    what: str,
    handler: Handler[None, None],
    answer: type,
) -> Operation[None, None]:
    return Operation(
        id=id,
        method="GET",
        path=path,
        summary=f"List {what}",
        description=f"Gets the {what} to choose from.",
        scope=None,
        handler=handler,
        answer=answer,
        internal=True,
    )


async def agents(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
    found = await desk.directory.with_role(Role.AGENT)
    return Answer(
        shapes.Colleagues(value=[_colleague(one) for one in sorted(found, key=lambda one: one.name)])
    )


async def teams(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
    found = sorted(await desk.directory.teams(), key=lambda team: team.name)
    return Answer(shapes.Options(value=[shapes.Option(id=team.id, name=team.name) for team in found]))


async def people(desk: Desk, caller: Caller, call: Call[shapes.PeopleFilter, None]) -> Answer:
    found = await desk.directory.search(call.query.text, call.query.top)
    return Answer(shapes.Colleagues(value=[_colleague(one) for one in found]))


async def connection(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
    """As whom this connection acts: what the platform asks to see whether it works."""
    person = await desk.directory.person(caller.actor.id)
    who = shapes.Connection(
        id=caller.actor.id,
        name=caller.actor.name,
        email=person.email if person else None,
        isFlow=caller.actor.is_flow,
        scopes=sorted(scope.value for scope in caller.scopes),
    )
    return Answer(present(who))


def _colleague(person: Person) -> shapes.Colleague:
    return shapes.Colleague(id=person.id, name=person.name, email=person.email, team=person.team_id)


OPERATIONS = (
    lookup(
        "ListCategories",
        "/lookups/categories",
        "categories of tickets",
        lambda desk, _: ((one.id, one.name) for one in desk.organisation.helpdesk.categories),
    ),
    lookup(
        "ListGroups",
        "/lookups/groups",
        "groups of the helpdesk",
        lambda desk, _: ((one.id, one.name) for one in desk.organisation.helpdesk.groups),
    ),
    lookup(
        "ListPriorities",
        "/lookups/priorities",
        "priorities of tickets",
        lambda _, language: ((one.name.lower(), one.name.title()) for one in Priority),
    ),
    lookup(
        "ListSiteTypes",
        "/lookups/sitetypes",
        "types of sites",
        lambda desk, language: ((one.id, one.name(language)) for one in desk.organisation.scenarios),
    ),
    _internal("ListAgents", "/lookups/agents", "agents of the helpdesk", agents, shapes.Colleagues),
    _internal("ListTeams", "/lookups/teams", "teams of the city", teams, shapes.Options),
    Operation(
        id="FindPeople",
        method="GET",
        path="/people",
        summary="Find people",
        description="Gets the colleagues whose name or address has these words.",
        scope=None,
        handler=people,
        query=shapes.PeopleFilter,
        answer=shapes.Colleagues,
    ),
    Operation(
        id="GetConnection",
        method="GET",
        path="/me",
        summary="Get the connection",
        description="Gets as whom this connection acts, and what it may be used for.",
        scope=None,
        handler=connection,
        answer=shapes.Connection,
        internal=True,
    ),
)
