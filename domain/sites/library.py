"""Libraries as data: what a city's kinds of document have for columns, views and sets. No folders.

Read from `organisation/libraries.yaml`; provisioning builds from these.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.sites.policy import Wording

DOCUMENT_SET = "0x0120D520"
"""The content type of Microsoft's own document set."""
ME = "[Me]"
"""In a filter on a person: whoever looks."""


class ColumnType(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the internal name, letters and digits only, the same for ever; `title` is what people read."""

    name: str
    title: str
    type: ColumnType
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sort:
    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Shows the documents whose column has `value`, or with `equal` false those where it differs."""

    column: str
    value: str
    equal: bool = True


@dataclass(frozen=True, slots=True)
class LibraryView:
    """`columns` are internal names: of the template, or SharePoint's own `LinkFilename`, `Modified` and `Editor`."""

    title: str
    columns: tuple[str, ...]
    sort: tuple[Sort, ...] = ()
    group_by: str | None = None
    filter: Filter | None = None


@dataclass(frozen=True, slots=True)
class DocumentSet:
    """What belongs together in the library, such as one issue of a magazine. `columns` are filled in once, for all
    the documents in it. `example` is how one is called."""

    name: str
    description: str
    columns: tuple[str, ...]
    example: str
    content_type_id: str = DOCUMENT_SET


@dataclass(frozen=True, slots=True)
class RetentionLabel:
    """`id` is the number in the city's record schedule, `name` the label as it is called in Microsoft Purview.

    `years` is None for what is kept for ever; `transfer` says that it goes to the archive and is not destroyed.
    """

    id: str
    name: str
    years: int | None
    transfer: bool = False


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """`default` is the name of the label for what nobody chose another one for; None keeps no label."""

    labels: tuple[RetentionLabel, ...] = ()
    default: str | None = None


@dataclass(frozen=True, slots=True)
class LibraryTemplate:
    """`url_name` is the library's part of its web address. `retention_label` is a label's name, for all that is put
    in it; None leaves it to what was chosen for the site. `classification` is the lowest a site may have to get it:
    personnel files are not for a site with guests."""

    id: str
    name: Wording
    description: Wording
    url_name: str
    columns: tuple[Column, ...]
    views: tuple[LibraryView, ...]
    document_set: DocumentSet | None
    retention_label: str | None
    classification: int = 1
