"""What Teams sends the bot. Anonymous for the host: the bridge checks the token in the Authorization header."""

from __future__ import annotations

import azure.functions as func

from functions.problems import answer, body_of, edge
from wiring.services import services

blueprint = func.Blueprint()


@blueprint.route(route="messages", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@edge
async def messages(req: func.HttpRequest) -> func.HttpResponse:
    body = body_of(req)
    given = await (await services()).bridge.receive(body, req.headers)
    return answer(given.status, given.body)
