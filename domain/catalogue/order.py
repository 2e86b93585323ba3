"""An order as everybody reads it: the ticket it is, what was answered, and by when it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.catalogue.item import FieldType
from domain.catalogue.rules import Answer


@dataclass(frozen=True, slots=True)
class Order:
    """`due_on` is None as long as an approval has not been given. `delivery_days` are working days."""

    ticket_id: str
    item_id: str
    item_name: str
    requester_id: str
    answers: tuple[Answer, ...]
    needs_approval: bool
    delivery_days: int
    due_on: date | None


def write_answers(answers: Sequence[Answer]) -> list[dict[str, str]]:
    return [
        {
            "field": answer.field_id,
            "type": answer.type.value,
            "label": answer.label,
            "value": answer.value,
            "text": answer.text,
        }
        for answer in answers
    ]


def read_answers(kept: Sequence[Mapping[str, Any]]) -> tuple[Answer, ...]:
    return tuple(
        Answer(one["field"], FieldType(one["type"]), one["label"], one["value"], one["text"]) for one in kept
    )
