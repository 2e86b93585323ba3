"""As whom a call acts, and what makes a repeat of it find the first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from connector.authentication import Caller
from connector.shapes.base import KEY_LIMIT
from domain.actor import Actor, Role
from domain.api_keys.models import Scope
from domain.desk import Desk
from domain.errors import DeskError, Forbidden, Invalid, InvalidForm, NotFound
from domain.people.models import Person
from domain.tables import new_id


def at_the_desk(caller: Caller) -> Actor:
    """A flow with the scope to change tickets does so as the desk; a person is who they are."""
    actor = caller.actor
    return replace(actor, roles=actor.roles | {Role.AGENT}) if actor.is_flow else actor


async def colleague(desk: Desk, email: str, field: str) -> Person:
    person = await desk.directory.by_email(email.strip())
    if person is None:
        raise Invalid("Nobody here has this e-mail address.", field=field)
    return person


async def on_behalf(desk: Desk, caller: Caller, email: str | None) -> Person | None:
    """The colleague the call is for; None when it is for the caller. Raises `Forbidden` when this connection acts for
    nobody else."""
    if email is None or not email.strip():
        return None
    caller.check(Scope.ON_BEHALF)
    if not caller.may_act_on_behalf:
        raise Forbidden("You can do this for yourself only.", field="onBehalfOf")
    return await colleague(desk, email, "onBehalfOf")


async def person_of(desk: Desk, caller: Caller, email: str | None) -> Person:
    """Who the call is for: the colleague it names, or else the person of the token. A flow is nobody: it has to name
    one."""
    named = await on_behalf(desk, caller, email)
    if named is not None:
        return named
    if caller.actor.is_flow:
        raise Invalid("Say for whom: this connection is no person.", field="onBehalfOf")
    person = await desk.directory.person(caller.actor.id)
    if person is None:
        raise NotFound("There is no such person.", field="onBehalfOf")
    return person


async def check_choices(desk: Desk, **chosen: str | None) -> None:
    """Raises `Invalid` with the field when there is no such category, group, scenario or team: a flow with a typing
    error would get nothing, for ever."""
    if not any(chosen.values()):
        return
    known = {
        "category": {one.id for one in desk.organisation.helpdesk.categories},
        "group": {one.id for one in desk.organisation.helpdesk.groups},
        "scenario": {one.id for one in desk.organisation.scenarios},
        "team": {one.id for one in await desk.directory.teams()},
    }
    for name, value in chosen.items():
        if value and value not in known[name]:
            raise Invalid("Choose one of the list.", field=name)


def key_of(operation: str, header: str | None, external_id: str | None) -> str:
    """The header's key, or else the body's, or else one that never comes again."""
    key = external_id if header is None else header
    if key is not None and not (0 < len(key) <= KEY_LIMIT and key.isprintable()):
        raise Invalid(
            "A key has 1 to {limit} printable characters.",
            field="Idempotency-Key" if header is not None else "externalId",
            limit=KEY_LIMIT,
        )
    return f"{operation}:{key or new_id()}"


@contextmanager
def named(**fields: str) -> Iterator[None]:
    """Errors inside name the fields as the call does: `named(text="comment")`."""
    try:
        yield
    except InvalidForm as wrong:
        raise InvalidForm([_named(one, fields) for one in wrong.problems]) from None
    except DeskError as error:
        error.field = fields.get(error.field, error.field) if error.field else None
        raise


def _named(problem: Invalid, fields: dict[str, str]) -> Invalid:
    field = fields.get(problem.field, problem.field) if problem.field else None
    return Invalid(problem.message, field=field, **problem.details)
