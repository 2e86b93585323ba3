"""SharePoint REST: the views of a library and its default retention label. Graph has no calls for these."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from localhost.tenant.answers import NULL, Answer, Ask, Refusal, listed
from localhost.tenant.sharepoint import standing
from localhost.tenant.tenant import Tenant
from localhost.tenant.things import Label, LabelUse, Library, View


class Views:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def all(self, ask: Ask) -> Answer:
        expanded = "$expand" in ask.query
        return listed([_as_sharepoint(view, with_fields=expanded) for view in self._find(ask).views])

    def add(self, ask: Ask) -> Answer:
        """Titles need not differ: asked twice, there are two."""
        library, wanted = self._find(ask), ask.body["parameters"]
        view = View(
            title=wanted["Title"],
            fields=wanted["ViewFields"]["results"],
            query=wanted.get("Query", ""),
            rows=wanted.get("RowLimit", 30),
            paged=wanted.get("Paged", True),
            personal=wanted.get("PersonalView", False),
            default=wanted.get("SetAsDefaultView", False),
        )
        if unknown := _unknown_fields(library, view):
            raise Refusal(400, "SPException", f"Column '{unknown[0]}' does not exist.")
        if view.default:
            for other in library.views:
                other.default = False
        library.views.append(view)
        self._store.put(library)
        return Answer(body=_as_sharepoint(view))

    def _find(self, ask: Ask) -> Library:
        site = standing(self._tenant, ask)
        library = self._store.get(Library, ask.parts["list"])
        if library is None or library.site_id != site.id:
            raise Refusal(404, "ArgumentException", "List does not exist.")
        return library


class Labels:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def available(self, ask: Ask) -> Answer:
        standing(self._tenant, ask)
        return self.published(ask)

    def published(self, ask: Ask) -> Answer:
        return listed([_as_label(label) for label in self._store.all(Label)])

    def of_list(self, ask: Ask) -> Answer:
        used = self._find(ask).label
        label = self._named(used.name) if used else None
        if used is None or label is None:
            return NULL
        flags = {"BlockDelete": used.block_delete, "BlockEdit": used.block_edit}
        return Answer(body={**_as_label(label), **flags})

    def set(self, ask: Ask) -> Answer:
        library, name = self._find(ask), ask.body["complianceTagValue"]
        if name and self._named(name) is None:
            raise Refusal(400, "ComplianceTagNotFound", f"The label {name} is not published to this site.")
        use = LabelUse(
            name=name,
            block_delete=ask.body["blockDelete"],
            block_edit=ask.body["blockEdit"],
            for_items=ask.body["syncToItems"],
        )
        library.label = use if name else None
        self._store.put(library)
        return NULL

    def _named(self, name: str) -> Label | None:
        return next((label for label in self._store.all(Label) if label.name == name), None)

    def _find(self, ask: Ask) -> Library:
        site = standing(self._tenant, ask)
        wanted = unquote(ask.body["listUrl"]).lower()
        for library in self._tenant.libraries(site):
            if wanted == f"{self._tenant.url_of(site)}/{library.name}".lower():
                return library
        raise Refusal(400, "ListNotFound", f"There is no list at {ask.body['listUrl']}.")


def _unknown_fields(library: Library, view: View) -> list[str]:
    known = {column["name"] for column in library.columns}
    known |= {"DocIcon", "LinkFilename", "FileLeafRef", "Title", "Modified", "Editor", "Created", "Author"}
    return [field for field in view.fields if field not in known]


def _as_sharepoint(view: View, *, with_fields: bool = False) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "Id": view.id,
        "Title": view.title,
        "DefaultView": view.default,
        "Hidden": False,
        "PersonalView": view.personal,
        "RowLimit": view.rows,
        "Paged": view.paged,
        "ViewQuery": view.query,
    }
    return {**shown, "ViewFields": {"Items": view.fields}} if with_fields else shown


def _as_label(label: Label) -> dict[str, Any]:
    return {
        "TagId": label.id,
        "TagName": label.name,
        "BlockDelete": label.block_delete,
        "BlockEdit": label.block_edit,
        "TagDuration": -1 if label.days is None else label.days,
    }
