"""Document libraries: made from templates, with their columns and content types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.graph.client import Graph
from adapters.graph.http import CallRefusedError
from domain.sites.library import Column, ColumnType, LibraryTemplate
from domain.sites.ports import NotThereYetError, SiteOrder

AT_WORK = ("notStarted", "running")


@dataclass(frozen=True, slots=True)
class Library:
    """`title` is its name as people read it, `name` the part of its address that never changes."""

    id: str
    name: str
    title: str
    url: str


class Libraries:
    """`site` is Graph's own id of a site: host, site collection and web, with commas between them.

    `poll_after` is how long to wait between two looks at a copy of a content type, in seconds.
    """

    def __init__(self, graph: Graph, poll_after: float) -> None:
        self._graph = graph
        self._poll_after = poll_after

    async def make(self, site: str, order: SiteOrder) -> None:
        """Each library of the order, with its columns."""
        have = await self.all(site)
        for template in order.libraries:
            library = have.get(template.url_name) or await self._create(site, template)
            title = template.name(order.language)
            if library.title != title:
                body = {"displayName": title}
                await self._graph.call("PATCH", f"/sites/{site}/lists/{library.id}", body, repeatable=True)
            await self._add_columns(site, library, template.columns)

    async def copy_content_types(self, site: str, order: SiteOrder) -> None:
        """Have the document sets copied from the city's content type hub. Raises `NotThereYetError` meanwhile."""
        libraries = await self.ordered(site, order)
        waiting = []
        for template in order.libraries:
            if template.document_set is None:
                continue
            library = libraries[template.url_name]
            wanted = template.document_set.content_type_id
            if await self.has_content_type(site, library, wanted):
                continue
            if not await self._being_copied(site, library):
                await self._copy(site, library, wanted)
            if not await self.has_content_type(site, library, wanted):
                waiting.append(library.title)
        if waiting:
            reason = f"Microsoft is copying the document set to {', '.join(waiting)}."
            raise NotThereYetError(reason, self._poll_after)

    async def all(self, site: str) -> dict[str, Library]:
        """By the last part of their address."""
        found = await self._graph.all(f"/sites/{site}/lists?$select=id,name,displayName,webUrl")
        return {str(one["name"]): _library(one) for one in found}

    async def ordered(self, site: str, order: SiteOrder) -> Mapping[str, Library]:
        """Those of the order, in its order. Raises `NotThereYetError` when one is not there."""
        have = await self.all(site)
        names = [template.url_name for template in order.libraries]
        if missing := [name for name in names if name not in have]:
            raise NotThereYetError(f"The library {', '.join(missing)} is not there.")
        return {name: have[name] for name in names}

    async def columns(self, site: str, library: Library) -> set[str]:
        found = await self._graph.all(f"/sites/{site}/lists/{library.id}/columns?$select=name")
        return {str(column["name"]) for column in found}

    async def has_content_type(self, site: str, library: Library, wanted: str) -> bool:
        """A list has a child of the content type of the hub: the same id with more behind it."""
        found = await self._graph.all(f"/sites/{site}/lists/{library.id}/contentTypes?$select=id")
        return any(str(one["id"]).startswith(wanted) for one in found)

    async def _create(self, site: str, template: LibraryTemplate) -> Library:
        # Its address follows from its first name; the name that people read comes after.
        body = {
            "displayName": template.url_name,
            "list": {"template": "documentLibrary", "contentTypesEnabled": True},
            "columns": [_column(column) for column in template.columns],
        }
        try:
            made = await self._graph.call("POST", f"/sites/{site}/lists", body)
        except CallRefusedError as error:
            if not error.exists_already:
                raise
            raise NotThereYetError(f"The library {template.url_name} cannot be read yet.") from error
        return _library(made.body)

    async def _add_columns(self, site: str, library: Library, wanted: Sequence[Column]) -> None:
        if not wanted:
            return
        have = await self.columns(site, library)
        for column in wanted:
            if column.name in have:
                continue
            try:
                await self._graph.call("POST", f"/sites/{site}/lists/{library.id}/columns", _column(column))
            except CallRefusedError as error:
                if not error.exists_already:
                    raise

    async def _copy(self, site: str, library: Library, content_type: str) -> None:
        path = f"/sites/{site}/lists/{library.id}/contentTypes/addCopyFromContentTypeHub"
        await self._graph.call("POST", path, {"contentTypeId": content_type})

    async def _being_copied(self, site: str, library: Library) -> bool:
        found = await self._graph.all(f"/sites/{site}/lists/{library.id}/operations")
        return any(one.get("status") in AT_WORK for one in found)


def _library(answer: Mapping[str, Any]) -> Library:
    return Library(str(answer["id"]), str(answer["name"]), str(answer["displayName"]), str(answer["webUrl"]))


def _column(column: Column) -> dict[str, Any]:
    kinds: Mapping[ColumnType, dict[str, Any]] = {
        ColumnType.TEXT: {"text": {"allowMultipleLines": False, "maxLength": 255}},
        ColumnType.CHOICE: {
            "choice": {"choices": list(column.choices), "displayAs": "dropDownMenu", "allowTextEntry": False}
        },
        ColumnType.DATE: {"dateTime": {"displayAs": "standard", "format": "dateOnly"}},
        ColumnType.PERSON: {
            "personOrGroup": {"allowMultipleSelection": False, "chooseFromType": "peopleOnly"}
        },
    }
    return {
        "name": column.name,
        "displayName": column.title,
        "required": column.required,
        **kinds[column.type],
    }
