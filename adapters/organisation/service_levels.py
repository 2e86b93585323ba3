"""`service_levels.yaml`: within how much working time the desk reacts, and solves it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from adapters.organisation.calendar import CALENDAR
from adapters.organisation.files import Shape, read, wrong
from domain.helpdesk.policy import Priority
from domain.helpdesk.rules import Kind
from domain.service_levels.policy import ServiceLevels, Targets, fingerprint_of

SERVICE_LEVELS = "service_levels.yaml"

Duration = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}[hm]$")]


class TargetsShape(Shape):
    response: Duration
    resolution: Duration | None = None


class Priorities(Shape):
    critical: TargetsShape
    high: TargetsShape
    normal: TargetsShape
    low: TargetsShape


class Kinds(Shape):
    incident: Priorities
    request: Priorities
    change: Priorities


class ServiceLevelsFile(Shape):
    warn_at: int = Field(ge=1, le=99)
    targets: Kinds


def load_service_levels(folder: Path) -> ServiceLevels:
    path = folder / SERVICE_LEVELS
    file = read(path, ServiceLevelsFile)
    targets = {
        kind: {
            priority: _targets(path, kind, priority, getattr(file.targets, kind.value))
            for priority in Priority
        }
        for kind in Kind
    }
    calendar = (folder / CALENDAR).read_text("utf-8")
    return ServiceLevels(targets, file.warn_at, fingerprint_of(file.model_dump_json(), calendar))


def _targets(path: Path, kind: Kind, priority: Priority, shapes: Priorities) -> Targets:
    word = priority.name.lower()
    shape: TargetsShape = getattr(shapes, word)
    targets = Targets(_time(shape.response), _time(shape.resolution) if shape.resolution else None)
    if targets.response and targets.resolution and targets.response > targets.resolution:
        field = ("targets", kind.value, word, "response")
        raise wrong(path, field, "It would be solved before anybody reacts")
    return targets


def _time(text: str) -> timedelta:
    return timedelta(**{"hours" if text[-1] == "h" else "minutes": int(text[:-1])})
