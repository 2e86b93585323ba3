"""The two documents of the API: Swagger 2.0 for the platform, OpenAPI 3.1 for developers. Both are made from the table
of operations; nothing about an operation is written anywhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from connector.authentication import HEADER
from connector.operation import ROOT, Operation
from connector.operations import OPERATIONS
from connector.schemas import OpenApiDefinitions, SwaggerDefinitions
from connector.shapes.base import KEY_LIMIT

Document = dict[str, Any]

VERSION = "1.0"
HOST = "wijzer.example.org"
"""In the file of the repository; a served document has the host it was asked of."""
DESCRIPTION = (
    "Wijzer is the digital desk of a city. Report incidents, requests and changes, order from the catalogue, ask for "
    "sites and decide about them, find tips, send messages, and start flows when something happens."
)
CONTACT = {
    "name": "The Wijzer maintainers",
    "url": "https://example.org/wijzer",
    "email": "wijzer@example.org",
}
METADATA = {
    "Website": "https://example.org/wijzer",
    "Privacy policy": "https://example.org/wijzer/privacy",
    "Categories": "IT Operations;Productivity",
}
LOGIN = "https://login.microsoftonline.com/common/oauth2/v2.0"
AS_USER = {"access_as_user": "Use the desk as the person who signed in."}

SAID = {
    400: "Something in the call is wrong. The message names the field.",
    401: "The sign-in or the key is missing, wrong or expired.",
    403: "This connection may not do this.",
    404: "It is not there, or not for this person.",
    409: "It has moved on, or the key was used before for something else.",
    412: "It was changed since you read it.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    429: "Too many calls. Try again after the time in Retry-After.",
}
BROKEN = "Something went wrong at the desk. Try again later."
DONE = {
    200: "It is done.",
    201: "It was made.",
    202: "It was asked, and will take its time.",
    204: "It is done.",
}

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A key of your own. Sending it again does nothing new: it answers with the first result.",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag you have seen. When it has changed since, nothing is done.",
}
ACCEPT_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "The language of messages: nl, en or fr.",
}


def swagger(host: str = HOST, operations: Iterable[Operation[Any, Any]] = OPERATIONS) -> Document:
    """The definition of the platform's connector, for the product at `host`."""
    definitions = SwaggerDefinitions()
    paths: dict[str, Document] = {}
    for operation in operations:
        item = paths.setdefault(operation.path, {})
        item[operation.method.lower()] = _swagger_operation(operation, definitions)
        if operation.trigger is not None:
            item["x-ms-notification-content"] = {
                "description": operation.trigger.about,
                "schema": definitions.add(operation.trigger.notification, "serialization"),
            }
    return {
        "swagger": "2.0",
        "info": {"title": "Wijzer", "description": DESCRIPTION, "version": VERSION, "contact": CONTACT},
        "host": host,
        "basePath": ROOT,
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": paths,
        "definitions": dict(sorted(definitions.found.items())),
        "securityDefinitions": {
            "entra": {
                "type": "oauth2",
                "flow": "accessCode",
                "authorizationUrl": f"{LOGIN}/authorize",
                "tokenUrl": f"{LOGIN}/token",
                "scopes": AS_USER,
            },
            "key": {"type": "apiKey", "in": "header", "name": HEADER},
        },
        "security": [{"entra": list(AS_USER)}, {"key": []}],
        "tags": [],
        "x-ms-capabilities": {"testConnection": {"operationId": "GetConnection", "parameters": {}}},
        "x-ms-connector-metadata": [
            {"propertyName": name, "propertyValue": value} for name, value in METADATA.items()
        ],
    }


def _swagger_operation(operation: Operation[Any, Any], definitions: SwaggerDefinitions) -> Document:
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "type": "string",
            "x-ms-summary": parameter.title,
            "description": parameter.description,
            "x-ms-url-encoding": "single",
            **parameter.choices,
        }
        for name, parameter in operation.parameters.items()
    ]
    parameters += _swagger_query(operation, definitions)
    if operation.versioned and operation.writes:
        parameters.append(
            {**IF_MATCH, "type": "string", "x-ms-summary": "Version", "x-ms-visibility": "advanced"}
        )
    if operation.body is not None:
        schema = definitions.add(operation.body, "validation")
        parameters.append({"name": "body", "in": "body", "required": True, "schema": schema})
    done: Document = {"description": DONE[operation.status]}
    if operation.answer is not None:
        done["schema"] = definitions.add(operation.answer, "serialization")
    if headers := _headers(operation):
        done["headers"] = {name: {"type": "string", "description": said} for name, said in headers.items()}
    made: Document = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.description,
        "parameters": parameters,
        "responses": {
            str(operation.status): done,
            **{str(status): {"description": SAID[status]} for status in operation.statuses},
            "default": {"description": BROKEN},
        },
        "x-ms-api-annotation": {"family": re.sub(r"_V\d+$", "", operation.id), "revision": 1},
    }
    if operation.internal or operation.important:
        made["x-ms-visibility"] = "internal" if operation.internal else "important"
    if operation.pageable:
        made["x-ms-pageable"] = {"nextLinkName": "nextLink"}
    if operation.trigger is not None:
        made |= {"x-ms-trigger": "single", "x-ms-trigger-hint": operation.trigger.hint}
    return made


def _swagger_query(operation: Operation[Any, Any], definitions: SwaggerDefinitions) -> list[Document]:
    if operation.query is None:
        return []
    schema = definitions.inline(operation.query, "validation")
    required = schema.get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required or ("default" in one and _hidden(one)),
            **one,
        }
        for name, one in schema["properties"].items()
    ]


def _hidden(schema: Document) -> bool:
    """What makers do not see and has a value of its own is only sent when it is required."""
    return schema.get("x-ms-visibility") == "internal"


def openapi(
    address: str = f"https://{HOST}", operations: Iterable[Operation[Any, Any]] = OPERATIONS
) -> Document:
    """The same operations for developers, of the product at `address`."""
    definitions = OpenApiDefinitions()
    paths: dict[str, Document] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _openapi_operation(
            operation, definitions
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Wijzer", "description": DESCRIPTION, "version": VERSION, "contact": CONTACT},
        "servers": [{"url": f"{address}{ROOT}"}],
        "paths": paths,
        "components": {
            "schemas": {"Refusal": REFUSAL, **dict(sorted(definitions.found.items()))},
            "securitySchemes": {
                "entra": {
                    "type": "oauth2",
                    "flows": {
                        "authorizationCode": {
                            "authorizationUrl": f"{LOGIN}/authorize",
                            "tokenUrl": f"{LOGIN}/token",
                            "scopes": AS_USER,
                        }
                    },
                },
                "key": {"type": "apiKey", "in": "header", "name": HEADER},
            },
        },
        "security": [{"entra": list(AS_USER)}, {"key": []}],
    }


_PROBLEM = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "description": "What kind of mistake, for programs."},
        "message": {"type": "string", "description": "What to do about it, in the language asked."},
        "target": {"type": "string", "description": "The field that is wrong."},
    },
    "required": ["code", "message"],
}
REFUSAL: Document = {
    "type": "object",
    "properties": {
        "error": {
            **_PROBLEM,
            "properties": {
                **_PROBLEM["properties"],  # type: ignore[dict-item]
                "details": {
                    "type": "array",
                    "description": "All that is wrong, when that is more than one thing.",
                    "items": _PROBLEM,
                },
            },
        }
    },
    "required": ["error"],
}


def _openapi_operation(operation: Operation[Any, Any], definitions: OpenApiDefinitions) -> Document:
    text = {"type": "string"}
    parameters: list[Document] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": parameter.description,
            "schema": text,
        }
        for name, parameter in operation.parameters.items()
    ]
    if operation.query is not None:
        schema = definitions.inline(operation.query, "validation")
        for name, one in schema["properties"].items():
            said = {key: one.pop(key) for key in ("description",) if key in one}
            parameters.append(
                {
                    "name": name,
                    "in": "query",
                    "required": name in schema.get("required", ()),
                    **said,
                    "schema": one,
                }
            )
    parameters.append({**ACCEPT_LANGUAGE, "schema": text})
    if operation.writes and operation.trigger is None:
        parameters.append({**IDEMPOTENCY_KEY, "schema": {**text, "minLength": 1, "maxLength": KEY_LIMIT}})
    if operation.versioned and operation.writes:
        parameters.append({**IF_MATCH, "schema": text})
    done: Document = {"description": DONE[operation.status]}
    if operation.answer is not None:
        done["content"] = _json(definitions.add(operation.answer, "serialization"))
    if headers := _headers(operation):
        done["headers"] = {name: {"description": said, "schema": text} for name, said in headers.items()}
    refused = _json({"$ref": "#/components/schemas/Refusal"})
    made: Document = {
        "operationId": operation.id,
        "tags": [operation.path.split("/")[1]],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": parameters,
        "responses": {
            str(operation.status): done,
            **{
                str(status): {"description": SAID[status], "content": refused}
                for status in operation.statuses
            },
            "500": {"description": BROKEN, "content": refused},
            "503": {"description": BROKEN, "content": refused},
        },
    }
    if operation.scope is not None:
        made["description"] += f" Needs the scope `{operation.scope}`."
    if operation.body is not None:
        made["requestBody"] = {
            "required": True,
            "content": _json(definitions.add(operation.body, "validation")),
        }
    return made


def _json(schema: Document) -> Document:
    return {"application/json": {"schema": schema}}


def _headers(operation: Operation[Any, Any]) -> dict[str, str]:
    """What an answer says beside its body."""
    said = {}
    if operation.located:
        said["Location"] = (
            "Where it is; DELETE it to end the subscription."
            if operation.trigger
            else "Where it is from now on."
        )
    if operation.versioned:
        said["ETag"] = "Its version, for If-Match."
    return said
