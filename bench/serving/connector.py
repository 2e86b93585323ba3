"""The channel that replies go to: takes everything, at once or (under /slow/) after 150 ms, and counts."""

from __future__ import annotations

import asyncio
from collections import Counter

from aiohttp import web

from bench.serving import serve

DELAY = 0.15
seen: Counter[str] = Counter()


async def take(request: web.Request) -> web.Response:
    body = await request.read()
    seen["replies"] += 1
    seen["tips"] += b'"tips.helped"' in body
    if request.path.startswith("/slow/"):
        await asyncio.sleep(DELAY)
    return web.json_response({"id": f"act-{seen['replies']}"}, status=201)


async def count(request: web.Request) -> web.Response:
    return web.json_response(seen)


def app() -> web.Application:
    made = web.Application()
    made.router.add_get("/count", count)
    made.router.add_route("*", "/{path:.*}", take)
    return made


if __name__ == "__main__":
    asyncio.run(serve(app()))
