"""Sites and their libraries, as Graph shows them: columns and content types. Views and labels are SharePoint's."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_OID, uuid5

from localhost.tenant.answers import Answer, Ask, Refusal, filter_of, listed, missing, moment
from localhost.tenant.tenant import Tenant, new_library
from localhost.tenant.things import CopiedType, Group, Library, Site, new_guid

DOCUMENT = {"id": "0x0101", "name": "Document", "hidden": False, "isBuiltIn": True}
HUB = {"0x0120D520": "Documentenset"}
"""What the hub of content types has, by id. Those that inherit from one of these have a longer id."""
BUILT_IN_COLUMNS = ("FileLeafRef", "Title", "Modified", "Editor", "Created", "Author")


class Sites:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def of_group(self, ask: Ask) -> Answer:
        group = self._store.get(Group, ask.parts["group"])
        if group is None or group.deleted or not self._tenant.visible(group):
            raise missing(ask.parts["group"])
        site = self._tenant.site_of(group.id)
        if site is None or not self._tenant.site_stands(site):
            raise _no_site()
        return Answer(body=self._as_graph(site))

    def one(self, ask: Ask) -> Answer:
        return Answer(body=self._as_graph(site_of(self._tenant, ask)))

    def _as_graph(self, site: Site) -> dict[str, Any]:
        return {
            "id": f"{self._tenant.host},{site.id},{site.web_id}",
            "name": site.alias,
            "displayName": site.title,
            "description": site.description,
            "webUrl": self._tenant.url_of(site),
            "createdDateTime": site.created,
        }


class Lists:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def all(self, ask: Ask) -> Answer:
        site = site_of(self._tenant, ask)
        wanted = filter_of(ask)
        shown = [self._as_graph(site, library) for library in self._tenant.libraries(site)]
        return listed([library for library in shown if wanted is None or wanted.fits(library)])

    def create(self, ask: Ask) -> Answer:
        site, body = site_of(self._tenant, ask), ask.body
        title = body["displayName"]
        name = body.get("name", title)
        for other in self._tenant.libraries(site):
            if title.lower() == other.title.lower() or name.lower() == other.name.lower():
                raise _used("The specified name is already in use.")
        library = new_library(site, name, title)
        library.description = body.get("description", "")
        library.content_types_enabled = body["list"].get("contentTypesEnabled", False)
        for column in body.get("columns", ()):
            _add_column(library, column)
        self._store.put(library)
        return Answer(201, self._as_graph(site, library))

    def one(self, ask: Ask) -> Answer:
        site, library = self._find(ask)
        return Answer(body=self._as_graph(site, library))

    def change(self, ask: Ask) -> Answer:
        site, library = self._find(ask)
        library.title = ask.body.get("displayName", library.title)
        library.description = ask.body.get("description", library.description)
        enabled = ask.body.get("list", {}).get("contentTypesEnabled", library.content_types_enabled)
        library.content_types_enabled = enabled
        self._store.put(library)
        return Answer(body=self._as_graph(site, library))

    def columns(self, ask: Ask) -> Answer:
        _, library = self._find(ask)
        return listed([*map(_built_in_column, BUILT_IN_COLUMNS), *library.columns])

    def add_column(self, ask: Ask) -> Answer:
        _, library = self._find(ask)
        column = _add_column(library, ask.body)
        self._store.put(library)
        return Answer(201, column)

    def content_types(self, ask: Ask) -> Answer:
        _, library = self._find(ask)
        return listed([DOCUMENT, *(_as_graph(one) for one in library.content_types if self._is_ready(one))])

    def copy_content_type(self, ask: Ask) -> Answer:
        """At once when that takes no time; otherwise the answer says where to look how far it is."""
        _, library = self._find(ask)
        type_id = ask.body["contentTypeId"]
        name = next((name for base, name in HUB.items() if type_id.startswith(base)), None)
        if name is None:
            raise Refusal(404, "itemNotFound", f"The content type {type_id} is not in the hub.")
        if not library.content_types_enabled:
            raise Refusal(400, "invalidRequest", "Content types are not allowed in this list.")
        copied = next((one for one in library.content_types if one.of_hub == type_id), None)
        if copied is None:
            copied = CopiedType(
                id=f"{type_id}00{new_guid().replace('-', '').upper()}",
                name=name,
                of_hub=type_id,
                started_at=self._tenant.clock(),
                ready_at=self._tenant.after(self._tenant.trouble.content_type_time),
            )
            library.content_types.append(copied)
            self._store.put(library)
        if self._is_ready(copied):
            return Answer(body=_as_graph(copied))
        base = f"{self._tenant.base}{ask.path.rsplit('/contentTypes/', 1)[0]}"
        return Answer(202, None, {"Location": f"{base}/operations/{_operation_id(copied)}"})

    def operations(self, ask: Ask) -> Answer:
        _, library = self._find(ask)
        return listed([self._operation(copied) for copied in library.content_types])

    def _operation(self, copied: CopiedType) -> dict[str, Any]:
        ready = self._is_ready(copied)
        return {
            "id": _operation_id(copied),
            "type": "contentTypeCopy",
            "status": "succeeded" if ready else "running",
            "percentageComplete": 100 if ready else 0,
            "createdDateTime": moment(copied.started_at),
            "lastActionDateTime": moment(),
            "resourceId": copied.id,
        }

    def _is_ready(self, copied: CopiedType) -> bool:
        return self._tenant.clock() >= copied.ready_at

    def _find(self, ask: Ask) -> tuple[Site, Library]:
        site = site_of(self._tenant, ask)
        library = self._store.get(Library, ask.parts["list"])
        if library is None or library.site_id != site.id:
            raise Refusal(404, "itemNotFound", "The specified list was not found")
        return site, library

    def _as_graph(self, site: Site, library: Library) -> dict[str, Any]:
        return {
            "id": library.id,
            "name": library.name,
            "displayName": library.title,
            "description": library.description,
            "webUrl": f"{self._tenant.url_of(site)}/{quote(library.name)}",
            "createdDateTime": library.created,
            "list": {
                "template": "documentLibrary",
                "contentTypesEnabled": library.content_types_enabled,
                "hidden": False,
            },
        }


def site_of(tenant: Tenant, ask: Ask) -> Site:
    """By `host,collection,web` as Graph writes it, or by the collection alone."""
    names = ask.parts["site"].split(",")
    site = tenant.store.get(Site, names[1] if len(names) == 3 else names[0])
    if site is None or not tenant.site_stands(site):
        raise _no_site()
    return site


def _no_site() -> Refusal:
    return Refusal(404, "itemNotFound", "Requested site could not be found")


def _used(message: str) -> Refusal:
    return Refusal(409, "nameAlreadyExists", message)


def _add_column(library: Library, given: dict[str, Any]) -> dict[str, Any]:
    names = {column["name"].lower() for column in library.columns} | {
        name.lower() for name in BUILT_IN_COLUMNS
    }
    if given["name"].lower() in names:
        raise _used(f"A column with the name {given['name']} exists already.")
    settled = {"displayName": given["name"], "required": False, "indexed": False, "hidden": False}
    column = {"id": new_guid(), "readOnly": False, **settled, **given}
    library.columns.append(column)
    return column


def _built_in_column(name: str) -> dict[str, Any]:
    kind: dict[str, Any] = {"text": {}}
    if name in ("Modified", "Created"):
        kind = {"dateTime": {"format": "dateTime"}}
    elif name in ("Editor", "Author"):
        kind = {"personOrGroup": {}}
    settled = {"displayName": name, "required": False, "indexed": False, "hidden": False}
    return {
        "id": str(uuid5(NAMESPACE_OID, name)),
        "name": name,
        **settled,
        "readOnly": name != "Title",
        **kind,
    }


def _operation_id(copied: CopiedType) -> str:
    return f"contentTypeCopy,{copied.of_hub}"


def _as_graph(copied: CopiedType) -> dict[str, Any]:
    return {"id": copied.id, "name": copied.name, "hidden": False, "isBuiltIn": False}
