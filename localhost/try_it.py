"""The page to try the API with: Swagger UI, from npm, on the API's own OpenAPI document."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from wiring.settings import ROOT

HERE = Path(__file__).parent
ASSETS = ROOT / "node_modules" / "swagger-ui-dist"
SHOWN = ("swagger-ui.css", "swagger-ui-bundle.js")
RULES = {
    # Swagger UI styles its elements one by one and draws its icons as data.
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def add_try_it(application: web.Application, key: str) -> None:
    """Serve the page at `/try-it`. Whoever can reach it gets `key`: the start page shows that one too."""
    page = Template((HERE / "try_it.html").read_text(encoding="utf-8")).substitute(key=escape(key))

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html", headers=RULES)

    async def asset(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        path = HERE / "try_it.js" if name == "start.js" else ASSETS / name
        if name not in (*SHOWN, "start.js") or not path.is_file():
            raise web.HTTPNotFound(text="This comes from npm: make setup installs it.")
        return web.FileResponse(path, headers=RULES)

    application.router.add_get("/try-it", show)
    application.router.add_get("/try-it/{name}", asset)
