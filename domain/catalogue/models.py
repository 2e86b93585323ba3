"""What was ordered. An order is a ticket of the kind request with what the form asked; it hangs on the ticket's id."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


class OrderRow(Table):
    """The item as it was when it was ordered: the catalogue may change, what was asked and promised does not."""

    __tablename__ = "orders"

    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(60))
    item_name: Mapped[str] = mapped_column(String(120))
    requester_id: Mapped[str] = mapped_column(String(100))
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """`{field, type, label, value, text}` for each field that was asked, in order."""
    needs_approval: Mapped[bool]
    delivery_days: Mapped[int]
    due_on: Mapped[date | None]
    """The day by which it is there, counted from the order or its approval; None when that has not been given."""

    __table_args__ = (Index("ix_orders_requester", "requester_id", "ticket_id"),)


class ItemCountRow(Table):
    """How often each item was ordered, so that nobody has to count the orders."""

    __tablename__ = "catalogue_counts"

    item_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    ordered: Mapped[int]
