"""Wijzer as it ships, with authentication on: the same services and bridge as `functions/messages`.

Its settings come from the environment. Jobs are written and not run: in a city, another worker's turn.
"""

from __future__ import annotations

import asyncio

import orjson
from aiohttp import web

from bench.serving import serve
from localhost.prepare import load_tips, migrate
from wiring.services import close_services, services
from wiring.settings import settings


async def messages(request: web.Request) -> web.Response:
    answer = await (await services()).bridge.receive(await request.read(), request.headers)
    if answer.body is None:
        return web.Response(status=answer.status)
    return web.Response(body=orjson.dumps(answer.body), status=answer.status, content_type="application/json")


async def main() -> None:
    given = settings()
    await migrate(given.database_url)
    await load_tips(await services(), given.organisation)
    app = web.Application()
    app.router.add_post("/api/messages", messages)
    await serve(app)
    await close_services()


if __name__ == "__main__":
    asyncio.run(main())
