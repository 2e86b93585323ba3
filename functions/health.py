"""Is the process alive, and can it do its work? Anonymous: a probe has no key, and nothing here is a secret."""

from __future__ import annotations

import azure.functions as func

from functions.problems import answer, edge
from wiring.services import services

blueprint = func.Blueprint()


@blueprint.route(route="health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@edge
async def health(req: func.HttpRequest) -> func.HttpResponse:
    """Alive: the process answers. Looks at nothing else, so that a slow database restarts no process."""
    return answer(200, {"status": "alive"})


@blueprint.route(route="health/ready", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@edge
async def ready(req: func.HttpRequest) -> func.HttpResponse:
    """Ready: the database, the queue and the search each answer. 503 when one does not."""
    parts = await (await services()).ready()
    well = all(parts.values())
    said = {name: "ready" if up else "down" for name, up in parts.items()}
    return answer(200 if well else 503, {"status": "ready" if well else "down", "parts": said})
