"""The REST API of the Power Platform connector. Anonymous for the host: the API key says who calls."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode, urlsplit, urlunsplit

import azure.functions as func

from connector import catalogue, shapes, tickets
from connector.authentication import Caller
from domain.api_keys.models import Scope
from domain.desk import Desk
from domain.errors import Invalid
from domain.helpdesk.reading import PAGE_LIMIT
from domain.helpdesk.rules import Kind, State
from functions.problems import UnsupportedMediaType, body_of, edge
from wiring.services import services

blueprint = func.Blueprint()

PAGE = 20


@blueprint.route(route="connector/v1/tickets", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@edge
async def create_ticket(req: func.HttpRequest) -> func.HttpResponse:
    desk, caller = await _caller(req, Scope.CREATE)
    wanted = shapes.NewTicket.model_validate_json(_json(req))
    ticket = await tickets.create_ticket(desk, caller, wanted, req.headers.get("Idempotency-Key"))
    return _answer(201, ticket, Location=f"{_address(req)}/{ticket.id}")


@blueprint.route(route="connector/v1/tickets/{id}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@edge
async def get_ticket(req: func.HttpRequest) -> func.HttpResponse:
    desk, caller = await _caller(req, Scope.READ)
    return _answer(200, await tickets.get_ticket(desk, caller, req.route_params["id"]))


@blueprint.route(route="connector/v1/tickets", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@edge
async def list_tickets(req: func.HttpRequest) -> func.HttpResponse:
    """`$top` tickets from `$skiptoken` on, of one `kind` and `state` when these are given."""
    desk, caller = await _caller(req, Scope.READ)
    top = req.params.get("$top", str(PAGE))
    if not (top.isascii() and top.isdigit() and 1 <= int(top[:4]) <= PAGE_LIMIT):
        raise Invalid("This is a number from 1 to {most}.", field="$top", most=PAGE_LIMIT)
    kind, state = _option(req, "kind", Kind), _option(req, "state", State)
    found, cursor = await tickets.find_tickets(
        desk, caller, kind, state, int(top), req.params.get("$skiptoken")
    )
    next_link = None
    if cursor is not None:
        asked = {"$top": top, "kind": kind, "state": state, "$skiptoken": cursor}
        given = {name: value for name, value in asked.items() if value is not None}
        next_link = f"{_address(req)}?{urlencode(given, safe='$')}"
    return _answer(200, shapes.TicketList(value=found, next_link=next_link))


@blueprint.route(route="connector/v1/catalogue", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@edge
async def list_catalogue(req: func.HttpRequest) -> func.HttpResponse:
    desk, _ = await _caller(req, Scope.READ)
    return _answer(200, catalogue.list_items(desk))


@blueprint.route(
    route="connector/v1/catalogue/{id}/schema", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS
)
@edge
async def get_item_schema(req: func.HttpRequest) -> func.HttpResponse:
    """The form of an item: what a flow shows once one was chosen."""
    desk, _ = await _caller(req, Scope.READ)
    return _answer(200, catalogue.item_schema(desk, req.route_params["id"]))


@blueprint.route(route="connector/v1/requests", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@edge
async def create_request(req: func.HttpRequest) -> func.HttpResponse:
    desk, caller = await _caller(req, Scope.CREATE)
    wanted = shapes.NewRequest.model_validate_json(_json(req))
    made = await catalogue.create_request(desk, caller, wanted, req.headers.get("Idempotency-Key"))
    return _answer(201, made, Location=f"{_address(req).removesuffix('requests')}tickets/{made.id}")


def _json(req: func.HttpRequest) -> bytes:
    """The body of a call that has to send JSON."""
    media_type = (req.headers.get("Content-Type") or "").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaType("Send application/json.", field="Content-Type")
    return body_of(req)


Option = TypeVar("Option", bound=StrEnum)


def _option(req: func.HttpRequest, name: str, options: type[Option]) -> Option | None:
    given = req.params.get(name)
    try:
        return options(given) if given is not None else None
    except ValueError:
        raise Invalid("This is one of {options}.", field=name, options=", ".join(options)) from None


def _address(req: func.HttpRequest) -> str:
    """The request's own address, without its query."""
    parts = urlsplit(str(req.url))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def _answer(status: int, body: shapes.Shape, **headers: str) -> func.HttpResponse:
    content = body.model_dump_json(by_alias=True, exclude_none=True).encode()
    return func.HttpResponse(
        content, status_code=status, headers=headers, mimetype="application/json", charset="utf-8"
    )


async def _caller(req: func.HttpRequest, scope: Scope) -> tuple[Desk, Caller]:
    built = await services()

    async def known(caller: Caller) -> Caller:
        caller.check(scope)
        return caller

    caller, _ = await built.door.call(req.headers, known)
    return built.desk, caller
