"""The same operations for agents, over the Model Context Protocol. Anonymous for the host: the token or the key says
who calls."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import azure.functions as func

from connector.authentication import Caller
from domain.errors import NotFound, Unauthenticated
from functions.problems import answer, body_of, edge
from wiring.services import services

if TYPE_CHECKING:
    from connector.mcp import Response

blueprint = func.Blueprint()

RESOURCE = "mcp/oauth-protected-resource"


@blueprint.route(route="mcp", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@edge
async def mcp(req: func.HttpRequest) -> func.HttpResponse:
    """One message of an agent. There are no sessions, so that any process answers any message; nothing is pushed, so
    that there is nothing to GET."""
    built = await services()
    body = body_of(req)

    async def act(caller: Caller) -> Response:
        agents = await built.agents()
        return await agents.answer(caller, urlsplit(str(req.url)).path, req.headers, body)

    try:
        given, left = await built.door.call(req.headers, act)
    except Unauthenticated as error:
        challenge = error.headers.get("WWW-Authenticate", "Bearer")
        joined = ", " if " " in challenge else " "
        where = f'{challenge}{joined}resource_metadata="{built.settings.address}/api/{RESOURCE}"'
        error.headers = {**error.headers, "WWW-Authenticate": where}
        raise
    return func.HttpResponse(
        given.body,
        status_code=given.status,
        headers={**given.headers, **left},
        mimetype="application/json",
        charset="utf-8",
    )


@blueprint.route(route=RESOURCE, methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@edge
async def protected_resource(req: func.HttpRequest) -> func.HttpResponse:
    """Where agents sign people in (RFC 9728). Not there while the API takes keys only."""
    given = (await services()).settings
    if not given.api_client_id:
        raise NotFound("This desk takes API keys only.")
    return answer(
        200,
        {
            "resource": f"{given.address}/api/mcp",
            "authorization_servers": [f"{given.api_login_url}/{given.api_tenant_id}/v2.0"],
            "scopes_supported": [f"api://{given.api_client_id}/access_as_user"],
            "bearer_methods_supported": ["header"],
            "resource_name": "Wijzer",
        },
    )
