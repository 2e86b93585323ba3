"""Files and reports by a link of ours. Anonymous for the host: the link is signed, for one person, for an hour."""

from __future__ import annotations

import html
from urllib.parse import quote

import azure.functions as func

from domain.approvals import decision_log
from domain.attachments.actions import access_file
from domain.attachments.rules import SHOWN_IN_BROWSER
from domain.desk import Desk
from domain.errors import DeskError, NotFound, TooLarge
from domain.links import Opened
from functions.problems import edge
from locales import translator
from wiring.services import services

blueprint = func.Blueprint()

LARGEST_EXPORT = 50 * 1024 * 1024
"""Bytes of one answer; `python -m scripts.decisions` has no such limit."""


@blueprint.route(route="files/{token}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@edge
async def file(req: func.HttpRequest) -> func.HttpResponse:
    """The content, for who the link was made for, as long as they may see it; else a page that says what to do."""
    desk = (await services()).desk
    try:
        async with desk.units.read() as unit:
            now = unit.now
        opened = desk.links.open(req.route_params["token"], now)
        if opened.kind == decision_log.LINK:
            return await _decisions(desk, opened, req.route_params["token"])
        return await _content(desk, opened)
    except DeskError as error:
        return _page(error, req.headers.get("Accept-Language", ""))


async def _decisions(desk: Desk, opened: Opened, token: str) -> func.HttpResponse:
    """The decision log of a period, once, for who may have it at this moment."""
    person = await desk.directory.person(opened.person_id)
    if person is None or not person.active:
        raise NotFound("There is nothing here.")
    async with desk.units() as unit:
        export = await decision_log.redeem(unit, person.as_actor(), opened.subject, token)
    content = bytearray()
    zone = desk.organisation.calendar.zone
    async for part in decision_log.write_log(desk.units, desk.directory, zone, export):
        content += part
        if len(content) > LARGEST_EXPORT:
            raise TooLarge("This is too much for one file. Ask for a shorter period.")
    return _download(bytes(content), export.file_type.content_type, export.name)


async def _content(desk: Desk, opened: Opened) -> func.HttpResponse:
    person = await desk.directory.person(opened.person_id)
    if person is None:
        raise NotFound("There is nothing here.")
    if opened.kind == "report":
        from adapters.reports.files import (
            report_file,
        )  # with what draws and writes sheets: not at every start

        made = await report_file(desk, person, opened.subject)
        return _download(made.content, made.content_type, made.name)
    if opened.kind != "file":
        raise NotFound("There is nothing here.")
    async with desk.units.read() as unit:
        found = await access_file(unit, person.as_actor(), opened.subject)
    content = await desk.files.read(found.id)
    return _download(content, found.content_type or "application/octet-stream", found.name)


def _download(content: bytes, content_type: str, name: str) -> func.HttpResponse:
    """Shown when a browser can do that without running anything in it, and saved otherwise."""
    place = "inline" if content_type in SHOWN_IN_BROWSER else "attachment"
    ascii_name = name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_")
    headers = {
        "Content-Disposition": f"{place}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, no-store",
    }
    return func.HttpResponse(content, headers=headers, mimetype=content_type, charset="utf-8")


def _page(error: DeskError, languages: str) -> func.HttpResponse:
    """A sentence, for a person who pressed a link."""
    t = translator(languages.split(",")[0].strip() or None)
    said = html.escape(t.error(error))
    page = (
        f'<!doctype html><html lang="{t.language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Wijzer</title>'
        '<body style="font: 1.1rem system-ui; max-width: 32rem; margin: 15vh auto; padding: 0 1rem">'
        f"<h1>Wijzer</h1><p>{said}</p></body></html>"
    )
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "Cache-Control": "no-store",
    }
    return func.HttpResponse(page.encode(), status_code=error.status, headers=headers, mimetype="text/html")
