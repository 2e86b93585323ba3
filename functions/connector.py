"""The REST API of the Power Platform connector: a function for each operation of the table. Anonymous for the host:
the token or the key says who calls."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import azure.functions as func
import orjson

from connector.acting import named
from connector.authentication import Caller
from connector.documents import Document, openapi, swagger
from connector.operation import ROOT, Answer, Call, Operation, UnsupportedMediaType, etag_of
from connector.operations import OPERATIONS
from connector.problems import language_of
from connector.reading import read_body, read_path, read_query
from functions.problems import Edge, body_of, edge
from wiring.services import services

blueprint = func.Blueprint()


def function_of(operation: Operation[Any, Any]) -> Edge:
    @edge
    async def run(req: func.HttpRequest) -> func.HttpResponse:
        built = await services()

        async def act(caller: Caller) -> Answer:
            if operation.scope is not None:
                caller.check(operation.scope)
            call = call_of(operation, req)
            with named(key="externalId" if call.key is None else "Idempotency-Key"):
                return await operation.handler(built.desk, caller, call)

        done, headers = await built.door.call(req.headers, act)
        return _response(operation, req, done, dict(headers))

    run.__name__ = operation.id
    return run


def call_of(operation: Operation[Any, Any], req: func.HttpRequest) -> Call[Any, Any]:
    given = dict(req.params)
    body = None if operation.body is None else read_body(operation, _json(req, operation.most_bytes))
    headers = req.headers
    return Call(
        query=read_query(operation, given),
        body=body,
        path=read_path(req.route_params),
        key=headers.get("Idempotency-Key"),
        if_match=headers.get("If-Match"),
        language=language_of(headers.get("Accept-Language")),
        url=str(req.url).partition("?")[0],
        given=given,
    )


def _json(req: func.HttpRequest, most: int) -> bytes:
    """The body of a call that has to send JSON."""
    media_type = (req.headers.get("Content-Type") or "").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaType("Send application/json.", field="Content-Type")
    return body_of(req, most)


def _response(
    operation: Operation[Any, Any], req: func.HttpRequest, done: Answer, headers: dict[str, str]
) -> func.HttpResponse:
    if done.version is not None:
        headers["ETag"] = etag_of(done.version)
    if done.location is not None:
        headers["Location"] = f"{str(req.url).partition(ROOT)[0]}{ROOT}{done.location}"
    if done.body is None:
        return func.HttpResponse(status_code=operation.status, headers=headers)
    content = orjson.dumps(done.body, option=orjson.OPT_UTC_Z)
    return func.HttpResponse(
        content, status_code=operation.status, headers=headers, mimetype="application/json", charset="utf-8"
    )


@lru_cache(8)  # hosts, as callers name them
def _document(make: Callable[[str], Document], where: str) -> bytes:
    return orjson.dumps(make(where))


@blueprint.route(
    route="connector/v1/apiDefinition.swagger.json", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS
)
@edge
async def swagger_document(req: func.HttpRequest) -> func.HttpResponse:
    """For the platform."""
    return _published(_document(swagger, urlsplit(str(req.url)).netloc))


@blueprint.route(route="connector/v1/openapi.json", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@edge
async def openapi_document(req: func.HttpRequest) -> func.HttpResponse:
    """For developers."""
    return _published(_document(openapi, str(req.url).partition(ROOT)[0]))


def _published(content: bytes) -> func.HttpResponse:
    headers = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
    return func.HttpResponse(content, headers=headers, mimetype="application/json", charset="utf-8")


for _operation in OPERATIONS:
    blueprint.route(
        route=f"connector/v1{_operation.path}",
        methods=[_operation.method],
        auth_level=func.AuthLevel.ANONYMOUS,
    )(function_of(_operation))
