"""Views of libraries. SharePoint makes a second view of the same title when asked twice, so look before each."""

from __future__ import annotations

from collections import Counter
from xml.sax.saxutils import escape, quoteattr

from adapters.sharepoint.client import SharePointRest
from domain.sites.library import ME, Column, ColumnType, Filter, LibraryTemplate, LibraryView

ROWS = 30
_FIRST = ("DocIcon", "LinkFilename")
"""What every view starts with: the kind of document and its name."""


class Views:
    def __init__(self, rest: SharePointRest) -> None:
        self._rest = rest

    async def make(self, url: str, list_id: str, template: LibraryTemplate) -> None:
        """Add the views that are not there. The first of the template is what people see first."""
        for position, view in enumerate(template.views):
            if (await self.titles(url, list_id))[view.title]:
                continue
            parameters = {
                "Title": view.title,
                "ViewFields": {"results": list(dict.fromkeys((*_FIRST, *view.columns)))},
                "Query": query(view, template.columns),
                "RowLimit": ROWS,
                "Paged": True,
                "SetAsDefaultView": position == 0,
            }
            await self._rest.post(f"{_views(url, list_id)}/add", {"parameters": parameters})

    async def titles(self, url: str, list_id: str) -> Counter[str]:
        """How many views there are of each title."""
        found = await self._rest.get(f"{_views(url, list_id)}?$select=Title")
        return Counter(str(view["Title"]) for view in found.get("value", ()))


def query(view: LibraryView, columns: tuple[Column, ...]) -> str:
    """Sorting, grouping and filtering, in SharePoint's query language. Empty when the view does none."""
    types = {column.name: column.type for column in columns}
    parts = []
    if view.group_by:
        parts.append(f'<GroupBy Collapse="FALSE" GroupLimit="{ROWS}">{_field(view.group_by)}</GroupBy>')
    if view.sort:
        fields = "".join(_field(sort.column, descending=sort.descending) for sort in view.sort)
        parts.append(f"<OrderBy>{fields}</OrderBy>")
    if view.filter:
        parts.append(f"<Where>{_where(view.filter, types.get(view.filter.column))}</Where>")
    return "".join(parts)


def _where(wanted: Filter, kind: ColumnType | None) -> str:
    if wanted.value == ME:
        value = '<Value Type="Integer"><UserID/></Value>'
    else:
        name = {ColumnType.CHOICE: "Choice", ColumnType.DATE: "DateTime"}.get(kind or ColumnType.TEXT, "Text")
        value = f'<Value Type="{name}">{escape(wanted.value)}</Value>'
    compare = "Eq" if wanted.equal else "Neq"
    return f"<{compare}>{_field(wanted.column)}{value}</{compare}>"


def _field(name: str, *, descending: bool = False) -> str:
    order = ' Ascending="FALSE"' if descending else ""
    return f"<FieldRef Name={quoteattr(name)}{order}/>"


def _views(url: str, list_id: str) -> str:
    return f"{url}/_api/web/lists(guid'{list_id}')/views"
