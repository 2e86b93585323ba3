"""What tickets a list is of, as conditions of statements that are built once."""

from __future__ import annotations

import operator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam

from domain.helpdesk.models import tickets
from domain.helpdesk.rules import Kind, State


@dataclass(frozen=True, slots=True)
class Filter:
    """What a ticket has to be; None is anything. A moment `…_to` is not itself in the list, one `…_from` is."""

    kind: Kind | None = None
    state: State | None = None
    category: str | None = None
    group_id: str | None = None
    team_id: str | None = None
    requester_id: str | None = None
    assignee_id: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    updated_from: datetime | None = None

    def given(self) -> dict[str, Any]:
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in values if value is not None}


_MOMENTS = {"created_from": "created_at", "created_to": "created_at", "updated_from": "updated_at"}


def fits(name: str) -> ColumnElement[bool]:
    """That one thing of the filter is as the parameter of its name says."""
    column = tickets.c[_MOMENTS.get(name, name)]
    compare = operator.lt if name.endswith("_to") else operator.ge if name in _MOMENTS else operator.eq
    is_so: ColumnElement[bool] = compare(column, bindparam(name))
    return is_so
