"""Tickets that were not needed: what was found while one was being written is counted."""

from __future__ import annotations

from enum import StrEnum

from domain.actor import Actor
from domain.helpdesk.models import DeflectionRow
from domain.helpdesk.rules import Kind
from domain.tables import new_id
from domain.unit import Unit


class Helped(StrEnum):
    """What was enough instead of a ticket."""

    TIP = "tip"
    DIGICOACH = "digicoach"
    MAJOR = "major"  # the trouble is known, and the person follows it


async def count_deflection(
    unit: Unit, actor: Actor, form_id: str, kind: Kind, helped: Helped, subject: str
) -> bool:
    """The actor left a form because something else helped; `subject` is which tip, digicoach or ticket.

    One form counts once, whatever is pressed on it. True when it is counted now.
    """
    row = {
        "id": new_id(),
        "person_id": actor.id,
        "team_id": actor.team_id,
        "kind": kind.value,
        "by": helped.value,
        "subject": subject[:100],
        "form_id": form_id,
        "at": unit.now,
    }
    return await unit.insert_new(DeflectionRow, row)
